"""Says how many continuations of one parent to draw next, so that they differ; it draws none and counts no budget.

The rule was measured (2026-11, 420 held-out puzzles, docs/accuracy.md): drawn one after the other until the known
children hold most of the probability, a beam comes to the accuracy of best-of-16 with two thirds of its tokens on the
harder half, where drawing all and drawing the repeats again needs more tokens than best-of-16 does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

from workers.search.step import Step

# Known children that together hold so much probability leave too little to be worth looking for: the last child that
# exists often has a chance of one in ten thousand and would cost dozens of repeats.
SPENT = 0.8
# Where known children hold less than this, repeats are so rare that all that are missing are drawn at once.
FEW = 0.1
# At most so many draws for each child that is asked for.
MOST = 4


@dataclass(slots=True)
class Siblings:
    """What a move draws below one parent. prefix: the branch's token ids; width: children asked for; tips: the last
    steps of those it has added.

    known: where children must differ, the last step of each by its text and whether it ended; mass: the probability of
    all known texts together, at temperature 1; drawn: draws so far, repeats counted.
    """

    parent: Step
    prefix: tuple[int, ...]
    width: int
    tips: list[Step] = field(default_factory=list)
    known: dict[tuple[str, bool], Step] = field(default_factory=dict)
    mass: float = 0.0
    drawn: int = 0

    def missing(self, temperature: float) -> int:
        """Continuations to draw in the next round where all must differ; a greedy draw can only be repeated."""
        lacking = self.width - len(self.tips)
        left = (MOST * self.width if temperature > 0 else 1) - self.drawn
        if lacking <= 0 or left <= 0 or self.mass >= SPENT:
            return 0
        # As long as nothing is known, or repeats are likely, one draw is looked at before the next is made.
        return 1 if not self.known or self.mass >= FEW else min(lacking, left)

    def know(self, text: str, steps: Sequence[Step]) -> None:
        """Takes a child for known by its whole text, which `steps` hold; without a log-probability it adds no mass."""
        tip = steps[-1]
        self.known[text, tip.terminal] = tip
        logprob = 0.0
        for step in steps:
            if step.logprob is None:
                return
            logprob += step.logprob
        self.mass += exp(logprob)
