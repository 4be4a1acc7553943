"""Carries out Prune and Choose, which need no engine and no scorer; it decides nothing itself and takes no decision
without a reason."""

from __future__ import annotations

from workers.search.errors import StrategyError
from workers.search.events import AnswerChosen, StepPruned
from workers.search.journal import Journal
from workers.search.moves import Choose, Prune
from workers.search.step import Step
from workers.search.tree import Tree


class Deciding:
    """Gives up and chooses steps of one run's tree. chosen: the step taken as the run's answer, None before."""

    def __init__(self, tree: Tree, journal: Journal, strategy: str) -> None:
        self._tree, self._journal, self._strategy = tree, journal, strategy
        self.chosen: Step | None = None

    def prune(self, move: Prune) -> None:
        """Raises StrategyError without a reason, and for a step that is not the strategy's to give up."""
        self._must_say_why(move.why, "prune")
        for step in move.steps:
            self._tree.own(step, "prune")
            step.pruned = True
            self._journal.add(StepPruned, step.number, move.why)

    def choose(self, move: Choose) -> None:
        """Raises StrategyError without a reason, for a second choice, and for a step that cannot be an answer."""
        self._must_say_why(move.why, "choose")
        self._tree.own(move.step, "choose")
        if not move.step.terminal:
            raise StrategyError(f"A strategy may not choose step {move.step.number}: its text has not ended.")
        if self.chosen is not None:
            raise StrategyError(f"A strategy may not choose twice: it has chosen step {self.chosen.number}.")
        self.chosen = move.step
        self._journal.add(AnswerChosen, move.step.number, move.why)

    def _must_say_why(self, why: str, doing: str) -> None:
        if not why.strip():
            raise StrategyError(f"Strategy {self._strategy!r} must say why it would {doing}.")
