"""Runs on the shipped models that go on from their logs, with another engine than the one that had begun them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.search.playing import Log, noon
from tests.search.replaying import cuts
from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search import events
from workers.search.ensemble import play
from workers.search.events import Event, Maker
from workers.search.events_json import read_line, write_line
from workers.search.inherited import Inherited, InheritedStep
from workers.search.protocols import Engine, Request, Scorer
from workers.search.runner import Runner, RunSpec

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

QUESTION = "8?2?6?9?8?6=43"
PLAYED = [("beam", {"n": 4, "width": 2}), ("best_of_n", {"n": 6}), ("self_consistency", {"n": 6})]


class Listening:
    """The engine, with what was asked of it."""

    def __init__(self, engine: Engine) -> None:
        self.splitter, self.identity, self.encode = engine.splitter, engine.identity, engine.encode
        self.poll, self.cancel = engine.poll, engine.cancel
        self._engine = engine
        self.asked: list[Request] = []

    def submit(self, requests: Sequence[Request]) -> list[int]:
        self.asked.extend(requests)
        return self._engine.submit(requests)


@pytest.fixture(scope="module")
def engines() -> tuple[Engine, Engine]:
    """Two of the same model, which share nothing."""
    return tiny_policy(TinyPolicyParams(device="cpu")), tiny_policy(TinyPolicyParams(device="cpu"))


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return tiny_prm(TinyPrmParams(device="cpu"))


def run(spec: RunSpec, engine: Engine, scorer: Scorer) -> tuple[list[Event], list[Request]]:
    """The events of a run, those of its log not among them, and what it asked of the engine."""
    log, listening = Log(), Listening(engine)
    play([Runner(spec, log, clock=noon)], listening, scorer)
    assert isinstance(log.events[-1], events.RunFinished)
    return log.events, listening.asked


def _move(request: Request) -> int:
    return request.noise[1] >> 32


def _first_move(asked: Sequence[Request]) -> list[Request]:
    """The requests of the first move among them."""
    return [request for request in asked if _move(request) == _move(asked[0])]


def texts(log: Sequence[Event]) -> list[tuple[int, str]]:
    return [(event.parent, event.text) for event in log if isinstance(event, events.StepAdded)]


@pytest.mark.parametrize(("strategy", "parameters"), PLAYED)
def test_another_worker_asks_only_for_what_is_missing_with_the_same_noise(
    engines: tuple[Engine, Engine], scorer: Scorer, strategy: str, parameters: dict[str, Any]
) -> None:
    first, second = engines
    spec = RunSpec(QUESTION, "", "puzzle", strategy, parameters, seed=3)
    whole, asked = run(spec, first, scorer)
    parts = cuts(whole)[:-1:3]
    equal = 0
    for part in parts:
        stored = [read_line(write_line(event)) for event in part]
        rest, asked_later = run(replace(spec, log=tuple(stored)), second, scorer)
        assert [event.seq for event in rest] == list(range(len(part) + 1, len(part) + 1 + len(rest)))
        missing = [request for request in asked if _move(request) > part[-1].move]
        assert _first_move(asked_later) == _first_move(missing)
        equal += texts([*part, *rest]) == texts(whole)
    # Floating point may differ with what else is in a batch, which here is the same; all but a rare tie must agree.
    assert equal >= len(parts) - 1


def test_an_edited_branch_is_continued_from_its_own_words(engines: tuple[Engine, Engine], scorer: Scorer) -> None:
    first, second = engines
    whole, _ = run(RunSpec(QUESTION, "", "puzzle", "chain_of_thought", seed=3), first, scorer)
    step = next(event for event in whole if isinstance(event, events.StepAdded))
    kept = InheritedStep(step.text, step.maker, trace=step.trace)
    other = InheritedStep("6*6=36\n", Maker("person", "ada"), origin="edited")
    spec = RunSpec(QUESTION, "", "puzzle", "best_of_n", {"n": 3}, seed=4, start=Inherited((kept, other)))
    log, asked = run(spec, second, scorer)
    assert step.trace is not None
    assert {request.prefix for request in asked} == {step.trace.ids + second.encode("6*6=36\n")}
    again, _ = run(replace(spec, start=None, log=tuple(cuts(log)[0])), first, scorer)
    assert texts(again) == texts(log)[2:]
    scored = {event.number for event in log if isinstance(event, events.StepScored)}
    assert {1, 2} <= scored
