"""Stores one label by one statement, which finds its step, its turn and what it follows; it decides no right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from apps.common.errors import Refused
from apps.common.lookups import prepared_cursor
from apps.labels.models import Label
from apps.labels.said import NONE_BEFORE, Said
from apps.labels.turn_changes import imply_again

# What the labeller said of the step last. What a submission said in their stead (implied) is passed over: a page that
# was offline cannot know of it.
LATEST = """
    SELECT before.client_uuid FROM labels_label before
    WHERE before.run_id = step.run_id AND before.number = step.number AND before.labeller_id = labeller.id
        AND NOT before.extra ? 'implied'
    ORDER BY before.id DESC LIMIT 1
"""
ANYWHERE = """
    FROM runs_step step JOIN runs_run run ON run.id = step.run_id
    JOIN accounts_labeller labeller ON labeller.id = %(labeller)s AND labeller.team_id = run.team_id
    WHERE run.team_id = %(team)s AND step.run_id = %(run)s AND step.number = %(number)s
"""
# A turn shows the branch of its task, beside it the alternatives where the mode has any, and in phase one what follows
# the task's step. A parent's number is smaller than its child's, so that the way up ends early: it goes from the
# task's step to the judged one or to one beside it; in phase one from the judged step to where the task begins.
# The turn is looked up on its own, by its id: with all tables in one list, planning took five times as long as storing,
# and could begin with every run of the team.
IN_TURN = """
    FROM (
        SELECT assignment.id, assignment.labeller_id, task.queue_id, task.run_id, task.number
        FROM labels_assignment assignment JOIN labels_labeltask task ON task.id = assignment.task_id
        JOIN runs_run run ON run.id = task.run_id AND run.team_id = %(team)s
        WHERE assignment.id = %(turn)s OFFSET 0
    ) turn
    JOIN labels_labelqueue queue ON queue.id = turn.queue_id AND queue.team_id = %(team)s
    JOIN accounts_labeller labeller ON labeller.id = turn.labeller_id AND labeller.user_id = %(user)s
    JOIN runs_step step ON step.run_id = turn.run_id AND step.number = %(number)s
    WHERE EXISTS (
        WITH RECURSIVE up (number, parent) AS (
            SELECT above.number, above.parent FROM runs_step above
            WHERE above.run_id = turn.run_id
                AND above.number = CASE queue.mode WHEN 'phase-one' THEN step.number ELSE turn.number END
            UNION ALL
            SELECT above.number, above.parent FROM up JOIN runs_step above ON above.number = up.parent
            WHERE above.run_id = turn.run_id
                AND up.parent > CASE queue.mode WHEN 'phase-one' THEN turn.number ELSE step.parent END
        )
        SELECT FROM up
        WHERE CASE queue.mode
            WHEN 'phase-one' THEN up.parent = turn.number
            WHEN 'first-error' THEN up.number = step.number
            ELSE up.parent = step.parent
        END)
"""
# As guidelines.worked_by: the newest version of the queue's guideline with none that the person owes up to it.
WORKED_BY = """(
    SELECT version.id FROM labels_guidelineversion version
    WHERE version.guideline_id = queue.guideline_id AND NOT EXISTS (
        SELECT FROM labels_guidelineversion owed
        WHERE owed.guideline_id = version.guideline_id AND owed.must_read AND owed.number <= version.number
        AND owed.number > COALESCE((
            SELECT max(seen.number) FROM labels_guidelinereading reading
            JOIN labels_guidelineversion seen ON seen.id = reading.version_id
            WHERE seen.guideline_id = queue.guideline_id AND reading.user_id = labeller.user_id), 0))
    ORDER BY version.number DESC LIMIT 1)
"""


def _insert(turn: str, guideline: str, place: str, submitted: str) -> str:
    """The statement that stores a label at a place; it tells whether the turn is submitted, from which more may follow.

    The step is looked up by the statement that stores the label, so neither can be without the other. Of two that
    follow the same label at one moment both see it as the latest, and the index one_label_follows_another lets one in.
    """
    return f"""
        INSERT INTO labels_label (team_id, run_id, number, labeller_id, verdict, reason, client_uuid, replaces,
            assignment_id, guideline_version_id, scores_in_view, prelabel, flagged, chosen, critique, seconds, extra,
            created_at)
        SELECT %(team)s, step.run_id, step.number, labeller.id, %(verdict)s, %(reason)s, %(client_uuid)s,
            %(replaces)s, {turn}, {guideline}, %(scores_in_view)s, %(prelabel)s, %(flagged)s, %(chosen)s, %(critique)s,
            %(seconds)s, '{{}}', %(created_at)s
        {place}
        AND (%(replaces)s::uuid IS NULL OR %(replaces)s::uuid = COALESCE(({LATEST}), %(none_before)s::uuid))
        ON CONFLICT DO NOTHING
        RETURNING id, run_id, labeller_id, {submitted}
    """


SUBMITTED = """(
    SELECT mine.state = 'submitted' FROM labels_assignment mine WHERE mine.id = labels_label.assignment_id)
