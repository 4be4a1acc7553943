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
        journal, maker = self._journal, self.maker
        if maker is None:
            raise ScorerError("Expected no scores in a run without a scorer.")
        for branch, result in zip(self._branches, results, strict=True):
            _check(branch, result)
        for branch, result in zip(self._branches, results, strict=True):
            # A scored step has only scored ancestors, so what is new is the branch's end.
            new = len(branch) - 1
            while new and branch[new - 1].score is None:
                new -= 1
            for place in range(new, len(branch)):
                step, value = branch[place], result.values[place]
                step.score = value
                tokens = result.tokens if place == len(branch) - 1 else 0
                journal.keep(StepScored(journal.next_seq, journal.now, step.number, maker, value, tokens, journal.move))

    def answer(self) -> list[tuple[float, ...]]:
        """For each wanted step the scores of its branch, from the first step to it."""
        above: dict[int, tuple[float, ...]] = {}
        for tip in self._wanted:
            if tip.parent not in above:
                above[tip.parent] = _scores(self._tree.branch(self._tree.steps[tip.parent]))
        return [above[tip.parent] + _scores([tip]) for tip in self._wanted]

    def _texts(self, wanted: Sequence[Step]) -> list[BranchText]:
        """One branch a step to be scored. What siblings stand on is walked once."""
        above: dict[int, tuple[list[Step], list[str]]] = {}
        self._branches, texts = [], []
        for tip in self._tree.tips_to_score(wanted):
            if tip.parent not in above:
                steps = self._tree.branch(self._tree.steps[tip.parent])
                above[tip.parent] = steps, [step.text for step in steps]
            steps, before = above[tip.parent]
            self._branches.append([*steps, tip])
            texts.append(BranchText(self._question, (*before, tip.text)))
        return texts


def _scores(branch: Sequence[Step]) -> tuple[float, ...]:
    return tuple([step.score for step in branch if step.score is not None])


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
