"""An engine and a scorer that follow a plan: which text follows which, and what each step is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from workers.search.events import Maker, TokenTrace
from workers.search.protocols import BranchScores, BranchText, Draft, Request, Stop


class PlannedEngine:
    """Writes after a text what the plan says, the continuations of one text in turn; one token a character.

    A continuation that begins with "Answer:" ends the text, one that ends in a line feed is a step, and any other was
    cut off by its length.
    """

    splitter = "line-1"

    def __init__(self, plan: Mapping[str, Sequence[str]]) -> None:
        self.plan = plan
        self.drawn: Counter[str] = Counter()

    def generate(self, requests: Sequence[Request]) -> list[Draft]:
        return [self._draft(request) for request in requests]

    def encode(self, text: str) -> tuple[int, ...]:
        return tuple(map(ord, text))

    def identity(self) -> Maker:
        return Maker("engine", "planned")

    def _draft(self, request: Request) -> Draft:
        before = "".join(map(chr, request.prefix))
        text, stop = self._next(before)
        while request.until == "end" and stop == "step":
            more, stop = self._next(before + text)
            text += more
        size = len(text)
        trace = TokenTrace(self.encode(text), (1,) * size, (-1.0,) * size, (0.5,) * size)
        return Draft(text, trace, stop, size + (stop == "end"), size)

    def _next(self, before: str) -> tuple[str, Stop]:
        choices = self.plan[before]
        text = choices[self.drawn[before] % len(choices)]
        self.drawn[before] += 1
        return text, "end" if text.startswith("Answer:") else "step" if text.endswith("\n") else "length"


class PlannedScorer:
    """Gives each step the worth that the plan names for its text without white space around it, else a half."""

    def __init__(self, worth: Mapping[str, float]) -> None:
        self.worth = worth
        self.asked: list[BranchText] = []

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        self.asked += branches
        return [BranchScores(tuple(self.worth.get(step.strip(), 0.5) for step in one.steps), 1) for one in branches]

    def identity(self) -> Maker:
        return Maker("scorer", "planned")
