"""The local engine as the core uses it: submit, poll, cancel."""

from __future__ import annotations

import pytest

from workers.engines.local_transformers import LocalTransformers, TinyPolicyParams, tiny_policy
from workers.search.protocols import Delivery, Engine, Request
from workers.search.synchronous import write_all

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow_models]

QUESTION = "8?2?6?9?8?6=43"


@pytest.fixture
def engine() -> Engine:
    return tiny_policy(TinyPolicyParams(device="cpu"))


def request(place: int = 0, until: str = "end", prefix: tuple[int, ...] = (), most: int | None = None) -> Request:
    return Request(QUESTION, prefix, until, 1.0, (3, place), most)


def all_of(engine: Engine, count: int) -> list[Delivery]:
    found: list[Delivery] = []
    while len(found) < count:
        found += engine.poll()
    return found


def test_what_is_done_first_comes_first_and_the_rest_goes_on(engine):
    long, short = engine.submit([request(0), request(1, most=2)])
    [first] = engine.poll()
    assert (first.ticket, first.draft.stop) == (short, "length")
    [last] = all_of(engine, 1)
    assert (last.ticket, last.draft.stop) == (long, "end")
    assert engine.poll() == []


def test_a_poll_gives_back_control_though_nothing_is_done(engine):
    engine.submit([request()])
    assert engine.poll() == []
    assert all_of(engine, 1)[0].draft.generated > 16


def test_requests_that_come_later_join_those_under_way_and_are_drawn_as_alone(engine):
    early = engine.submit([request(place) for place in range(3)])
    engine.poll()
    late = engine.submit([request(place) for place in range(3, 6)])
    texts = {delivery.ticket: delivery.draft.text for delivery in all_of(engine, 6)}
    alone = tiny_policy(TinyPolicyParams(device="cpu"))
    assert [texts[ticket] for ticket in (*early, *late)] == [
        write_all(alone, [request(place)])[0].text for place in range(6)
    ]


def test_a_cancelled_draft_holds_what_was_written_and_what_it_cost(engine):
    tickets = engine.submit([request(0), request(1)])
    engine.poll()
    [gone] = engine.cancel([tickets[0], 999])
    assert (gone.ticket, gone.draft.stop, gone.draft.generated) == (tickets[0], "cancelled", 16)
    assert len(gone.draft.trace.ids) == 16
    assert sum(gone.draft.trace.lengths) == len(gone.draft.text)
    assert gone.draft.computed >= 15
    assert engine.cancel([tickets[0]]) == []
    assert [delivery.ticket for delivery in all_of(engine, 1)] == [tickets[1]]


def test_a_request_at_fault_fails_alone(engine):
    bad, good = engine.submit([request(prefix=(20,) * 200), request(1)])
    found = {delivery.ticket: delivery for delivery in all_of(engine, 2)}
    assert not found[bad].error.retryable
    assert found[good].draft.stop == "end"


def test_the_next_move_runs_no_token_of_the_last_one_again(engine):
    assert isinstance(engine, LocalTransformers)
    [first] = write_all(engine, [request(0, "step")])
    second = write_all(engine, [request(place, "step", first.trace.ids) for place in range(1, 5)])
    assert [draft.computed - (draft.generated - 1) for draft in second] == [1, 0, 0, 0]
    assert engine.counts.again == 0


def test_little_memory_changes_no_draft_and_loses_none(engine):
    small = tiny_policy(TinyPolicyParams(device="cpu", memory_mb=1))
    requests = [request(place) for place in range(12)]
    assert [draft.text for draft in write_all(small, requests)] == [draft.text for draft in write_all(engine, requests)]
    assert small.counts.evicted > 0
