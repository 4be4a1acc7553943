"""Changes where a turn stands: submitted, skipped, opened again, its lease renewed. A person's own verdicts it never
changes; what a submission says in their stead it keeps in step with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.labels.guidelines import worked_by
from apps.labels.judged import (
    WITHOUT_VERDICTS,
    Level,
    check_ending,
    finish_of,
    first_bad,
    implied,
    missing,
    missing_of_levels,
)
from apps.labels.models import Assignment, AssignmentChange, Label
from apps.labels.said import storable_reason, storable_seconds
from apps.labels.turn_reading import Mode, OwnWords, branch_of, judged_numbers, levels_of, own_steps, own_words

State, Finish = Assignment.State, Assignment.Finish
# By state, what a turn adds to its task's counts of taken and submitted turns.
COUNTS = {State.OPEN: (1, 0), State.SUBMITTED: (1, 1), State.SKIPPED: (0, 0)}

# The counts by which the next task is found change in the statement that changes the turn and writes it down. What was
# said at the end of a turn that is opened again stays in its row, so that its page can offer it.
CHANGE = """
    WITH task AS (
        UPDATE labels_labeltask SET taken = taken + %(taken)s, submitted = submitted + %(submitted)s
        WHERE id = %(task)s
    ), turn AS (
        UPDATE labels_assignment SET state = %(state)s,
            finish = CASE WHEN %(state)s = 'open' THEN finish ELSE %(finish)s END,
            reason = CASE WHEN %(state)s = 'open' THEN reason ELSE %(reason)s END,
            progress = CASE WHEN %(state)s = 'open' THEN progress ELSE %(progress)s END,
            seconds = COALESCE(%(seconds)s, seconds), ended_at = %(ended_at)s,
            lease_until = CASE WHEN %(state)s = 'open' THEN now() + make_interval(secs => %(lease_s)s)
                ELSE lease_until END
        WHERE id = %(assignment)s
    )
    INSERT INTO labels_assignmentchange (assignment_id, client_uuid, state, finish, reason, progress, seconds,
        made_by_id, created_at)
    VALUES (%(assignment)s, %(client_uuid)s, %(state)s, %(finish)s, %(reason)s, %(progress)s, %(seconds)s,
        %(labeller)s, now())
"""
RENEW = """
    UPDATE labels_assignment turn SET lease_until = now() + make_interval(secs => queue.lease_s)
    FROM labels_labeltask task, labels_labelqueue queue, accounts_labeller labeller
    WHERE turn.id = %(turn)s AND task.id = turn.task_id AND queue.id = task.queue_id AND queue.team_id = %(team)s
        AND labeller.id = turn.labeller_id AND labeller.user_id = %(user)s AND turn.state = 'open'
"""


@transaction.atomic
def change_turn(
    *,
    team: Team,
    user: User,
    assignment: int,
    client_uuid: UUID,
    state: str,
    finish: str = "",
    reason: str = "",
    progress: int | None = None,
    seconds: float | None = None,
) -> None:
    """Submit, skip or open again a person's own turn; the same client_uuid again changes nothing more.

    finish: how a submitted one ended, else found out from the verdicts; seconds: time spent on it in all, None where it
    stays as it was. Raises Http404 for a turn that is not theirs; Refused where something is still to be judged (409,
    code not-finished, with the numbers in `missing`), where the ending lacks a word or contradicts the verdicts, and
    for a client_uuid that was used for something else (409).
    """
    turn = _locked(team, user, assignment)
    reason, seconds = storable_reason(reason), storable_seconds(seconds)
    if _delivered_before(turn, client_uuid, state):
        return
    if state == State.SKIPPED and not reason:
        found = "Expected a reason for skipping; found none. Say in a sentence why somebody else should judge it."
        raise Refused(found, code="no-reason", status=409, fields={"reason": found})
    words = own_words(turn.task.run_id, turn.labeller_id)
    said = {number: own.verdict for number, own in words.items()}
    order = judged_numbers(turn.task.queue, branch_of(turn.task.run_id, turn.task.number))
    if state == State.SUBMITTED:
        finish = _checked_finish(turn, order, words, said, finish=finish, reason=reason, progress=progress)
    elif finish or progress is not None:
        found = (
            f"Expected neither finish nor progress of a turn that is to be {state!r}; only a submitted one has them."
        )
        raise Refused(found, code="bad-ending", status=409, fields={"finish" if finish else "progress": found})
    _store(turn, client_uuid, state=state, finish=finish, reason=reason, progress=progress, seconds=seconds)
    stand_in = frozenset(number for number in order if number in words and words[number].stood_in)
    _stand_in(turn, client_uuid, implied(turn.task.queue.mode, state, finish, order, said, stand_in))


@transaction.atomic
def imply_again(*, assignment: int, client_uuid: UUID) -> None:
    """After a label that came to a submitted turn: let stand what would, had it been said before the submission.

    Of the first error alone, where other steps follow from it: what is implied, and whether one was found. Does nothing
    to any other turn, and nothing the second time. client_uuid: the label's, from which those of new rows are made.
    """
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("task__queue__guideline", "labeller__user")
    turn = rows.get(pk=assignment)
    mode, run = turn.task.queue.mode, turn.task.run_id
    if mode != Mode.FIRST_ERROR or turn.state != State.SUBMITTED or turn.finish in WITHOUT_VERDICTS:
        return
    order = judged_numbers(turn.task.queue, branch_of(run, turn.task.number))
    words = own_words(run, turn.labeller_id, order)
    said = {number: own.verdict for number, own in words.items()}
    finish = finish_of("", order, said)
    if finish != turn.finish:
        kept = {"reason": turn.reason, "progress": turn.progress, "seconds": turn.seconds, "ended_at": turn.ended_at}
        _store(turn, uuid5(client_uuid, "finish"), state=turn.state, finish=finish, **kept)
    stand_in = frozenset(number for number, own in words.items() if own.stood_in)
    _stand_in(turn, client_uuid, implied(mode, turn.state, finish, order, said, stand_in))


def renew_lease(*, team: Team, user: User, assignment: int) -> None:
    """Keep a person's open turn for another lease; one that is not open stays as it is. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, {"turn": assignment, "team": team.pk, "user": user.pk})


