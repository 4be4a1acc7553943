"""The list of snapshots is paged by the server, and takes no more queries for a thousand than for ten."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.datasets.models import Snapshot

SignIn = Callable[[User], Client]


def frozen(team: Team, numbers: range, by: User) -> None:
    Snapshot.objects.bulk_create(
        Snapshot(
            team=team,
            number=number,
            name=f"round {number}",
            sha256=f"{number:064}",
            problem_count=1,
            run_count=1,
            step_count=1,
            label_count=1,
            created_by=by,
        )
        for number in numbers
    )


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_thousand_snapshots_take_as_many_queries_as_ten(team: Team, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    frozen(team, range(1, 11), owner)
    few = queries(client, "/t/demo/datasets/")
    frozen(team, range(11, 1001), owner)
    assert queries(client, "/t/demo/datasets/") == few <= 8
    assert queries(client, "/t/demo/datasets/?page=20") == few
    shown = client.get("/t/demo/datasets/").content.decode()
    assert "1–50 of 1,000" in shown
    assert "round 951" in shown
    assert "round 950<" not in shown
