"""The sink: when it stores, for whom it stores, and that nothing is stored in part."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.runs.models import Maker, Run, RunEvent, Step
from apps.runs.sink import BATCH_EVENTS, FenceLost, RunSink
from tests.runs.logs import claimed_run, counts_of, log, rows_of
from workers.search.errors import SinkClosed
from workers.search.events import Event, Note

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock | None = None) -> RunSink:
    claim = claimed_run()
    return RunSink(claim.run_id, claim.attempt, claim.owner, clock=clock or Clock())


def notes(first: int, last: int) -> list[Event]:
    return [Note(seq, 1.0, "so", {}) for seq in range(first, last + 1)]


def stored_seqs(sink: RunSink) -> list[int]:
    return list(RunEvent.objects.filter(run=sink.run_id).order_by("seq").values_list("seq", flat=True))


def test_it_stores_the_first_events_at_once() -> None:
    sink = opened()
    sink.take(notes(1, 1))
    assert stored_seqs(sink) == [1]


def test_it_gathers_what_comes_within_half_a_second() -> None:
    clock = Clock()
    sink = opened(clock)
    sink.take(notes(1, 1))
    clock.now += 0.25
    sink.take(notes(2, 3))
    assert stored_seqs(sink) == [1]
    clock.now += 0.25
    sink.take(notes(4, 4))
    assert stored_seqs(sink) == [1, 2, 3, 4]


def test_it_stores_when_some_tens_of_events_wait() -> None:
    sink = opened()
    sink.take(notes(1, 1))
    sink.take(notes(2, BATCH_EVENTS))
    assert stored_seqs(sink) == [1]
    sink.take(notes(BATCH_EVENTS + 1, BATCH_EVENTS + 1))
    assert len(stored_seqs(sink)) == BATCH_EVENTS + 1


def test_it_stores_the_end_of_a_run_at_once() -> None:
    sink = opened()
    for event in log():
        sink.take([event])
    assert counts_of(sink.run_id)["status"] == "finished"


def test_what_still_waits_is_stored_when_it_closes() -> None:
    with opened() as sink:
        sink.take(notes(1, 1))
        sink.take(notes(2, 2))
    assert stored_seqs(sink) == [1, 2]


def test_no_events_are_no_transaction() -> None:
    sink = opened()
    with CaptureQueriesContext(connection) as queries:
        sink.take([])
        sink.flush()
    assert len(queries) == 0


def test_a_prune_and_a_choice_reach_steps_of_earlier_batches() -> None:
    sink = opened()
    for event in log():
        sink.take([event])
        sink.flush()
    steps = Step.objects.filter(run=sink.run_id).order_by("number").values_list("pruned", "chosen")
    assert list(steps) == [(10, None), (None, None), (None, 13)]


@pytest.mark.parametrize(
    "change",
    [{"lease_owner": "another"}, {"attempt": 2}, {"status": "failed"}, {"status": "waiting"}],
    ids=["owner", "attempt", "ended", "given back"],
)
def test_it_writes_nothing_once_the_run_is_not_its_own(change: dict[str, object]) -> None:
    sink = opened()
    sink.take(log()[:2])
    Run.objects.filter(pk=sink.run_id).update(**change)
    before = rows_of(sink.run_id), counts_of(sink.run_id)
    with pytest.raises(FenceLost, match="another owner by now, or has ended"):
        sink.take(log()[2:])
    assert (rows_of(sink.run_id), counts_of(sink.run_id)) == before


def test_a_lost_fence_closes_the_run_for_the_core() -> None:
    assert issubclass(FenceLost, SinkClosed)


def test_events_that_come_again_are_stored_and_counted_once() -> None:
    sink = opened()
    sink.take(log()[:9])
    sink.flush()
    before = rows_of(sink.run_id), counts_of(sink.run_id)
    sink.take(log()[:9])
    sink.flush()
    assert (rows_of(sink.run_id), counts_of(sink.run_id)) == before


def test_a_batch_that_breaks_stores_nothing_and_can_come_again() -> None:
    sink = opened()
    with pytest.raises(ValueError, match="expected the event with seq 5; found 6"):
        sink.take([*log()[:4], *log()[5:]])
    assert stored_seqs(sink) == []
    assert counts_of(sink.run_id)["seq"] == 0
    assert not Maker.objects.exists()
    again = RunSink(sink.run_id, 1, Run.objects.get(pk=sink.run_id).lease_owner)
    again.take(log())
    assert counts_of(sink.run_id)["seq"] == len(log())


def test_equal_makers_of_all_runs_are_one_row() -> None:
    for _ in range(2):
        with opened() as sink:
            sink.take(log())
    assert Maker.objects.filter(key="scripted").count() == 2


def test_a_batch_costs_as_many_statements_whatever_its_size() -> None:
    sink = opened()
    sink.take(log()[:2])
    with CaptureQueriesContext(connection) as few:
        sink.take(notes(3, 3))
        sink.flush()
    with CaptureQueriesContext(connection) as many:
        sink.take(notes(4, 1000))
    assert len(few) == len(many)
    assert len(few) <= 8
