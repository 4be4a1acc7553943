"""A turn as its person's page knows it, and what it shows; it never tells what a labeller must not see.

Of a turn nobody learns here whether its task is gold, nor scores, other people's words, or which answer is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.http import Http404

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, Label, LabelQueue
from apps.labels.prelabels import prelabels_of
from apps.labels.queue_progress import left_for
from apps.labels.turn_reading import (
    WITH_ALTERNATIVES,
    Mode,
    OwnWords,
    Shown,
    branch_of,
    children_of,
    judged_numbers,
    levels_of,
    own_step_rows,
    own_words,
    standing_own_steps,
    turn_of,
)

NOTHING_SAID = OwnWords()
MOST_COUNTED = 1_000
"""Tasks left are counted up to here; a person asks for how many before every task."""

STANDING = """
    SELECT (SELECT count(*) FROM labels_assignment turn JOIN labels_labeltask task ON task.id = turn.task_id
            WHERE turn.labeller_id = %(labeller)s AND turn.state = 'submitted' AND task.queue_id = %(queue)s),
        (SELECT count(*) FROM labels_assignment turn JOIN labels_labeltask task ON task.id = turn.task_id
            WHERE turn.labeller_id = %(labeller)s AND turn.state = 'open' AND task.queue_id = %(queue)s),
        (SELECT count(*) FROM (
            SELECT FROM labels_labeltask task
            WHERE task.queue_id = %(queue)s AND task.kind = 'normal' AND task.taken < task.wanted AND NOT EXISTS (
                SELECT FROM labels_assignment turn WHERE turn.task_id = task.id AND turn.labeller_id = %(labeller)s)
            LIMIT %(most)s) still),
        (SELECT max(number) FROM labels_guidelineversion WHERE guideline_id = %(guideline)s)
"""


def own_turn(team: Team, user: User, assignment: int) -> Assignment:
    """A person's own turn. Raises Http404 for every other, as if there were none."""
    turn = turn_of(team.pk, assignment)
    if turn is None or turn.labeller.user_id != user.pk:
        raise Http404
    return turn


def turn_for(team: Team, user: User, assignment: int, *, may_settle: bool) -> Assignment:
    """A turn that the person may look at: their own, and with the right to settle those of others, but for steps that
    they are judging themselves at present. Raises Http404 for every other."""
    turn = turn_of(team.pk, assignment)
    if turn is None:
        raise Http404
    if turn.labeller.user_id == user.pk:
        return turn
    same_run = Assignment.objects.filter(task__run=turn.task.run_id, labeller__user=user)
    if not may_settle or same_run.filter(state=Assignment.State.OPEN).exists():
        raise Http404
    return turn


def turn_as_json(turn: Assignment) -> dict[str, Any]:
    """A turn with its problem, its steps and what its labeller said of them; seven queries at most, whatever its size.

    steps: the branch, by number; judge is false for what only leads there. Every step but in phase one and first error
    has alternative_numbers; phase two has the alternatives themselves, phase one levels instead. own_steps: those that
    stand; own_chain: every row of them, oldest first, as undo needs it.
    """
    queue, task = turn.task.queue, turn.task
    branch = branch_of(task.run_id, task.number)
    judged = set(judged_numbers(queue, branch))
    beside = _alternatives(queue, branch, judged, task.run_id)
    levels: list[tuple[int, list[Shown]]] = []
    if queue.mode == Mode.PHASE_ONE:
        words = own_words(task.run_id, turn.labeller_id)
        levels = levels_of(task.run_id, task, words, with_text=True)
    else:
        words = own_words(task.run_id, turn.labeller_id, [*judged, *_numbers(beside.values())])
    to_judge = [*judged, *_numbers(beside.values()), *_numbers(options for _, options in levels)]
    proposed = prelabels_of(queue, task.run_id, to_judge)
    shown: dict[str, Any] = {
        **turn_head(turn),
        "problem": {"statement": task.run.problem.statement, "answer": task.run.problem.answer},
        "run": task.run_id,
        "from": task.number if queue.mode == Mode.PHASE_ONE else 0,
        "steps": [],
        **_written(task.run_id, turn.labeller_id),
    }
    for step in branch:
        row = step_as_json(step, words, proposed, judge=step.number in judged)
        if step.number in judged and queue.mode in WITH_ALTERNATIVES:
            others = [one for one in beside.get(step.parent, []) if one.number != step.number]
            row["alternative_numbers"] = [one.number for one in others]
            row["alternatives"] = steps_as_json(others, words, proposed) if queue.mode == Mode.PHASE_TWO else []
        shown["steps"].append(row)
    if queue.mode == Mode.PHASE_ONE:
        shown["levels"] = [
            {"parent": parent, "steps": steps_as_json(options, words, proposed)} for parent, options in levels
        ]
    return shown


