"""A run forked to go on with another seed or another engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import noon, quick, scripted_engine
from tests.search.replaying import cuts, events_of, listed, resumed, spec_of, wander
from workers.search import events
from workers.search.events import Event, Maker
from workers.search.log import whole_moves
from workers.search.moves import Expand, Prune
from workers.search.registry import Play
from workers.search.step import Step


def forked(log: Sequence[Event], seed: int, splitter: str = "line-1") -> list[Event]:
    """The log of a continue fork that has not begun."""
    makers: tuple[Maker, ...] = ()
    return [*log, events.RunContinued(log[-1].seq + 1, noon(), seed, splitter, makers, "41", log[-1].seq)]


@quick
@given(seed=st.integers(0, 2**32), place=st.integers(0, 50))
def test_what_was_recorded_stays_and_the_rest_follows_without_a_gap(seed: int, place: int) -> None:
    with listed(wander) as key:
        spec = spec_of(key, seed=seed)
        whole = events_of(spec)
        part = whole_moves(whole, min(place, len(whole) - 1) or 1)
        again = resumed(spec, forked(part, seed))
        assert again[: len(part)] == part
        assert isinstance(again[-1], events.RunFinished)
        assert [event.seq for event in again] == list(range(1, len(again) + 1))
        numbers = [event.number for event in again if isinstance(event, events.StepAdded)]
        assert numbers == list(range(1, len(numbers) + 1))


@quick
@given(
    seeds=st.lists(st.integers(0, 2**32), min_size=3, max_size=3, unique=True),
    places=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_a_continued_run_can_be_resumed_and_continued_again(seeds: list[int], places: tuple[int, int]) -> None:
    with listed(wander) as key:
        log: list[Event] = events_of(spec_of(key, seed=seeds[0]))
        for seed, place in zip(seeds[1:], places, strict=True):
            part = whole_moves(log, min(place, len(log) - 1) or 1)
            log = resumed(spec_of(key, seed=seed), forked(part, seed))
            assert isinstance(log[-1], events.RunFinished)
            for cut in cuts(log[len(part) + 1 :]):
                assert resumed(spec_of(key, seed=seed), log[: len(part) + 1 + len(cut)]) == log


def test_another_seed_leads_elsewhere() -> None:
    spec = spec_of("self_consistency", parameters={"n": 4})
    whole = events_of(spec)
    again = resumed(replace(spec, seed=1), forked(whole[:1], 1))

    def texts(log: Sequence[Event]) -> list[str]:
        return [event.text for event in log if isinstance(event, events.StepAdded)]

    assert texts(again) != texts(whole)
    assert texts(again) == texts(events_of(replace(spec, seed=1)))


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_the_strategys_lot_is_cast_by_the_new_seed_from_the_fork_on(place: int) -> None:
    def by_lot(root: Step, params: Any, random: Random) -> Play:
        [tips] = yield Expand((root,), width=4)
        for tip in tips[:3]:
            yield Prune((tip,), f"Number {random.random()}.")

    with listed(by_lot) as key:
        whole = events_of(spec_of(key, seed=5))
        part = [event for event in whole if event.move <= place]
        again = resumed(spec_of(key, seed=6), forked(part, 6))
    old, new = Random(5), Random(6)
    kept = max(0, place - 1)
    lots = [old.random() for _ in range(kept)] + [new.random() for _ in range(3 - kept)]
    assert [event.why for event in again if isinstance(event, events.StepPruned)] == [f"Number {lot}." for lot in lots]


def test_a_seed_that_nobody_recorded_is_refused() -> None:
    spec = spec_of("self_consistency")
    *_, failed = resumed(replace(spec, seed=2), forked(events_of(spec)[:1], 1))
    assert isinstance(failed, events.RunFailed)
    assert "event 2:" in failed.reason
    assert "seed 2" in failed.reason


class Other:
    """The scripted engine under another name, whose tokens are letters and whose prefixes it keeps."""

    def __init__(self) -> None:
        self.inner = scripted_engine()
        self.splitter = self.inner.splitter
        self.poll, self.cancel = self.inner.poll, self.inner.cancel
        self.prefixes: list[tuple[int, ...]] = []

    def submit(self, requests: Sequence[Any]) -> list[int]:
        self.prefixes.extend(request.prefix for request in requests)
        return self.inner.submit(requests)

    def encode(self, text: str) -> tuple[int, ...]:
        return tuple(map(ord, text))

    def identity(self) -> Maker:
        return Maker("engine", "other")


def test_another_engine_is_given_its_own_tokens_for_what_was_there() -> None:
    def two_levels(root: Step, params: Any, random: Random) -> Play:
        [[first, _]] = yield Expand((root,), width=2, until="step")
        yield Expand((first,), width=1, until="step")

    with listed(two_levels) as key:
        engine = Other()
        first = [event for event in events_of(spec_of(key), scripted_engine(lines=60)) if event.move <= 1]
        again = resumed(spec_of(key), forked(first, 0), engine=engine)
    steps = [event for event in again if isinstance(event, events.StepAdded)]
    assert engine.prefixes == [tuple(map(ord, steps[0].text))]
    assert [step.maker.key for step in steps] == ["scripted", "scripted", "other"]
