"""A run goes on from its own log as if it had never stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search.playing import Log, noon, quick, scripted_engine, scripted_scorer
from tests.search.replaying import Silent, cuts, events_of, listed, resumed, spec_of, wander
from workers.search import events
from workers.search.budget import Budget
from workers.search.ensemble import play
from workers.search.events import Event
from workers.search.events_json import read_line, write_line
from workers.search.log import IDLE, ending, seconds_spent, whole_moves
from workers.search.moves import Expand
from workers.search.registry import Play
from workers.search.runner import Runner
from workers.search.step import Step

limits = st.builds(Budget, steps=st.none() | st.integers(1, 40), tokens=st.none() | st.integers(1, 200))


@settings(quick, max_examples=120)
@given(budget=limits, seed=st.integers(0, 2**32), pace=st.integers(0, 9))
def test_any_moves_cut_at_any_event_and_resumed_are_the_whole_run(budget: Budget, seed: int, pace: int) -> None:
    with listed(wander) as key:
        spec = spec_of(key, budget=budget, seed=seed)
        whole = events_of(spec, scripted_engine(pace=pace))
        assert not isinstance(whole[-1], events.RunFailed)
        for part in cuts(whole):
            assert resumed(spec, part, engine=scripted_engine(pace=pace)) == whole


def test_wandering_meets_everything_that_may_happen_in_a_move() -> None:
    with listed(wander) as key:
        logs = [events_of(spec_of(key, seed=seed), scripted_engine(pace=2, answers=1)) for seed in range(60)]
    kinds = {event.kind for log in logs for event in log}
    assert {"step-added", "step-repeated", "step-scored", "step-pruned", "answered", "answer-chosen"} <= kinds
    together = {frozenset(event.kind for event in log if event.move == move) for log in logs for move in range(1, 9)}
    assert any({"step-added", "step-pruned"} <= kinds for kinds in together)


@quick
@given(seed=st.integers(0, 2**32))
def test_a_log_written_out_and_read_in_again_is_as_good(seed: int) -> None:
    with listed(wander) as key:
        spec = spec_of(key, seed=seed)
        whole = events_of(spec)
        read = [read_line(write_line(event)) for event in whole]
        for part in cuts(read):
            assert resumed(spec, part) == whole


@quick
@given(budget=limits, seed=st.integers(0, 2**32))
def test_a_replayed_log_is_that_log_and_asks_the_engine_nothing(budget: Budget, seed: int) -> None:
    with listed(wander) as key:
        spec = spec_of(key, budget=budget, seed=seed)
        whole = events_of(spec)
        assert resumed(spec, _without_end(whole), engine=Silent()) == whole


@quick
@given(budget=limits, seed=st.integers(0, 2**32))
def test_the_tree_is_what_it_was_when_it_was_played(budget: Budget, seed: int) -> None:
    with listed(wander) as key:
        spec = spec_of(key, budget=budget, seed=seed)
        log = Log()
        first = Runner(spec, log, clock=noon)
        play([first], scripted_engine(), scripted_scorer())
        again = Runner(replace(spec, log=tuple(_without_end(log.events))), Log(), clock=noon)
        play([again], scripted_engine(), scripted_scorer())
        assert [_seen(step) for step in again.tree.steps] == [_seen(step) for step in first.tree.steps]


def _seen(step: Step) -> tuple[object, ...]:
    return tuple(getattr(step, field.name) for field in fields(step))


def _without_end(log: Sequence[Event]) -> list[Event]:
    """A finished log without its last scores and its end."""
    return whole_moves(log, log[-1].seq - 1)


@pytest.mark.parametrize("outcome", ["answered", "out-of-budget"])
def test_a_run_that_has_ended_stays_as_it_is(outcome: str) -> None:
    spec = spec_of("self_consistency", budget=Budget(steps=9 if outcome == "out-of-budget" else None))
    whole = events_of(spec)
    assert ending(whole).outcome == outcome
    log = Log()
    runner = Runner(replace(spec, log=tuple(whole)), log, clock=noon)
    assert (runner.ended, runner.failure) == (True, "")
    play([runner], Silent())
    assert not log.events


def test_a_run_that_has_failed_stays_failed_with_its_reason() -> None:
    spec = replace(spec_of("self_consistency"), checker="game24")
    whole = events_of(spec)
    assert isinstance(whole[-1], events.RunFailed)
    runner = Runner(replace(spec, log=tuple(whole)), Log(), clock=noon)
    assert (runner.ended, runner.failure) == (True, whole[-1].reason)


def test_answers_are_taken_from_the_log_and_no_checker_runs() -> None:
    spec = spec_of("self_consistency", parameters={"n": 4})
    whole = events_of(spec)
    judged = [replace(event, correct=None) if isinstance(event, events.Answered) else event for event in whole]
    log = Log()
    runner = Runner(replace(spec, log=tuple(_without_end(judged))), log, clock=noon)
    play([runner], Silent(), scripted_scorer())
    answers = [step.answer for step in runner.tree.steps if step.answer is not None]
    assert len(answers) == 4
    assert not any(answer.correct for answer in answers)


def test_moves_are_whole_up_to_a_seq() -> None:
    whole = events_of(spec_of("best_of_n", parameters={"n": 4}))
    for event in whole:
        part = whole_moves(whole, event.seq)
        rest = whole[len(part) :]
        assert len(part) <= event.seq
        assert not rest or rest[0].move != part[-1].move if part else True
        assert all(other.move == event.move for other in whole[len(part) : event.seq])
    assert whole_moves(whole, whole[-1].seq) == whole
    assert whole_moves(whole, 0) == []
    assert whole_moves(whole, 1) == whole[:1]


class Clock:
    """Says the seconds a test puts into it; `steps` are added at each look."""

    def __init__(self, now: float, pace: float = 0.0) -> None:
        self.now, self.pace = now, pace

    def __call__(self) -> float:
        self.now += self.pace
        return self.now


def test_the_time_nobody_played_is_no_time_of_the_run() -> None:
    with listed(wander) as key:
        spec = spec_of(key, seed=3, budget=Budget(seconds=1000.0))
        whole = events_of(spec, clock=Clock(0.0, pace=1.0))
        part = cuts(whole)[2]
        away = resumed(spec, part, clock=Clock(5_000_000.0, pace=1.0))
        notes = [event for event in away if isinstance(event, events.Note)]
        assert [note.data[IDLE] for note in notes] == [5_000_001.0 - part[-1].at]
        assert seconds_spent(away) == pytest.approx(seconds_spent(whole), abs=2)
        twice = resumed(spec, whole_moves(away, notes[0].seq + 1), clock=Clock(9_000_000.0, pace=1.0))
        assert seconds_spent(twice) == pytest.approx(seconds_spent(whole), abs=4)
        assert not [event for event in twice if isinstance(event, events.BudgetSpent)]


def test_the_seconds_played_before_count() -> None:
    spec = spec_of("self_consistency", budget=Budget(seconds=10.0))
    whole = events_of(spec)
    late = [replace(whole[0], at=noon() - 11.0), events.Note(2, noon(), "Eleven seconds later.", {})]
    again = resumed(spec, late)
    assert [event.resource for event in again if isinstance(event, events.BudgetSpent)] == ["seconds"]
    assert not [event for event in again if isinstance(event, events.StepAdded)]


def test_a_draft_cancelled_when_the_seconds_were_over_stays_so() -> None:
    def long_drafts(root: Step, params: Any, random: Any) -> Play:
        [drawn] = yield Expand((root,), width=3)
        yield Expand((root,), width=len(drawn) + 1)

    with listed(long_drafts) as key:
        spec = spec_of(key, budget=Budget(seconds=9.0))
        whole = events_of(spec, scripted_engine(pace=2, lines=60), clock=Clock(0.0, pace=1.0))
        [given_up] = {event.why for event in whole if isinstance(event, events.StepPruned)}
        assert "seconds" in given_up
        stored = _without_end(whole)
        again = resumed(spec, stored, engine=Silent(), clock=lambda: stored[-1].at)
    assert [replace(event, at=0.0) for event in again] == [replace(event, at=0.0) for event in whole]
