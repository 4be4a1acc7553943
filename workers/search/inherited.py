"""The steps a forked run starts with, which others have written; it reads no store and judges no text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workers.search.errors import BadParameter
from workers.search.events import Maker, StepAdded, TokenTrace
from workers.search.step import DEEPEST


@dataclass(frozen=True, slots=True)
class InheritedStep:
    """One step as its own run has it.

    maker: who wrote the text, so that the engine that plays on knows whether the ids of `trace` are its own; origin:
    "edited" for a text that a person has put in the place of another, its maker being that person. terminal: whether
    its text had ended. logprob: summed, entropy: mean a token, both in nats, None where unknown.
    """

    text: str
    maker: Maker
    origin: Literal["inherited", "edited"] = "inherited"
    terminal: bool = False
    logprob: float | None = None
    entropy: float | None = None
    trace: TokenTrace | None = None


@dataclass(frozen=True, slots=True)
class Inherited:
    """The branch a run starts from, its first step first; without any it starts from the question.

    Raises BadParameter where there is nothing to go on from: the text has ended, or the branch is too deep.
    """

    steps: tuple[InheritedStep, ...]

    def __post_init__(self) -> None:
        for number, step in enumerate(self.steps, start=1):
            if step.terminal and step.origin != "edited":
                found = f"step {number} of {len(self.steps)}, whose text has ended; edit its text or take its parent"
                raise BadParameter("start", "steps that can be continued", found)
        if len(self.steps) >= DEEPEST:
            raise BadParameter("start", f"fewer than {DEEPEST:,} steps", f"{len(self.steps):,}")

    def as_events(self, seq: int, at: float) -> list[StepAdded]:
        """The steps as they stand in a new run's log: numbered from 1, each below the one before, without any cost.

        seq: of the first event; at: seconds since 1970.
        """
        return [
            StepAdded(
                seq=seq + place,
                at=at,
                number=place + 1,
                parent=place,
                depth=place + 1,
                text=step.text,
                origin=step.origin,
                maker=step.maker,
                tokens=0 if step.trace is None else len(step.trace.ids),
                logprob=step.logprob,
                entropy=step.entropy,
                trace=step.trace,
            )
            for place, step in enumerate(self.steps)
        ]
