"""The contract of a stored log, which every strategy of the list keeps; nothing here names one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick, scripted_engine
from tests.search.replaying import Silent, cuts, events_of, resumed, spec_of
from workers.search import events
from workers.search.budget import Budget
from workers.search.log import whole_moves
from workers.search.registry import Entry
from workers.search.strategies import STRATEGIES

every_strategy = pytest.mark.parametrize("entry", list(STRATEGIES), ids=lambda entry: entry.key)
Strategy = Entry[Callable[..., Any]]
limits = st.builds(Budget, steps=st.none() | st.integers(1, 60), tokens=st.none() | st.integers(1, 400))


@every_strategy
@quick
@given(budget=limits, seed=st.integers(0, 2**40), pace=st.integers(0, 12))
def test_cut_at_any_event_and_resumed_it_is_the_whole_run(
    entry: Strategy, budget: Budget, seed: int, pace: int
) -> None:
    spec = spec_of(entry.key, seed=seed, budget=budget)
    whole = events_of(spec, scripted_engine(pace=pace))
    assert isinstance(whole[-1], events.RunFinished)
    for part in cuts(whole):
        assert resumed(spec, part, engine=scripted_engine(pace=pace)) == whole


@every_strategy
@quick
@given(seed=st.integers(0, 2**40))
def test_a_replayed_log_is_that_log_and_asks_the_engine_nothing(entry: Strategy, seed: int) -> None:
    spec = spec_of(entry.key, seed=seed)
    whole = events_of(spec)
    assert resumed(spec, whole_moves(whole, whole[-1].seq - 1), engine=Silent()) == whole
    assert resumed(spec, whole, engine=Silent()) == whole
