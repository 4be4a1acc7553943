"""Reads what a turn shows: a branch, the alternatives beside it, what follows it in phase one, and the reader's own
words on them. Scores, other people's words and whether an answer is right are never among it.

A few queries, whatever the number of steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from apps.labels.models import Assignment, Label, LabelQueue, LabelTask, OwnStep

Mode = LabelQueue.Mode
WITH_ALTERNATIVES = (Mode.EVERY_STEP, Mode.PHASE_TWO)

BRANCH = """
    WITH RECURSIVE branch (number, parent, depth) AS (
        SELECT number, parent, depth FROM runs_step WHERE run_id = %(run)s AND number = %(number)s
        UNION ALL
        SELECT step.number, step.parent, step.depth FROM branch JOIN runs_step step ON step.number = branch.parent
        WHERE step.run_id = %(run)s
    )
    SELECT branch.number, branch.parent, branch.depth, words.text
    FROM branch JOIN runs_steptext words ON words.run_id = %(run)s AND words.number = branch.number
    ORDER BY branch.number
"""
# There is no index by parent. Children are born after their parents, so the search begins behind the first of these.
CHILDREN = """
    SELECT step.number, step.parent, step.depth, words.text
    FROM runs_step step
    LEFT JOIN runs_steptext words ON %(with_text)s AND words.run_id = step.run_id AND words.number = step.number
    WHERE step.run_id = %(run)s AND step.number > %(first)s AND step.parent = ANY(%(parents)s::int[])
    ORDER BY step.number
"""


class Shown(NamedTuple):
    """A step as a turn shows it. depth: 1 for a first step; text: None where it was not asked for."""

    number: int
    parent: int
    depth: int
    text: str | None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the reader said of a step, oldest first: their own rows without those that were stored in their stead.

    stood_in: whether the step is good by implication at present."""

    rows: tuple[Label, ...] = ()
    stood_in: bool = False

    @property
    def verdict(self) -> str:
        """What they say of it now; empty where they say nothing."""
        return self.rows[-1].verdict if self.rows else ""


def branch_of(run: int, number: int) -> list[Shown]:
    """The steps from the first to this one with their texts; empty for the question. One query."""
    return _shown(BRANCH, {"run": run, "number": number}) if number else []


def children_of(run: int, parents: Collection[int], *, with_text: bool) -> dict[int, list[Shown]]:
    """The steps below each of these (0: the question), by number, by the parent's number. One query."""
    if not parents:
        return {}
    found: defaultdict[int, list[Shown]] = defaultdict(list)
    given: dict[str, Any] = {"run": run, "parents": list(parents), "first": min(parents), "with_text": with_text}
    for step in _shown(CHILDREN, given):
        found[step.parent].append(step)
    return found


def _shown(statement: str, given: Mapping[str, Any]) -> list[Shown]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [Shown(*row) for row in cursor.fetchall()]


def own_words(run: int, labeller: int, numbers: Sequence[int] | None = None) -> dict[int, OwnWords]:
    """What a labeller said of the steps of a run, or of some, by step number; one query."""
    rows = Label.objects.filter(run=run, labeller=labeller).order_by("id")
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    said: defaultdict[int, list[Label]] = defaultdict(list)
    for row in rows:
        said[row.number].append(row)
    return {number: _own(given) for number, given in said.items()}


def _own(rows: Sequence[Label]) -> OwnWords:
    own = tuple(row for row in rows if "implied" not in row.extra)
    return OwnWords(own, stood_in="implied" in rows[-1].extra and bool(rows[-1].verdict))


def own_steps(run: int, labeller: int) -> list[OwnStep]:
    """The steps that a labeller wrote in a run and did not take back, by parent; one query."""
    return standing_own_steps(own_step_rows(run, labeller))


def own_step_rows(run: int, labeller: int) -> list[OwnStep]:
    """Every row of the steps that a labeller wrote in a run, oldest first; one query."""
    return list(OwnStep.objects.filter(run=run, labeller=labeller).order_by("id"))


def standing_own_steps(rows: Iterable[OwnStep]) -> list[OwnStep]:
    """Those of the rows, oldest first, that stand: the latest of each place, if it was not taken back; by parent."""
    latest = {(row.parent, row.instead_of): row for row in rows}
    return sorted((row for row in latest.values() if row.text), key=lambda row: (row.parent, row.instead_of or 0))


def levels_of(
    run: int, task: LabelTask, words: Mapping[int, OwnWords], *, with_text: bool
) -> list[tuple[int, list[Shown]]]:
    """Phase one as far as the reader has come: from the task's step on, each parent with what follows it; the chosen
    one of these is the next parent, and what follows the last may be nothing. One query."""
    levels: list[tuple[int, list[Shown]]] = []
    parent: int | None = task.number
    # Every parent of the chain but the first was chosen, so that all levels are known before the chain is.
    known = children_of(run, {task.number, *_chosen(words.items())}, with_text=with_text)
    while parent is not None:
        options = known.get(parent, [])
        levels.append((parent, options))
        chosen = _chosen((step.number, words[step.number]) for step in options if step.number in words)
        parent = chosen[-1] if chosen else None
    return levels


def _chosen(said: Iterable[tuple[int, OwnWords]]) -> list[int]:
    """Those of the steps that are chosen to go on from, the one chosen last at the end."""
    rows = [(own.rows[-1].pk, number) for number, own in said if own.rows and own.rows[-1].chosen]
    return [number for _, number in sorted(rows)]


def judged_numbers(queue: LabelQueue, branch: Sequence[Shown]) -> list[int]:
    """Which steps of the branch are to be judged: a step stands alone, in phase one the branch only leads there."""
    if queue.mode == Mode.PHASE_ONE:
        return []
    numbers = [step.number for step in branch]
    return numbers[-1:] if queue.unit == LabelQueue.Unit.STEP else numbers


def turn_of(team: int, assignment: int) -> Assignment | None:
    """A turn of the team with all that its page needs to know of where it stands; one query."""
    wanted = ("task__queue__guideline", "task__run__problem", "labeller__user")
    return Assignment.objects.select_related(*wanted).filter(pk=assignment, task__queue__team=team).first()
