"""Claiming: each run by exactly one owner, several of one experiment at a time; those of the dead are taken over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from apps.runs import leases
from apps.runs.leases import ATTEMPTS, Claim, Kind
from apps.runs.models import Experiment, Run
from apps.runs.services import pause_experiment
from apps.runs.sink import FenceLost, RunSink
from tests.runs.logs import claimed_run, let_leases_run_out, log, waiting_runs


@pytest.mark.django_db
def test_a_claim_starts_the_oldest_runs_of_one_experiment() -> None:
    first, second = waiting_runs(3), waiting_runs(2)
    ids = list(Run.objects.filter(experiment=first).order_by("id").values_list("id", flat=True))
    assert [(claim.run_id, claim.attempt) for claim in leases.claim(2)] == [(ids[0], 1), (ids[1], 1)]
    assert [claim.run_id for claim in leases.claim(2)] == ids[2:]
    assert {claim.run_id for claim in leases.claim(9)} == set(second.runs.values_list("id", flat=True))
    assert leases.claim(9) == []


@pytest.mark.django_db
def test_a_claimed_run_says_whose_it_is_and_until_when() -> None:
    made = waiting_runs()
    [claim] = leases.claim(1)
    run = made.runs.get()
    assert (run.status, run.attempt, run.lease_owner) == ("running", 1, claim.owner)
    assert run.started_at is not None
    assert run.lease_until is not None
    assert (run.lease_until - run.started_at).total_seconds() == leases.LEASE_S


@pytest.mark.django_db
def test_it_takes_only_of_the_experiment_that_is_asked_for() -> None:
    waiting_runs(2)
    second = waiting_runs(2)
    assert {claim.run_id for claim in leases.claim(9, second.pk)} == set(second.runs.values_list("id", flat=True))
    assert leases.claim(9, second.pk) == []


@pytest.mark.django_db
def test_whoever_plays_one_kind_takes_more_of_it_only_until_another_kind_has_waited_longest() -> None:
    first, second = waiting_runs(), waiting_runs()
    Experiment.objects.filter(pk=first.pk).update(scorer="scripted")
    assert leases.claim(9, kind=Kind("scripted", "")) == leases.claim(9, kind=Kind("scripted", "other")) == []
    assert [claim.run_id for claim in leases.claim(9, kind=Kind("scripted", "scripted"))] == [first.runs.get().pk]
    assert [claim.run_id for claim in leases.claim(9, kind=Kind("scripted", ""))] == [second.runs.get().pk]


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["finished", "failed", "cancelled"])
def test_it_takes_no_run_that_has_ended(status: str) -> None:
    Run.objects.filter(experiment=waiting_runs()).update(status=status)
    assert leases.claim(9) == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_it_takes_no_run_of_an_experiment_that_may_not_be_played(state: str) -> None:
    made = waiting_runs()
    Experiment.objects.filter(pk=made.pk).update(state=state)
    assert leases.claim(9) == leases.claim(9, made.pk) == []


@pytest.mark.django_db
def test_a_run_is_taken_over_once_its_lease_has_run_out_and_not_before() -> None:
    claim = claimed_run()
    assert leases.claim(9) == []
    let_leases_run_out()
    [taken] = leases.claim(9)
    assert (taken.run_id, taken.attempt) == (claim.run_id, 2)
    assert taken.owner != claim.owner
    with pytest.raises(FenceLost):
        RunSink(claim.run_id, claim.attempt, claim.owner).take(log())
    RunSink(taken.run_id, taken.attempt, taken.owner).take(log())
    assert Run.objects.get(pk=claim.run_id).status == "finished"


@pytest.mark.django_db
def test_a_lease_that_was_not_renewed_in_time_tells_what_its_run_is_played_with() -> None:
    made = waiting_runs()
    Experiment.objects.filter(pk=made.pk).update(scorer="tiny-prm")
    assert leases.lapsing() is None
    leases.claim(1)
    assert leases.lapsing() is None
    Run.objects.update(lease_until=Now() + timedelta(seconds=leases.LEASE_S - 2 * leases.RENEW_S))
    assert leases.lapsing() == Kind("scripted", "tiny-prm")
    Experiment.objects.filter(pk=made.pk).update(state="paused")
    assert leases.lapsing() is None


@pytest.mark.django_db
def test_after_the_last_attempt_a_run_is_claimed_only_to_be_ended() -> None:
    claim = claimed_run()
    for attempt in range(2, ATTEMPTS + 1):
        let_leases_run_out()
        [claim] = leases.claim(1)
        assert claim.attempt == attempt
    assert claim.is_last
    assert leases.claim_spent(9) == []
    let_leases_run_out()
    assert leases.claim(9) == []
    [spent] = leases.claim_spent(9)
    assert (spent.run_id, spent.attempt) == (claim.run_id, ATTEMPTS)
    assert leases.claim_spent(9) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_claimers_at_once_each_run_goes_to_exactly_one() -> None:
    made = waiting_runs(40)
    leases.claim(20)
    let_leases_run_out()
    together = Barrier(4)

    def claim_until_empty(number: int) -> list[Claim]:
        together.wait()
        mine: list[Claim] = []
        while claims := leases.claim(3):
            mine += claims
        connection.close()
        return mine

    with ThreadPoolExecutor(4) as claimers:
        claimed = [claim for mine in claimers.map(claim_until_empty, range(4)) for claim in mine]
    assert len({claim.run_id for claim in claimed}) == len(claimed) == 40
    rows = set(Run.objects.filter(experiment=made).values_list("id", "attempt", "lease_owner"))
    assert rows == {(claim.run_id, claim.attempt, claim.owner) for claim in claimed}
    assert sorted(claim.attempt for claim in claimed) == [1] * 20 + [2] * 20


@pytest.mark.django_db(transaction=True)
def test_nothing_is_claimed_while_a_pause_is_on_its_way() -> None:
    made = waiting_runs(2)

    def claimed_elsewhere() -> list[Claim]:
        claims = leases.claim(9)
        connection.close()
        return claims

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            pause_experiment(made)
            assert elsewhere.submit(claimed_elsewhere).result() == []
        assert elsewhere.submit(claimed_elsewhere).result() == []


@pytest.mark.django_db
def test_every_claim_has_an_owner_of_its_own_that_fits_its_column() -> None:
    waiting_runs(20)
    owners = {claim.owner for _ in range(20) for claim in leases.claim(1)}
    assert len(owners) == 20
    assert max(map(len, owners)) <= 100
