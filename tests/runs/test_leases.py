"""Claiming: each waiting run by exactly one owner, several of one experiment at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.runs import leases
from apps.runs.leases import Claim
from apps.runs.models import Run
from tests.runs.logs import waiting_runs


@pytest.mark.django_db
def test_a_claim_starts_the_oldest_runs_of_one_experiment() -> None:
    first, second = waiting_runs(3), waiting_runs(2)
    ids = list(Run.objects.filter(experiment=first).order_by("id").values_list("id", flat=True))
    assert leases.claim("me", 2) == [Claim(ids[0], 1, "me"), Claim(ids[1], 1, "me")]
    assert [claim.run_id for claim in leases.claim("me", 2)] == ids[2:]
    assert {claim.run_id for claim in leases.claim("me", 9)} == set(second.runs.values_list("id", flat=True))
    assert leases.claim("me", 9) == []


@pytest.mark.django_db
def test_a_claimed_run_says_whose_it_is() -> None:
    made = waiting_runs()
    leases.claim("me", 1)
    run = made.runs.get()
    assert (run.status, run.attempt, run.lease_owner) == ("running", 1, "me")
    assert run.started_at is not None


@pytest.mark.django_db
def test_it_takes_only_of_the_experiment_that_is_asked_for() -> None:
    waiting_runs(2)
    second = waiting_runs(2)
    assert {claim.run_id for claim in leases.claim("me", 9, second.pk)} == set(second.runs.values_list("id", flat=True))
    assert leases.claim("me", 9, second.pk) == []


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["running", "finished", "failed"])
def test_it_takes_no_run_that_does_not_wait(status: str) -> None:
    Run.objects.filter(experiment=waiting_runs()).update(status=status)
    assert leases.claim("me", 9) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_claimers_at_once_each_run_goes_to_exactly_one() -> None:
    made = waiting_runs(40)
    together = Barrier(4)

    def claim_until_empty(owner: str) -> list[Claim]:
        together.wait()
        mine: list[Claim] = []
        while claims := leases.claim(owner, 3):
            mine += claims
        connection.close()
        return mine

    with ThreadPoolExecutor(4) as claimers:
        claimed = [claim for mine in claimers.map(claim_until_empty, "abcd") for claim in mine]
    assert len({claim.run_id for claim in claimed}) == len(claimed) == 40
    owners = dict(Run.objects.filter(experiment=made).values_list("id", "lease_owner"))
    assert owners == {claim.run_id: claim.owner for claim in claimed}
    assert set(Run.objects.values_list("attempt", flat=True)) == {1}


def test_every_owner_has_a_name_of_its_own_that_fits_its_column() -> None:
    names = {leases.new_owner() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 100
