"""The page of an experiment takes no more queries for a thousand runs than for ten, whatever is asked of its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.models import Answer, Experiment, Run
from apps.runs.states import RunStatus
from tests.factories import make_experiment, make_problem

SignIn = Callable[[User], Client]
AT = datetime(2026, 11, 1, tzinfo=UTC)


def add_runs(experiment: Experiment, count: int) -> None:
    """Half of them finished with an answer, a tenth failed, the others running."""
    problem = make_problem(experiment.team)
    statuses = [RunStatus.FINISHED] * 5 + [RunStatus.FAILED] + [RunStatus.RUNNING] * 4
    runs = Run.objects.bulk_create(
        Run(
            team=experiment.team,
            experiment=experiment,
            problem=problem,
            status=statuses[n % 10],
            chosen=1,
            correct=True if n % 10 < 5 else None,
            failure="It broke." if n % 10 == 5 else "",
            started_at=AT,
            ended_at=AT if n % 10 < 6 else None,
        )
        for n in range(count)
    )
    Answer.objects.bulk_create(
        Answer(run=run, number=1, text="4", correct=True, checker="exact_text", version=1) for run in runs
    )


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["", "sort=-tokens", "outcome=failed&sort=problem", "text=what&page=2"])
def test_a_thousand_runs_take_as_many_queries_as_ten(team: Team, owner: User, client_of: SignIn, query: str) -> None:
    client, experiment = client_of(owner), make_experiment(team)
    address = f"/t/demo/experiments/{experiment.pk}/?{query}"
    add_runs(experiment, 10)
    few = queries(client, address)
    add_runs(experiment, 990)
    assert queries(client, address) == few <= 12


def test_an_ended_and_an_imported_experiment_take_no_more(team: Team, owner: User, client_of: SignIn) -> None:
    client, counts = client_of(owner), []
    for kind in Experiment.Kind:
        experiment = make_experiment(team, name=kind)
        Experiment.objects.filter(pk=experiment.pk).update(kind=kind)
        add_runs(experiment, 100)
        Run.objects.filter(status=RunStatus.RUNNING).update(status=RunStatus.CANCELLED, ended_at=AT)
        counts.append(queries(client, f"/t/demo/experiments/{experiment.pk}/"))
    assert max(counts) <= 12