def _locked(team: Team, user: User, assignment: int) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("task__queue__guideline", "labeller")
    turn = rows.filter(pk=assignment, task__queue__team=team, labeller__user=user).first()
    if turn is None:
        raise Http404
    return turn


def _delivered_before(turn: Assignment, client_uuid: UUID, state: str) -> bool:
    """Whether this very change was stored. Refuses where the uuid stands for another."""
    found = AssignmentChange.objects.filter(client_uuid=client_uuid).first()
    if found is not None and (found.assignment_id, found.state) != (turn.pk, state):
        message = f"The change {client_uuid} was stored with another turn or state. Send a new uuid."
        raise Refused(message, code="other-change", status=409, fields={"client_uuid": "Expected one not used before."})
    return found is not None


def _checked_finish(
    turn: Assignment,
    order: list[int],
    words: Mapping[int, OwnWords],
    said: Mapping[int, str],
    *,
    finish: str,
    reason: str,
    progress: int | None,
) -> str:
    """How the turn ends. Refuses where steps are missing or the ending does not fit."""
    mode = turn.task.queue.mode
    if mode == Mode.PHASE_ONE:
        levels = _levels(turn, words)
        reached = not levels[-1].options or levels[-1].has_own_step
        finish = finish or (Finish.SOLUTION if reached else Finish.FOUND_ERROR)
        left = missing_of_levels(finish, levels, said)
    else:
        finish = finish_of(finish, order, said)
        left = missing(mode, finish, order, said)
    if left:
        some = ", ".join(map(str, left[:10])) + (" and others" if len(left) > 10 else "")
        message = f"Expected a verdict on every step this mode asks for; {len(left)} have none yet: {some}."
        raise Refused(message, code="not-finished", status=409, also={"missing": left})
    check_ending(mode, finish, reason, progress, first_bad(order, said))
    return finish


def _levels(turn: Assignment, words: Mapping[int, OwnWords]) -> list[Level]:
    run = turn.task.run_id
    written = {row.parent for row in own_steps(run, turn.labeller_id)}
    found = levels_of(run, turn.task, words, with_text=False)
    return [Level(parent, tuple(one.number for one in options), parent in written) for parent, options in found]


def _store(turn: Assignment, client_uuid: UUID, *, state: str, **ending: Any) -> None:
    """ending: finish, reason, progress and seconds; ended_at where it did not end now."""
    before, after = COUNTS[State(turn.state)], COUNTS[State(state)]
    given = {
        "ended_at": None if state == State.OPEN else timezone.now(),
        **ending,
        "assignment": turn.pk,
        "task": turn.task_id,
        "labeller": turn.labeller_id,
        "client_uuid": client_uuid,
        "state": state,
        "lease_s": turn.task.queue.lease_s,
        "taken": after[0] - before[0],
        "submitted": after[1] - before[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, given)


def _stand_in(turn: Assignment, client_uuid: UUID, verdicts: Mapping[int, str]) -> None:
    """Store what is implied, each row marked as such; no row of the person's own is followed by it."""
    if not verdicts:
        return
    user, guideline = turn.labeller.user, turn.task.queue.guideline
    version = worked_by(user, guideline) if user is not None and guideline is not None else None
    place = {"team_id": turn.task.queue.team_id, "run_id": turn.task.run_id, "labeller_id": turn.labeller_id}
    Label.objects.bulk_create(
        Label(
            **place,
            number=number,
            verdict=verdict,
            client_uuid=uuid5(client_uuid, str(number)),
            assignment=turn,
            guideline_version=version,
            scores_in_view=False,
            extra={"implied": True},
            created_at=timezone.now(),
        )
        for number, verdict in verdicts.items()
    )
