"""The whole history of what people said of a step, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.settling import adjudicate
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree

ClientOf = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1])


def send(client: Client, run: Run, verdict: str = "good", reason: str = "") -> None:
    body = {"verdict": verdict, "client_uuid": str(uuid4()), "scores_in_view": True, "reason": reason}
    address = f"/api/t/demo/runs/{run.pk}/steps/1/labels"
    assert client.post(address, body, "application/json").status_code == 201


def test_the_history_of_a_step_keeps_what_was_replaced_taken_back_and_settled(
    client_of: ClientOf, owner: User, team: Team, run: Run
) -> None:
    client = client_of(owner)
    for verdict in ("bad", "good", ""):
        send(client, run, verdict=verdict, reason=f"{verdict or 'none'} after all")
    adjudicate(team=team, by=labeller_of(team, owner), run=run.pk, number=1, verdict="neutral", reason="Agreed.")
    said = client.get(f"/api/t/demo/runs/{run.pk}/steps/1/labels").json()["history"]
    assert [(row["verdict"], row["labeller"], row["reason"], row["kind"]) for row in said] == [
        ("bad", "owner", "bad after all", "label"),
        ("good", "owner", "good after all", "label"),
        ("", "owner", "none after all", "label"),
        ("neutral", "owner", "Agreed.", "adjudication"),
    ]
    assert client.get(f"/api/t/demo/runs/{run.pk}/steps/2/labels").json() == {"history": []}
    assert client.get(f"/api/t/demo/runs/{run.pk}/steps/9/labels").status_code == 404


def test_the_history_takes_as_many_queries_however_long_it_is(client_of: ClientOf, owner: User, run: Run) -> None:
    client, counts = client_of(owner), []
    for times in (1, 30):
        for _ in range(times):
            send(client, run)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/t/demo/runs/{run.pk}/steps/1/labels")
        counts.append(len(queries))
    assert counts[0] == counts[1]
