"""A lease is kept by renewing it and given up by handing back; a slow move holds up nothing taken before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from apps.runs import leases
from apps.runs.leases import RENEW_S
from apps.runs.models import Run, RunEvent
from apps.runs.renewal import Renewal
from apps.runs.sink import BATCH_S, RunSink
from tests.runs.logs import claimed_run, log, waiting_runs

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def seconds_left(run_id: int) -> int:
    """Rounded, because the database's clock goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT round(extract(epoch FROM lease_until - now())) FROM runs_run WHERE id = %s", [run_id])
        return int(cursor.fetchone()[0])


def running_out(claim: leases.Claim, seconds: float) -> None:
    Run.objects.filter(pk=claim.run_id).update(lease_until=Now() + timedelta(seconds=seconds))


def test_one_statement_renews_all_leases_and_tells_which_are_lost(django_assert_num_queries: object) -> None:
    waiting_runs(4)
    claims = leases.claim(4)
    for claim in claims:
        running_out(claim, 3)
    taken, ended, held, late = claims
    Run.objects.filter(pk=taken.run_id).update(attempt=2, lease_owner="another")
    Run.objects.filter(pk=ended.run_id).update(status="finished")
    running_out(late, -3)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert leases.renew(claims) == {held, late}
    assert [seconds_left(claim.run_id) for claim in (held, late)] == [leases.LEASE_S] * 2
    assert seconds_left(taken.run_id) == 3


def test_a_run_that_is_handed_back_waits_and_its_attempt_is_not_counted() -> None:
    claim = claimed_run()
    assert leases.hand_back([claim], counted=False) == 1
    run = Run.objects.get(pk=claim.run_id)
    assert (run.status, run.attempt, run.lease_owner) == ("waiting", 0, "")
    [again] = leases.claim(1)
    assert (again.run_id, again.attempt) == (claim.run_id, 1)
    assert leases.hand_back([claim], counted=False) == 0
    assert leases.renew([claim, again]) == {again}


def test_a_run_in_trouble_waits_for_a_while_and_its_attempt_is_counted() -> None:
    claim = claimed_run()
    leases.hand_back([claim], counted=True, after_s=10)
    assert leases.claim(1) == []
    running_out(claim, -1)
    assert [again.attempt for again in leases.claim(1)] == [2]


def test_nothing_is_renewed_before_it_is_time() -> None:
    clock, claim = Clock(), claimed_run()
    renewal = Renewal(clock=clock)
    renewal.hold(claim, RunSink(claim.run_id, claim.attempt, claim.owner))
    renewal.tick()
    running_out(claim, 3)
    clock.now += RENEW_S - 0.1
    renewal.tick()
    assert seconds_left(claim.run_id) == 3
    clock.now += 0.1
    renewal.tick()
    assert seconds_left(claim.run_id) == leases.LEASE_S
    assert renewal.lost == frozenset()


def test_what_was_taken_away_is_told_and_what_was_let_go_is_not() -> None:
    clock, claims = Clock(), [claimed_run(), claimed_run()]
    renewal = Renewal(clock=clock)
    for claim in claims:
        renewal.hold(claim, RunSink(claim.run_id, claim.attempt, claim.owner))
    Run.objects.update(lease_owner="another")
    renewal.let_go(claims[0])
    renewal.tick()
    assert renewal.lost == {claims[1]}


def test_a_move_is_stored_though_no_other_comes_after_it() -> None:
    clock, claim = Clock(), claimed_run()
    sink, renewal = RunSink(claim.run_id, claim.attempt, claim.owner, clock=clock), Renewal(clock=clock)
    renewal.hold(claim, sink)
    stored = RunEvent.objects.filter(run=claim.run_id)
    sink.take(log()[:1])
    sink.take(log()[1:3])
    renewal.tick()
    assert stored.count() == 1
    clock.now += BATCH_S
    renewal.tick()
    assert stored.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_thread_renews_and_stores_while_whoever_plays_is_busy() -> None:
    claim = claimed_run()
    running_out(claim, 1)
    jumps = Clock()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner, clock=jumps)
    sink.take(log()[:1])
    sink.take(log()[1:3])
    jumps.now += RENEW_S
    with Renewal(clock=jumps) as renewal:
        renewal.hold(claim, sink)
        while RunEvent.objects.filter(run=claim.run_id).count() < 3:
            pass
        jumps.now += RENEW_S
        while seconds_left(claim.run_id) < 10:
            pass
    assert renewal.lost == frozenset()


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_the_thread_is_raised_to_whoever_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(claims: object, lease_s: float) -> None:
        raise TypeError("no such thing")

    claim, jumps = claimed_run(), Clock()
    monkeypatch.setattr(leases, "renew", broken)
    with Renewal(clock=jumps) as renewal:
        renewal.hold(claim, RunSink(claim.run_id, claim.attempt, claim.owner))
        jumps.now += RENEW_S
        while renewal._thread.is_alive():
            pass
    with pytest.raises(TypeError, match="no such thing"):
        assert renewal.lost
