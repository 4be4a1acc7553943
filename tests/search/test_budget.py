"""What a budget lets through, what it says when it bites, and what a run does then."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.conftest import Register
from tests.search.playing import played, quick, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.budget import Budget, Meter
from workers.search.errors import BadParameter
from workers.search.moves import Expand
from workers.search.parameters import read_parameters
from workers.search.registry import Play
from workers.search.step import Step


@quick
@given(tokens=st.integers(0, 500), draws=st.integers(1, 60))
def test_shares_use_up_what_is_left_and_no_more(tokens: int, draws: int) -> None:
    meter = Meter(Budget(tokens=tokens), 0.0)
    allowed, _ = meter.allowed(draws, 0.0)
    shares = meter.shares(allowed)
    assert len(shares) == allowed
    assert sum(share or 0 for share in shares) == (tokens if allowed else 0)
    assert all(share is not None and share >= 1 for share in shares)


def test_without_limits_everything_is_allowed() -> None:
    meter = Meter(Budget(), 0.0)
    assert meter.allowed(1000, 1e9) == (1000, "")
    assert meter.shares(2) == [None, None]


def test_a_spent_budget_says_which_limit_and_what_was_spent() -> None:
    [spent] = played("self_consistency", {"n": 16}, budget=Budget(steps=5)).of(events.BudgetSpent)
    assert (spent.resource, spent.limit, spent.spent) == ("steps", 5.0, 5.0)
    [spent] = played("self_consistency", {"n": 16}, budget=Budget(tokens=9)).of(events.BudgetSpent)
    assert (spent.resource, spent.limit, spent.spent) == ("tokens", 9.0, 9.0)


def test_a_limit_is_told_of_once_however_often_it_bites(own_strategy: Register) -> None:
    replies: list[object] = []

    def moves(root: Step) -> Play:
        for _ in range(3):
            replies.append((yield Expand((root,), width=2)))

    log = played(own_strategy(moves), budget=Budget(tokens=3))
    assert len(log.of(events.BudgetSpent)) == 1
    assert replies[1:] == [[[]], [[]]]


def test_it_chooses_among_what_has_ended_when_the_budget_is_spent() -> None:
    plain = played("best_of_n", {"n": 8}, scorer=scripted_scorer())
    tokens = sum(step.generated for step in plain.of(events.StepAdded))
    log = played("best_of_n", {"n": 8}, scorer=scripted_scorer(), budget=Budget(tokens=tokens * 3 // 4))
    ended = {step.number for step in log.of(events.StepAdded) if step.terminal}
    leaves = {step.number for step in log.of(events.StepAdded)} - {step.parent for step in log.of(events.StepAdded)}
    assert 0 < len(ended) < len(leaves)
    [chosen], [finished] = log.of(events.AnswerChosen), log.of(events.RunFinished)
    assert chosen.number in ended
    assert finished.outcome == "out-of-budget"


def test_nothing_is_drawn_once_the_seconds_are_over() -> None:
    ticks = count(100.0, 10.0)
    log = played("chain_of_thought", budget=Budget(seconds=0.0), clock=lambda: next(ticks))
    [spent] = log.of(events.BudgetSpent)
    assert (spent.resource, spent.limit) == ("seconds", 0.0)
    assert not log.of(events.StepAdded)


def test_every_draft_gets_a_step_when_steps_run_short() -> None:
    log = played("self_consistency", {"n": 4}, engine=scripted_engine(lines=30), budget=Budget(steps=6))
    assert sum(step.parent == 0 for step in log.of(events.StepAdded)) == 4
    assert len(log.of(events.StepAdded)) == 6


def test_a_stored_budget_is_read_like_parameters() -> None:
    assert read_parameters(Budget, {"steps": None, "tokens": 40}) == Budget(tokens=40)
    with pytest.raises(BadParameter, match="'tokens': expected at least 1; found 0"):
        read_parameters(Budget, {"tokens": 0})


@pytest.mark.parametrize("limit", ["steps", "tokens", "seconds"])
def test_a_limit_that_limits_nothing_is_refused(limit: str) -> None:
    with pytest.raises(BadParameter, match=f"'{limit}': expected at most 1000000000; found 1000000001"):
        read_parameters(Budget, {limit: 10**9 + 1})
