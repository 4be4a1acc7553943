"""Plays runs in memory for the tests of the core: a sink that keeps what it took, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from hypothesis import settings

from workers.engines.scripted import Params as ScriptedParams
from workers.engines.scripted import ScriptedEngine
from workers.scorers.scripted import ScriptedScorer
from workers.search.budget import Budget
from workers.search.ensemble import play
from workers.search.events import Event, Maker
from workers.search.protocols import Draft, Engine, Request, Scorer
from workers.search.registry import NoParams
from workers.search.runner import NO_LIMITS, Runner, RunSpec
from workers.search.synchronous import write_all

E = TypeVar("E")
quick = settings(max_examples=40, deadline=None)  # no deadline: a busy machine must not fail a property


class Log:
    """Keeps events, each hand-over apart."""

    def __init__(self) -> None:
        self.moves: list[list[Event]] = []

    def take(self, events: Sequence[Event]) -> None:
        self.moves.append(list(events))

    @property
    def events(self) -> list[Event]:
        return [event for move in self.moves for event in move]

    def of(self, kind: type[E]) -> list[E]:
        """Every event of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def scripted_engine(**parameters: Any) -> ScriptedEngine:
    return ScriptedEngine(ScriptedParams(**parameters))


def scripted_drafts(requests: Sequence[Request]) -> list[Draft]:
    """What the scripted engine writes for these, all of it at once."""
    return write_all(scripted_engine(), requests)


class Synchronous:
    """A synchronous engine that writes what it is told to."""

    splitter = "line-1"

    def __init__(self, generate: Callable[[Sequence[Request]], list[Draft]]) -> None:
        self.generate = generate

    def encode(self, text: str) -> tuple[int, ...]:
        return scripted_engine().encode(text)

    def identity(self) -> Maker:
        return Maker("engine", "synchronous")


def scripted_scorer() -> ScriptedScorer:
    return ScriptedScorer(NoParams())


def noon() -> float:
    return 43_200.0


def played(
    strategy: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    question: str = "What is one?",
    reference: str = "1",
    checker: str = "exact_text",
    seed: int = 0,
    budget: Budget = NO_LIMITS,
    engine: Engine | None = None,
    scorer: Scorer | None = None,
    clock: Callable[[], float] = noon,
) -> Log:
    """The log of one run, played alone."""
    log = Log()
    spec = RunSpec(question, reference, checker, strategy, parameters or {}, seed, budget)
    play([Runner(spec, log, clock=clock)], engine or scripted_engine(), scorer)
    return log
