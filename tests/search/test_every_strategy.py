"""The contract every strategy of the list keeps; nothing here names one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import Log, Synchronous, played, quick, scripted_drafts, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.budget import Budget
from workers.search.parameters import parameters_as_json, read_parameters, read_preset
from workers.search.protocols import Draft, Request
from workers.search.registry import Entry
from workers.search.strategies import STRATEGIES
from workers.search.synchronous import Adapted

every_strategy = pytest.mark.parametrize("entry", list(STRATEGIES), ids=lambda entry: entry.key)
Strategy = Entry[Callable[..., Any]]


def run(entry: Strategy, **given: Any) -> Log:
    return played(entry.key, scorer=scripted_scorer(), **given)


@every_strategy
@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_the_same_seed_gives_the_same_events(entry: Strategy, seed: int) -> None:
    assert run(entry, seed=seed).moves == run(entry, seed=seed).moves


@every_strategy
def test_another_seed_gives_other_texts(entry: Strategy) -> None:
    def texts(seed: int) -> tuple[str, ...]:
        return tuple(step.text for step in run(entry, seed=seed).of(events.StepAdded))

    assert len({texts(seed) for seed in range(5)}) > 1


@every_strategy
def test_events_count_from_one_and_numbers_follow_birth(entry: Strategy) -> None:
    log = run(entry)
    assert [event.seq for event in log.events] == list(range(1, len(log.events) + 1))
    steps = log.of(events.StepAdded)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))


@every_strategy
def test_a_parent_precedes_its_children_by_one_level(entry: Strategy) -> None:
    depths = {0: 0}
    for step in run(entry).of(events.StepAdded):
        assert step.depth == depths[step.parent] + 1
        depths[step.number] = step.depth


@every_strategy
def test_it_begins_and_ends_as_a_run_does(entry: Strategy) -> None:
    log = run(entry)
    assert [type(event) for event in log.moves[0]] == [events.RunStarted]
    assert isinstance(log.moves[-1][-1], events.RunFinished)
    [started] = log.of(events.RunStarted)
    assert (started.strategy, started.strategy_version) == (entry.key, entry.version)
    assert [maker.kind for maker in started.makers] == ["strategy", "engine", "scorer"]
    assert read_parameters(entry.params, started.parameters) == entry.params()


@every_strategy
def test_every_decision_says_why_with_its_numbers(entry: Strategy) -> None:
    log = run(entry)
    whys = [event.why for event in (*log.of(events.AnswerChosen), *log.of(events.StepPruned))]
    assert whys
    assert all(any(letter.isdigit() for letter in why) for why in whys)


@every_strategy
def test_the_chosen_step_exists_has_ended_and_is_scored(entry: Strategy) -> None:
    log = run(entry)
    [chosen] = log.of(events.AnswerChosen)
    [step] = [step for step in log.of(events.StepAdded) if step.number == chosen.number]
    assert step.terminal
    assert chosen.number in {score.number for score in log.of(events.StepScored)}


@every_strategy
def test_every_step_is_scored_once_where_there_is_a_scorer(entry: Strategy) -> None:
    log = run(entry)
    assert sorted(score.number for score in log.of(events.StepScored)) == [
        step.number for step in log.of(events.StepAdded)
    ]


@every_strategy
def test_nothing_is_scored_without_a_scorer(entry: Strategy) -> None:
    log = played(entry.key)
    assert not log.of(events.StepScored)
    assert bool(log.of(events.RunFailed)) is entry.needs_scorer


@every_strategy
def test_every_ended_step_is_answered_in_the_move_it_was_born_in(entry: Strategy) -> None:
    for move in run(entry).moves:
        ended = [event.number for event in move if isinstance(event, events.StepAdded) and event.terminal]
        assert [event.number for event in move if isinstance(event, events.Answered)] == ended


@every_strategy
def test_the_events_of_one_move_arrive_together(entry: Strategy) -> None:
    kinds = [{event.kind for event in move} for move in run(entry).moves]
    grown = {"step-added", "step-repeated", "step-pruned", "answered", "budget-spent"}
    together = (grown, {"step-scored", "run-finished"})
    assert all(len(kind) == 1 or any(kind <= allowed for allowed in together) for kind in kinds)


@every_strategy
def test_events_say_which_move_they_came_of(entry: Strategy) -> None:
    moves = run(entry).moves
    assert all(len({event.move for event in move}) == 1 for move in moves)
    numbers = [move[0].move for move in moves]
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))


def tokens_of(log: Log) -> int:
    """Tokens that were generated for the run, those of repeats too."""
    return sum(cost.generated for cost in (*log.of(events.StepAdded), *log.of(events.StepRepeated)))


limits = st.builds(
    Budget,
    steps=st.none() | st.integers(1, 40),
    tokens=st.none() | st.integers(1, 300),
    seconds=st.none() | st.just(0.0) | st.floats(1.0, 60.0),
)


@every_strategy
@quick
@given(budget=limits, seed=st.integers(0, 2**40), pace=st.integers(0, 9))
def test_no_run_outgrows_its_budget(entry: Strategy, budget: Budget, seed: int, pace: int) -> None:
    ticks = count(1000.0, 1.0)
    log = run(entry, budget=budget, seed=seed, engine=scripted_engine(pace=pace), clock=lambda: next(ticks))
    steps = log.of(events.StepAdded)
    assert budget.steps is None or len(steps) <= budget.steps
    assert budget.tokens is None or tokens_of(log) <= budget.tokens
    assert budget.seconds != 0 or not steps
    [finished] = log.of(events.RunFinished)
    assert bool(log.of(events.BudgetSpent)) is (finished.outcome == "out-of-budget")
    assert not log.of(events.RunFailed)


@every_strategy
def test_a_run_within_its_budget_is_the_run_without_one(entry: Strategy) -> None:
    plain = run(entry)
    steps = plain.of(events.StepAdded)
    # A draw needs room for a step before anybody can know that it repeats one.
    draws = len(steps) + sum(repeated.times for repeated in plain.of(events.StepRepeated))
    ample = Budget(steps=draws, tokens=1000 * sum(step.generated for step in steps), seconds=1.0)
    assert run(entry, budget=ample).moves == plain.moves


@every_strategy
def test_costs_add_up_to_what_the_engine_charged(entry: Strategy) -> None:
    drafts: list[Draft] = []

    def counted(requests: Sequence[Request]) -> list[Draft]:
        written = scripted_drafts(requests)
        drafts.extend(written)
        return written

    log = run(entry, engine=Adapted(Synchronous(counted)))
    costs = [*log.of(events.StepAdded), *log.of(events.StepRepeated)]
    assert sum(cost.generated for cost in costs) == sum(draft.generated for draft in drafts)
    assert sum(cost.computed for cost in costs) == sum(draft.computed for draft in drafts)


@every_strategy
def test_presets_are_parameters_and_every_field_has_help(entry: Strategy) -> None:
    assert set(entry.params.PRESETS) == {"low", "medium", "high"}
    for name in entry.params.PRESETS:
        preset = read_preset(entry.params, name)
        assert read_parameters(entry.params, parameters_as_json(preset)) == preset
    assert all(field.metadata["help"].endswith(".") for field in dataclasses.fields(entry.params))
    assert entry.make.__doc__
