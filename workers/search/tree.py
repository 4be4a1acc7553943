"""The running tree of one run: its steps by number; it emits no events and counts no budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter

from workers.search.errors import StrategyError
from workers.search.step import ROOT_NUMBER, Step


class Tree:
    """Steps in order of birth; number 0 is the question.

    inherited: how many of the first ones came from another tree, one below the other. foreign: numbers of the steps
    whose token ids are not those of the playing engine; `encode` gives them when they are needed.
    """

    def __init__(self) -> None:
        self.root = Step(number=ROOT_NUMBER, parent=ROOT_NUMBER, depth=0, text="")
        self.steps: list[Step] = [self.root]
        self._children: dict[int, list[Step]] = {}
        self._sorted_in = 1
        self.inherited = 0
        self.foreign: set[int] = set()
        self.encode: Callable[[str], tuple[int, ...]] = _no_engine

    @property
    def start(self) -> Step:
        """Where the strategy begins: the question, or the last inherited step."""
        return self.steps[self.inherited]

    def children(self, parent: Step) -> list[Step]:
        """The steps right below `parent`, in order of birth; they are sorted in when asked for, since few moves ask."""
        for step in self.steps[self._sorted_in :]:
            self._children.setdefault(step.parent, []).append(step)
        self._sorted_in = len(self.steps)
        return self._children.get(parent.number, [])

    def branch(self, tip: Step) -> list[Step]:
        """The steps from the first below the root to `tip`."""
        found: list[Step] = []
        while tip.number != ROOT_NUMBER:
            found.append(tip)
            tip = self.steps[tip.parent]
        found.reverse()
        return found

    def prefix(self, tip: Step) -> tuple[int, ...]:
        """The token ids of the branch that ends in `tip`, as the playing engine reads it. Raises EngineError."""
        branch = self.branch(tip)
        if self.foreign:
            for step in branch:
                if step.number in self.foreign:
                    step.token_ids = self.encode(step.text)
                    self.foreign.remove(step.number)
        return tuple(chain.from_iterable([step.token_ids for step in branch]))

    def tips_to_score(self, wanted: Sequence[Step]) -> list[Step]:
        """Of the steps without a score, the deepest on each branch: scoring their branches scores every wanted step.

        Each branch of the answer has at least its tip new, so that what it costs has a score to stand with. In order
        of number; linear in the steps passed, since a scored step has only scored ancestors.
        """
        covered: set[int] = {ROOT_NUMBER}
        tips: list[Step] = []
        for step in sorted(wanted, key=attrgetter("number"), reverse=True):
            if step.score is not None or step.number in covered:
                continue
            tips.append(step)
            while step.number not in covered and step.score is None:
                covered.add(step.number)
                step = self.steps[step.parent]
        tips.reverse()
        return tips

    def own(self, step: Step, doing: str) -> None:
        """Refuses a step of another tree, a step given up, and to give up an inherited one. Raises StrategyError."""
        if not 0 <= step.number < len(self.steps) or self.steps[step.number] is not step:
            raise StrategyError(f"A strategy may not {doing} step {step.number}: it is not of this run's tree.")
        if step.pruned:
            raise StrategyError(f"A strategy may not {doing} step {step.number}: it has been pruned.")
        if doing == "prune" and step.number <= self.inherited:
            raise StrategyError(f"A strategy may not prune step {step.number}: it is inherited, or the question.")


def _no_engine(text: str) -> tuple[int, ...]:
    raise StrategyError(f"No engine plays this tree, so nobody can say the token ids of {text[:40]!r}.")
