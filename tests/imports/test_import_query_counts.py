"""The list of imports is paged by the server, and takes no more queries for a thousand than for ten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.imports.models import ImportBatch
from apps.runs.models import Experiment

SignIn = Callable[[User], Client]


def imported(team: Team, count: int, by: User) -> None:
    """That many imports, each with three rejected rows."""
    experiments = Experiment.objects.bulk_create(
        Experiment(team=team, kind=Experiment.Kind.IMPORTED, name=f"file {n}", strategy="prm800k") for n in range(count)
    )
    ImportBatch.objects.bulk_create(
        ImportBatch(
            team=team,
            experiment=experiment,
            file_name=f"{experiment.name}.jsonl",
            file_sha256=f"{experiment.pk:064}",
            format="prm800k",
            created_by=by,
            rejected=[{"line": 1}] * 3,
        )
        for experiment in experiments
    )


@pytest.fixture
def client(owner: User, client_of: SignIn) -> Client:
    return client_of(owner)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_thousand_imports_take_as_many_queries_as_ten(team: Team, owner: User, client: Client) -> None:
    imported(team, 10, owner)
    few = queries(client, "/t/demo/imports/")
    imported(team, 990, owner)
    assert queries(client, "/t/demo/imports/") == few <= 8
    assert queries(client, "/t/demo/imports/?page=20") == few


def test_a_page_holds_fifty_imports_the_newest_first(team: Team, owner: User, client: Client) -> None:
    imported(team, 60, owner)
    first = client.get("/t/demo/imports/").content.decode()
    assert first.count("<bdi>file ") == 50
    assert "file 59.jsonl" in first
    assert "1–50 of 60" in first
    second = client.get("/t/demo/imports/?page=2").content.decode()
    assert second.count("<bdi>file ") == 10
    assert "file 0.jsonl" in second
    assert '<td class="number">3</td>' in second
