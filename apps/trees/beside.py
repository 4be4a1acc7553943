"""Reads what a comparison of two branches needs besides their trees: which to compare, and why the chosen one of a run
won over its best right one. It aligns nothing - texts meet in the page - and reads no whole tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Team
from apps.runs.models import Maker, Run, Step
from apps.runs.outcomes import Outcome, outcome_of
from apps.trees.selectors import playing_scorer
from apps.trees.steps import branch_numbers, events_at, why

MOST_OTHERS = 50
# The newest score of each of some steps; by the maker's key, as the tree has it: the same scorer on another device is
# another maker.
NEWEST = """
    SELECT DISTINCT ON (score.number) score.number, score.value
    FROM runs_score score JOIN runs_maker maker ON maker.id = score.maker_id
    WHERE score.run_id = %(run)s AND maker.kind = %(kind)s AND maker.key = %(key)s
        AND score.number = ANY(%(numbers)s::int[])
    ORDER BY score.number, score.seq DESC
"""
RIGHT_ENDS = """
    SELECT step.number FROM runs_answer answer JOIN runs_step step USING (run_id, number)
    WHERE answer.run_id = %(run)s AND answer.correct AND step.terminal ORDER BY step.number
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a branch. score: the playing scorer's newest, None where there is none."""

    number: int
    depth: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """What the chosen and the right branch have at one depth; None where a branch has ended before."""

    chosen: Place | None
    right: Place | None

    @property
    def ahead(self) -> float | None:
        """By how much the chosen branch scored higher here; None where one of the two is not known."""
        pair = (self.chosen, self.right)
        known = [place.score for place in pair if place is not None and place.score is not None]
        return known[0] - known[1] if len(known) == len(pair) else None

    @property
    def lead(self) -> float | None:
        """By how much the higher of the two scored higher."""
        return None if self.ahead is None else abs(self.ahead)


@dataclass(frozen=True, slots=True)
class Pruned:
    """The first step of a branch that was given up: at which event, and the reason the strategy gave."""

    number: int
    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class WhyLost:
    """The chosen step beside the best right one. parted: the last step both have, 0 the question; gaps: from where
    they part, depth by depth; pruned: where the right branch was given up, None where it came to the end."""

    chosen: int
    right: int
    parted: int
    gaps: Sequence[Gap]
    pruned: Pruned | None
    chosen_seq: int
    chosen_why: str

    @property
    def start(self) -> Gap:
        """Where they part."""
        return self.gaps[0]

    @property
    def ends(self) -> Gap:
        """The ends of both, at whatever depth each stands."""
        chosen = [gap.chosen for gap in self.gaps if gap.chosen is not None]
        right = [gap.right for gap in self.gaps if gap.right is not None]
        return Gap(chosen[-1] if chosen else None, right[-1] if right else None)

    @property
    def widest(self) -> Gap | None:
        """Where the chosen branch was furthest ahead of the right one, None where neither scored beside the other."""
        known = [(gap.ahead, -at) for at, gap in enumerate(self.gaps) if gap.ahead is not None]
        return self.gaps[-max(known)[1]] if known else None


@dataclass(frozen=True, slots=True)
class OtherRun:
    """A run that another can be compared with, and how it ended."""

    run: Run
    outcome: Outcome


def others_of(team: Team, run: Run, most: int = MOST_OTHERS, hidden: HiddenRuns = NOTHING_HIDDEN) -> list[OtherRun]:
    """The other runs of the run's problem, hidden ones left out, the newest first, at most so many; one query."""
    others = hidden.left_out(Run.objects.filter(team=team, problem=run.problem_id).exclude(pk=run.pk))
    return [OtherRun(one, outcome_of(one)) for one in others.select_related("experiment").order_by("-pk")[:most]]


def best_right(run: Run, scorer: Maker | None) -> int | None:
    """The number of the right terminal step that scored highest, equal ones by number, unscored ones last; two queries.
    None where no step that ended is known to be right."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHT_ENDS, {"run": run.pk})
        ends = [row[0] for row in cursor.fetchall()]
    scores = _newest(run, scorer, ends)
    return min(ends, key=lambda number: (number not in scores, -scores.get(number, 0.0), number), default=None)


def why_lost(run: Run) -> WhyLost | None:
    """Why the run's choice is what it is and not its best right answer; None where it chose nothing, chose right or
    has no right answer. At most ten queries, whatever the size of the tree."""
    scorer = playing_scorer(run) if run.chosen is not None else None
    right = best_right(run, scorer) if run.chosen is not None and not run.correct else None
    if right is None or run.chosen is None or right == run.chosen:
        return None
    branches = branch_numbers(run, run.chosen), branch_numbers(run, right)
    common = sum(1 for a, b in zip(*branches, strict=False) if a == b)
    chosen_tail, right_tail = branches[0][common:], branches[1][common:]
    scores = _newest(run, scorer, [*chosen_tail, *right_tail])
    steps = {step.number: step for step in Step.objects.filter(run=run, number__in=[run.chosen, *branches[1]])}
    told = [steps[run.chosen].chosen, *(steps[number].pruned for number in branches[1])]
    events = events_at(run, [seq for seq in told if seq is not None])
    places = (_places(tail, common, scores) for tail in (chosen_tail, right_tail))
    return WhyLost(
        chosen=run.chosen,
        right=right,
        parted=branches[0][common - 1] if common else 0,
        gaps=_gaps(*places),
        pruned=next((gone for number in branches[1] if (gone := _pruned(steps[number], events)) is not None), None),
        chosen_seq=steps[run.chosen].chosen or 0,
        chosen_why=why(steps[run.chosen].chosen, events),
    )


def _pruned(step: Step, events: Mapping[int, Mapping[str, Any]]) -> Pruned | None:
    return None if step.pruned is None else Pruned(step.number, step.pruned, why(step.pruned, events))


def _places(tail: Sequence[int], common: int, scores: dict[int, float]) -> list[Place]:
    return [Place(number, depth, scores.get(number)) for depth, number in enumerate(tail, start=common + 1)]


def _gaps(chosen: Sequence[Place], right: Sequence[Place]) -> list[Gap]:
    longest = max(len(chosen), len(right))
    return [Gap(*(tail[at] if at < len(tail) else None for tail in (chosen, right))) for at in range(longest)]


def _newest(run: Run, scorer: Maker | None, numbers: Sequence[int]) -> dict[int, float]:
    if scorer is None or not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"run": run.pk, "kind": scorer.kind, "key": scorer.key, "numbers": list(numbers)})
        return dict(cursor.fetchall())
