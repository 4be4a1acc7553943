"""Many runs played together: one call a round, each run as if it were alone, each failure its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest

from tests.search.playing import Log, Synchronous, noon, played, scripted_drafts, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.budget import Budget
from workers.search.ensemble import play
from workers.search.errors import EngineError, ScorerError, SinkClosed
from workers.search.protocols import BranchScores, BranchText, Delivery, Draft, Request
from workers.search.runner import Runner, RunSpec
from workers.search.synchronous import Adapted


def spec(question: str, seed: int = 0, n: int = 4) -> RunSpec:
    return RunSpec(question, "1", "exact_text", "best_of_n", {"n": n}, seed)


def test_each_run_is_what_it_is_alone() -> None:
    logs = [Log() for _ in range(5)]
    specs = [spec(f"Question {place}", seed=place, n=place + 1) for place in range(5)]
    runners = [Runner(one, log, clock=noon) for one, log in zip(specs, logs, strict=True)]
    play(runners, scripted_engine(), scripted_scorer())
    assert all(runner.ended and not runner.failure for runner in runners)
    for one, log in zip(specs, logs, strict=True):
        alone = played("best_of_n", one.parameters, question=one.question, seed=one.seed, scorer=scripted_scorer())
        assert log.moves == alone.moves


def test_what_waits_becomes_one_call_a_round() -> None:
    scorer = scripted_scorer()
    score = scorer.score
    drawn, judged = [], []

    def counted(requests: Sequence[Request]) -> list[Draft]:
        drawn.append(len(requests))
        return scripted_drafts(requests)

    def weighed(branches: Sequence[BranchText]) -> list[BranchScores]:
        judged.append(len(branches))
        return score(branches)

    engine = Adapted(Synchronous(counted))
    scorer.score = weighed  # type: ignore[method-assign]
    play([Runner(spec(f"Question {place}"), Log(), clock=noon) for place in range(6)], engine, scorer)
    assert (drawn, judged) == ([24], [24])


def test_an_engine_that_fails_for_one_run_fails_that_run_alone() -> None:
    logs = {question: Log() for question in ("Works", "Fails for good", "Fails for now")}
    runners = [
        Runner(RunSpec(question, "1", "exact_text", "chain_of_thought"), log, clock=noon)
        for question, log in logs.items()
    ]
    play(runners, scripted_engine(script="failing"))
    assert [runner.failure for runner in runners] == [
        "",
        "The script says that this fails.",
        "The script says that this fails for now.",
    ]
    assert logs["Works"].of(events.RunFinished)
    assert [logs[question].of(events.RunFailed)[0].retryable for question in ("Fails for good", "Fails for now")] == [
        False,
        True,
    ]


def test_a_scorer_that_fails_for_one_run_fails_that_run_alone() -> None:
    scorer = scripted_scorer()
    score = scorer.score

    def picky(branches: Sequence[BranchText]) -> list[BranchScores]:
        if any(branch.question == "bad" for branch in branches):
            raise ScorerError("No.")
        return score(branches)

    scorer.score = picky  # type: ignore[method-assign]
    runners = [Runner(spec(question), Log(), clock=noon) for question in ("good", "bad", "better")]
    play(runners, scripted_engine(), scorer)
    assert [runner.failure for runner in runners] == ["", "No.", ""]


def test_another_number_of_drafts_than_requests_is_refused() -> None:
    runner = Runner(spec("Question"), Log(), clock=noon)
    play([runner], Adapted(Synchronous(lambda requests: [])), scripted_scorer())
    assert runner.failure == "Expected 4 drafts; the engine gave 0."


class ClosesAfter(Log):
    """Takes so many hand-overs, then says that someone else owns the run."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def take(self, taken: Sequence[events.Event]) -> None:
        if len(self.moves) == self.count:
            raise SinkClosed("Owned by another.")
        super().take(taken)


@pytest.mark.parametrize("count", range(5))
def test_a_closed_sink_stops_its_run_and_no_other(count: int) -> None:
    closing, other = ClosesAfter(count), Log()
    runners = [Runner(spec("one"), closing, clock=noon), Runner(spec("two"), other, clock=noon)]
    play(runners, scripted_engine(), scripted_scorer())
    assert runners[0].failure == "Owned by another."
    assert len(closing.moves) == count
    assert other.of(events.RunFinished)


def test_an_error_that_is_none_of_the_cores_is_not_swallowed() -> None:
    def broken(requests: Sequence[Request]) -> list[Draft]:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        play([Runner(spec("one"), Log(), clock=noon)], Adapted(Synchronous(broken)), scripted_scorer())


def test_a_failing_engine_is_tried_once_for_all_and_once_for_each() -> None:
    calls = []

    def down(requests: Sequence[Request]) -> list[Draft]:
        calls.append(len(requests))
        raise EngineError("The server is down.", retryable=True)

    runners = [Runner(spec(f"Question {place}", n=2), Log(), clock=noon) for place in range(3)]
    play(runners, Adapted(Synchronous(down)), scripted_scorer())
    assert calls == [6, 2, 2, 2]
    assert all(runner.failure == "The server is down." for runner in runners)


@pytest.mark.parametrize("broken", ["submit", "poll", "cancel"])
def test_an_engine_that_can_do_nothing_more_ends_the_runs_that_wait_for_it(broken: str) -> None:
    engine = scripted_engine(pace=1)

    def down(*_: object) -> list[Delivery]:
        raise EngineError("The server is gone.", retryable=True)

    setattr(engine, broken, down)
    ticks = count(100.0, 1.0)
    budgeted = replace(spec("one"), budget=Budget(seconds=3.0))
    runners = [Runner(budgeted, Log(), clock=lambda: next(ticks)) for _ in range(2)]
    play(runners, engine, scripted_scorer())
    assert [runner.failure for runner in runners] == ["The server is gone."] * 2


def test_no_runs_are_played_in_no_calls() -> None:
    play([], scripted_engine())