"""
INSERT_ANYWHERE = _insert("NULL", "NULL", ANYWHERE, "false")
INSERT_IN_TURN = _insert("turn.id", WORKED_BY, IN_TURN, SUBMITTED)
PLACE_ANYWHERE = f"SELECT 0, step.run_id, labeller.id, false {ANYWHERE}"
# Of a label that was sent before nobody knows whether what follows from it was stored too.
PLACE_IN_TURN = f"SELECT 0, step.run_id, labeller.id, true {IN_TURN}"


def store_anywhere(
    *, team: int, labeller: int, run: int, number: int, said: Said, scores_in_view: bool | None
) -> Label | None:
    """Store what a labeller says of a step, in no turn; None where no run of the team has the step.

    One query; the same client_uuid again gives the stored label. Raises Refused for a client_uuid that was used for
    something else (409), and where another label came between (412, code other-tab, with `theirs`).
    """
    label = _label(said, team=team, number=number, scores_in_view=scores_in_view)
    place = {"team": team, "labeller": labeller, "run": run, "number": number}
    return _stored(INSERT_ANYWHERE, PLACE_ANYWHERE, place, label)[0]


def store_in_turn(*, team: int, user: int, turn: int, number: int, said: Said) -> Label | None:
    """Store what a person says of a step in their own turn; None where it is not theirs or does not show the step.

    As store_anywhere. Scores are never in view here; the version of the guideline is the one that the person works by:
    guidelines.worked_by. What was judged late is judged, whatever the turn's state and lease; if it was submitted, what
    its submission implies follows the new label.
    """
    label = _label(said, team=team, number=number, scores_in_view=False)
    label.assignment_id = turn
    place = {"team": team, "user": user, "turn": turn, "number": number}
    stored, may_imply = _stored(INSERT_IN_TURN, PLACE_IN_TURN, place, label)
    if stored is not None and may_imply:
        imply_again(assignment=turn, client_uuid=stored.client_uuid)
    return stored


def _label(said: Said, *, team: int, number: int, scores_in_view: bool | None) -> Label:
    return Label(
        team_id=team,
        number=number,
        verdict=said.verdict,
        reason=said.reason,
        client_uuid=said.client_uuid,
        replaces=said.replaces,
        scores_in_view=scores_in_view,
        prelabel=said.prelabel,
        flagged=said.flagged,
        chosen=said.chosen,
        critique=said.critique,
        seconds=said.seconds,
        created_at=timezone.now(),
    )


SAID = (
    "verdict", "reason", "client_uuid", "replaces", "scores_in_view", "prelabel", "flagged", "chosen", "critique",
    "seconds", "created_at",
)  # fmt: skip


def _stored(insert: str, find_place: str, place: Mapping[str, int], label: Label) -> tuple[Label | None, bool]:
    """Insert the label; where that did nothing, find out why: no such place, sent before, or another came between.

    Beside it whether something may follow from it, its turn being submitted.
    """
    given = {name: getattr(label, name) for name in SAID}
    with prepared_cursor() as cursor:
        cursor.execute(insert, {**place, **given, "none_before": NONE_BEFORE})
        row = cursor.fetchone()
        if row is None:
            cursor.execute(find_place, place)
            row = cursor.fetchone()
    if row is None:
        return None, False
    label.pk, label.run_id, label.labeller_id, may_imply = row
    if label.pk:
        return label, may_imply
    found = _delivered_before(label)
    if found is None:
        raise _other_tab(label)
    return found, may_imply


def _delivered_before(label: Label) -> Label | None:
    """The label stored under this client_uuid, None where there is none. Refuses where it says something else."""
    stored = Label.objects.select_related("labeller__user")
    found = stored.filter(team=label.team_id, client_uuid=label.client_uuid).first()
    same = ("labeller_id", "run_id", "number", "verdict")
    if found is not None and any(getattr(found, name) != getattr(label, name) for name in same):
        message = f"The label {label.client_uuid} was stored with another step, verdict or labeller. Send a new uuid."
        raise Refused(message, code="other-label", status=409, fields={"client_uuid": "Expected one not used before."})
    return found


def _other_tab(label: Label) -> Refused:
    """The refusal of a label that follows one which is no longer the latest; it carries the latest."""
    rows = Label.objects.filter(run_id=label.run_id, number=label.number, labeller_id=label.labeller_id)
    latest = rows.exclude(extra__has_key="implied").order_by("-id").first()
    message = (
        f"Step {label.number} was judged by you in another place since this page last heard of it. Look at both and "
        "send the one that shall stand, as following the stored one."
    )
    theirs = latest and own_label_as_json(latest)
    return Refused(message, code="other-tab", status=412, also={"theirs": theirs})


def own_label_as_json(label: Label) -> dict[str, Any]:
    """A label as its own labeller's page knows it."""
    return {
        "number": label.number,
        "verdict": label.verdict,
        "client_uuid": str(label.client_uuid),
        "reason": label.reason,
        "flagged": label.flagged,
        "critique": label.critique,
        "chosen": label.chosen,
        "seconds": label.seconds,
        "at": label.created_at.isoformat(),
    }
