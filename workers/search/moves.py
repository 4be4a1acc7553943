"""What a strategy may ask for next; a move carries no result, the runner sends that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from workers.search.step import Step

Until = Literal["step", "end"]


@dataclass(frozen=True, slots=True)
class Expand:
    """Draw `width` continuations of every parent, all of them different steps; the answer is `list[list[Step]]`, one
    list a parent.

    until: "step" draws one step each, "end" draws to the end of the text and splits it into a chain, of which
    the strategy gets the last step. temperature: 0 is greedy.

    distinct: a continuation whose text repeats that of another of its parent is not added again but drawn anew, as
    often as growth.py says; every draw is charged, and there are at most as many children as exist.

    enough: asked whenever drafts of this move arrive, with the last steps of all that have arrived so far. A sentence
    (why, with its numbers) instead of "" cancels what is still under way; what was written of it is kept as steps that
    are given up for that reason, and is not in the answer.
    """

    parents: tuple[Step, ...]
    width: int
    until: Until = "end"
    temperature: float = 1.0
    distinct: bool = False
    enough: Callable[[Sequence[Step]], str] | None = None


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
