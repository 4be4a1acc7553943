"""What the core asks of engines, scorers, checkers and sinks; no implementation stands here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workers.search.events import Event, Maker, TokenTrace
from workers.search.moves import Until
from workers.search.step import Answer


@dataclass(frozen=True, slots=True)
class Request:
    """One continuation to draw.

    question: the problem's statement as the engine's prompt builder takes it; prefix: token ids of the branch so far
    (without the prompt); until: one step or the end; temperature: 0 is greedy; noise: (run seed, draw number in the
    run), the key of this request's own random numbers, so that a draw does not depend on what else is in the batch.
    max_tokens: at most so many new tokens, None for the engine's own limit.
    """

    question: str
    prefix: tuple[int, ...]
    until: Until
    temperature: float
    noise: tuple[int, int]
    max_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine wrote for one request.

    text: the new text without any end-of-text token; trace: its tokens (the end-of-text token is not among them);
    ended: the model itself ended the text; computed: tokens the model ran for this request, shared prompts counted
    once in the batch, with the first request that needs them; generated: tokens drawn, the end-of-text token counted.
    """

    text: str
    trace: TokenTrace
    ended: bool
    generated: int
    computed: int


class Engine(Protocol):
    """Writes. `splitter` is the key of the splitter that cuts its texts into steps.

    Raises EngineError."""

    splitter: str

    def generate(self, requests: Sequence[Request]) -> list[Draft]:
        """One draft a request, in order."""

    def identity(self) -> Maker:
        """Model, revision, dtype, device and library versions."""


@dataclass(frozen=True, slots=True)
class BranchText:
    """A branch to be scored: the question and the texts of its steps, root to tip."""

    question: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BranchScores:
    """values: one score in [0, 1] a step, as many as the branch has steps; tokens: what was computed for them."""

    values: tuple[float, ...]
    tokens: int


class Scorer(Protocol):
    """Judges. Raises ScorerError."""

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order."""

    def identity(self) -> Maker:
        """Model, revision, dtype, device and library versions."""


class AnswerChecker(Protocol):
    """Says of final texts what they answer and whether that is right; plain Python, no I/O.

    key and version are stored with every answer it gives."""

    key: str
    version: int

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a branch text (all steps joined), None where the text gives no answer."""


class Sink(Protocol):
    """Takes the events of one move together; after it returns they may be stored at once or a little later."""

    def take(self, events: Sequence[Event]) -> None: ...