def turn_head(turn: Assignment) -> dict[str, Any]:
    """Where a turn stands, without its steps; one query.

    done: turns the person submitted in the queue; open: those they have in hand; left: tasks they can still get, null
    beyond MOST_COUNTED.
    """
    queue = turn.task.queue
    given = {"labeller": turn.labeller_id, "queue": queue.pk, "guideline": queue.guideline_id}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {**given, "most": MOST_COUNTED + 1})
        done, in_hand, left, version = cursor.fetchone()
    if queue.gold_share or queue.screening_pass is not None:
        # Counted with the gold that will come: what does not go down after a turn would tell that it was gold.
        left = left_for(queue, turn.labeller, MOST_COUNTED + 1)
    guideline = queue.guideline and {"id": queue.guideline.pk, "name": queue.guideline.name, "number": version}
    about = ("name", "mode", "unit", "state", "lease_s")
    return {
        "id": turn.pk,
        "state": turn.state,
        "finish": turn.finish,
        "reason": turn.reason,
        "progress": turn.progress,
        "seconds": turn.seconds,
        "lease_until": turn.lease_until.isoformat(),
        "queue": {"id": queue.pk, **{name: getattr(queue, name) for name in about}},
        "guideline": guideline,
        "done": done,
        "open": in_hand,
        "left": None if left > MOST_COUNTED else left,
    }


def alternatives_as_json(turn: Assignment, *, parent: int, besides: int) -> list[dict[str, Any]]:
    """What stands below a step of the turn's run (0: the question), but for one of these; by number, three queries."""
    run = turn.task.run_id
    found = [one for one in children_of(run, [parent], with_text=True).get(parent, []) if one.number != besides]
    numbers = [one.number for one in found]
    words = own_words(run, turn.labeller_id, numbers)
    return steps_as_json(found, words, prelabels_of(turn.task.queue, run, numbers))


def steps_as_json(
    steps: Iterable[Shown], words: Mapping[int, OwnWords], proposed: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Steps that are to be judged, as turns show them."""
    return [step_as_json(step, words, proposed, judge=True) for step in steps]


def step_as_json(
    step: Shown, words: Mapping[int, OwnWords], proposed: Mapping[int, str], *, judge: bool
) -> dict[str, Any]:
    """A step as a turn shows it. mine: what the reader says of it now, null where nothing; chain: all they said of it,
    oldest first."""
    row = {"number": step.number, "parent": step.parent, "depth": step.depth, "text": step.text, "judge": judge}
    if not judge:
        return row
    said = words.get(step.number, NOTHING_SAID).rows
    says_something = said and (said[-1].verdict or said[-1].flagged or said[-1].critique or said[-1].chosen is not None)
    return {
        **row,
        "alternatives": [],
        "prelabel": proposed.get(step.number),
        "mine": {**_link(said[-1]), "reason": said[-1].reason, "seconds": said[-1].seconds} if says_something else None,
        "chain": [_link(label) for label in said],
    }


def _link(label: Label) -> dict[str, Any]:
    """A row of the reader's own, as undo needs it; `at` puts the rows of several steps in order, `turn` is the one it
    was given in, null where it was none."""
    return {
        "client_uuid": str(label.client_uuid),
        "verdict": label.verdict,
        "flagged": label.flagged,
        "critique": label.critique,
        "chosen": label.chosen,
        "at": label.created_at.isoformat(),
        "turn": label.assignment_id,
    }


def _written(run: int, labeller: int) -> dict[str, Any]:
    rows = own_step_rows(run, labeller)
    return {
        "own_steps": [_own_step(row) for row in standing_own_steps(rows)],
        "own_chain": [{**_own_step(row), "at": row.created_at.isoformat(), "turn": row.assignment_id} for row in rows],
    }


def _own_step(row: Any) -> dict[str, Any]:
    return {
        "parent": row.parent,
        "instead_of": row.instead_of,
        "text": row.text,
        "client_uuid": str(row.client_uuid),
    }


def _alternatives(queue: LabelQueue, branch: Sequence[Shown], judged: set[int], run: int) -> dict[int, list[Shown]]:
    """What stands beside the judged steps, themselves among it, by parent; with texts in phase two alone, where they
    are asked for at once. One query, none in modes without."""
    if queue.mode not in WITH_ALTERNATIVES:
        return {}
    parents = [step.parent for step in branch if step.number in judged]
    return children_of(run, parents, with_text=queue.mode == Mode.PHASE_TWO)


def _numbers(groups: Iterable[Sequence[Shown]]) -> list[int]:
    return [step.number for group in groups for step in group]
