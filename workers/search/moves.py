"""What a strategy may ask for next; a move carries no result, the runner sends that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workers.search.step import Step

Until = Literal["step", "end"]


@dataclass(frozen=True, slots=True)
class Expand:
    """Draw `width` continuations of every parent; the answer is `list[list[Step]]`, one list a parent.

    until: "step" draws one step each, "end" draws to the end of the text and splits it into a chain, of which
    the strategy gets the last step. temperature: 0 is greedy.
    """

    parents: tuple[Step, ...]
    width: int
    until: Until = "end"
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Score the branches that end in `steps`; the answer is `list[tuple[float, ...]]`, the scores from root to step."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Prune:
    """Give up `steps`, for a reason said in a sentence with its numbers; the answer is None."""

    steps: tuple[Step, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Take `step` as the run's answer, for a reason said in a sentence with its numbers; the answer is None."""

    step: Step
    why: str


Move = Expand | Evaluate | Prune | Choose
