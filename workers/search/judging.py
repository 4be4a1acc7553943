"""Carries out Evaluate: branches to be scored, then scores to steps; it aggregates nothing."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.errors import ScorerError, StrategyError
from workers.search.events import Maker, StepScored
from workers.search.journal import Journal
from workers.search.protocols import BranchScores, BranchText
from workers.search.step import Step
from workers.search.tree import Tree


class Judging:
    """Scores one run's steps, each once. `maker` is the scorer, None where there is none."""

    def __init__(self, tree: Tree, journal: Journal, question: str) -> None:
        self._tree, self._journal, self._question = tree, journal, question
        self.maker: Maker | None = None
        self._branches: list[list[Step]] = []
        self._wanted: tuple[Step, ...] = ()

    def plan(self, wanted: Sequence[Step]) -> list[BranchText]:
        """The branches to be scored so that every wanted step has a score; none where all have.

        Raises StrategyError without a scorer and for a step of another tree.
        """
        if self.maker is None:
            raise StrategyError("A strategy asked for scores in a run without a scorer.")
        for step in wanted:
            self._tree.own(step, "evaluate")
        self._wanted = tuple(wanted)
        return self._texts(wanted)

    def plan_the_rest(self) -> list[BranchText]:
        """The branches that hold steps nobody asked a score for, given up or not; none without a scorer."""
        self._wanted = ()
        return [] if self.maker is None else self._texts(self._tree.steps[1:])

    def attach(self, results: Sequence[BranchScores]) -> None:
        """Scores to the steps that have none yet; a branch's cost stands with its tip, which is always new.

        Raises ScorerError for another number of scores than steps or a score that is no number from 0 to 1, before
        anything is attached.
        """
        for branch, result in zip(self._branches, results, strict=True):
            _check(branch, result)
        for branch, result in zip(self._branches, results, strict=True):
            tip, add, maker = branch[-1], self._journal.add, self.maker
            for step, value in zip(branch, result.values, strict=True):
                if step.score is None:
                    step.score = value
                    add(StepScored, step.number, maker, value, result.tokens if step is tip else 0)

    def answer(self) -> list[tuple[float, ...]]:
        """For each wanted step the scores of its branch, from the first step to it."""
        # What was just scored has its branch at hand; for a beam that is all of it.
        known = {branch[-1].number: branch for branch in self._branches}
        branches = [known.get(tip.number) or self._tree.branch(tip) for tip in self._wanted]
        return [tuple([step.score for step in branch if step.score is not None]) for branch in branches]

    def _texts(self, wanted: Sequence[Step]) -> list[BranchText]:
        self._branches = [self._tree.branch(tip) for tip in self._tree.tips_to_score(wanted)]
        return [BranchText(self._question, tuple([step.text for step in branch])) for branch in self._branches]


def _check(branch: Sequence[Step], result: BranchScores) -> None:
    tip = branch[-1].number
    if len(result.values) != len(branch):
        raise ScorerError(
            f"Expected one score for each of the {len(branch)} steps of the branch to step {tip}; "
            f"found {len(result.values)}."
        )
    for value in result.values:
        if not 0.0 <= value <= 1.0:
            raise ScorerError(f"Expected scores from 0 to 1 for the branch to step {tip}; found {value}.")
