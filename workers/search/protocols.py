"""What the core asks of engines, scorers, checkers and sinks; no implementation stands here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from workers.search.errors import EngineError
from workers.search.events import Event, Maker, TokenTrace
from workers.search.moves import Until
from workers.search.record import record
from workers.search.step import Answer

MOST_ALTERNATIVES = 10
Ticket = int  # of one request under way; unique for the life of an engine
# Why a draft stopped: the model ended the text; a step was complete; max_tokens were drawn; somebody cancelled it.
Stop = Literal["end", "step", "length", "cancelled"]


@record
class Request:
    """One continuation to draw.

    question: the problem's statement as the engine's prompt builder takes it; prefix: token ids of the branch so far
    (without the prompt); until: one step or the end; temperature: 0 is greedy; noise: (run seed, place), the key of
    this request's own random numbers, so that a draw does not depend on what else is in the batch. The place is the
    number of the move in the upper bits and the draw's place within the move in the lower 32: nothing need be counted
    when a log is replayed. max_tokens: at most so many new tokens, None for the engine's own limit. alternatives: how
    many of the likeliest tokens at every place are to be told, 0 for none; what is drawn does not depend on it. Only an
    engine that gives "alternatives" is asked.
    """

    question: str
    prefix: tuple[int, ...]
    until: Until
    temperature: float
    noise: tuple[int, int]
    max_tokens: int | None = None
    alternatives: int = 0


@record
class Draft:
    """What an engine wrote for one request.

    text: the new text without any end-of-text token; trace: its tokens (the end-of-text token is not among them);
    stop: why nothing more was written; generated: tokens drawn, the end-of-text token counted; computed: tokens the
    model ran for this request, shared ones counted once, with the first request that needs them.
    """

    text: str
    trace: TokenTrace
    stop: Stop
    generated: int
    computed: int

    @property
    def ended(self) -> bool:
        """Whether the model itself ended the text."""
        return self.stop == "end"


@record
class Delivery:
    """What became of one ticket: exactly one of draft and error is there."""

    ticket: Ticket
    draft: Draft | None
    error: EngineError | None


class Engine(Protocol):
    """Writes asynchronously. `splitter` is the key of the splitter that cuts its texts into steps.

    Each ticket is delivered once, by `poll` or by `cancel`. What a single request is at fault for comes as a delivery's
    error; EngineError is raised only where the engine itself can do nothing more.
    """

    splitter: str

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """One ticket a request, in order; the work is done by `poll`."""

    def poll(self) -> list[Delivery]:
        """Works until at least one ticket is done or a bounded slice of work is over, and delivers what is done.

        Answers at once, with nothing, where nothing is under way.
        """

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        """Stops these: drafts that stopped by "cancelled", with what was written so far and what it cost.

        A ticket that is unknown or was delivered is passed over.
        """

    def encode(self, text: str) -> tuple[int, ...]:
        """Token ids of a text that stands in a branch and was not drawn: inherited, edited, or forced."""

    def identity(self) -> Maker:
        """Model, revision, dtype, device and library versions."""


class SynchronousEngine(Protocol):
    """The simplest engine to write; synchronous.py makes an Engine of it. Raises EngineError."""

    splitter: str

    def generate(self, requests: Sequence[Request]) -> list[Draft]:
        """One draft a request, in order."""

    def encode(self, text: str) -> tuple[int, ...]:
        """As an Engine's."""

    def identity(self) -> Maker:
        """Model, revision, dtype, device and library versions."""


@record
class BranchText:
    """A branch to be scored: the question and the texts of its steps, root to tip."""

    question: str
    steps: tuple[str, ...]


@record
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
    """Says of final texts what they answer and whether that is right. The core's own are plain Python without I/O; one
    that needs more asks a process of its own (workers/verifiers).

    An answer's class depends on the answer, the question and the reference alone, so that a run that goes on from its
    log meets the classes it had. key and version are stored with every answer it gives."""

    key: str
    version: int

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a branch text (all steps joined), None where the text gives no answer."""


class Sink(Protocol):
    """Takes the events of one move together; after it returns they may be stored at once or a little later."""

    def take(self, events: Sequence[Event]) -> None: ...
