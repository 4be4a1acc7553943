"""Gathers the events of one imported trace in order; it decides nothing about what the trace means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from apps.common.shape import Misshapen
from workers.search.events import (
    AnswerChosen,
    Answered,
    Event,
    Maker,
    Note,
    Origin,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRevisited,
    StepScored,
)
from workers.search.protocols import AnswerChecker
from workers.search.step import DEEPEST, Answer


class EventLog:
    """The events of one trace: seq and step numbers count from 1, a step's depth is its parent's plus one.

    at: seconds since 1970 stamped on every event; 0 where the file does not say when.
    """

    def __init__(
        self, key: str, version: int, at: float, checker: AnswerChecker, makers: tuple[Maker, ...] = ()
    ) -> None:
        self.events: list[Event] = []
        self.checker = checker
        self._at = at
        self._depths = [0]
        importer = Maker("import", key, str(version))
        self.events.append(RunStarted(1, at, key, version, {}, 0, "", checker.key, (importer, *makers)))

    def step(
        self,
        parent: int,
        text: str,
        origin: Origin,
        maker: Maker,
        terminal: bool = False,
        logprob: float | None = None,
    ) -> int:
        """A step below `parent` (0: the question); its number. logprob: summed, nats, where the file says it.

        Raises Misshapen where the branch is too long."""
        events, depths = self.events, self._depths
        number, depth = len(depths), depths[parent] + 1
        if depth > DEEPEST:
            raise Misshapen("", f"branches of at most {DEEPEST} steps", "a longer one")
        depths.append(depth)
        seq = len(events) + 1
        events.append(StepAdded(seq, self._at, number, parent, depth, text, origin, maker, terminal, logprob=logprob))
        return number

    def score(self, number: int, maker: Maker, value: float) -> None:
        """A scorer's number out of the file."""
        self.events.append(StepScored(len(self.events) + 1, self._at, number, maker, value))

    def visit(self, number: int, value: float, returns: Sequence[float] = ()) -> None:
        """A simulation of the file's own search: it ended at `number` (0: the question) and brought `value`.

        returns: what the question and each step of the branch is credited with, the question first; empty where that is
        `value` for all. Raises ValueError where they are not as many as the branch has steps and one more."""
        if returns and len(returns) != self._depths[number] + 1:
            raise ValueError(f"Expected {self._depths[number] + 1} returns for step {number}; found {len(returns)}.")
        self.events.append(StepRevisited(len(self.events) + 1, self._at, number, value, tuple(returns)))

    def prune(self, number: int, why: str) -> None:
        """The file's own search gave this step up."""
        self.events.append(StepPruned(len(self.events) + 1, self._at, number, why))

    def answer(self, number: int, answer: Answer) -> None:
        """What the checker finds in the text of the branch that ends here."""
        self.events.append(
            Answered(
                len(self.events) + 1,
                self._at,
                number,
                answer.text,
                answer.class_key,
                answer.correct,
                answer.checker,
                answer.version,
            )
        )

    def choose(self, number: int, why: str) -> None:
        """The step the file says was taken."""
        self.events.append(AnswerChosen(len(self.events) + 1, self._at, number, why))

    def note(self, text: str, data: Mapping[str, Any]) -> None:
        """What the file says besides."""
        self.events.append(Note(len(self.events) + 1, self._at, text, data))

    def finish(self, outcome: Literal["answered", "no-answer"]) -> list[Event]:
        """Close the log and give all of it."""
        self.events.append(RunFinished(len(self.events) + 1, self._at, outcome))
        return self.events
