"""Runs of a problem, and a page as text; they assert nothing about either."""

from __future__ import annotations

from django.db import transaction
from django.test import Client

from apps.accounts.models import Team
from apps.problems.models import Problem
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Experiment, Run
from tests.factories import make_experiment, tree_events


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def play(team: Team, problem: Problem, runs: int = 1, name: str = "Made", *, right: bool = True) -> Experiment:
    """An experiment with finished runs of one problem; the chosen answer of each is "two"."""
    experiment = make_experiment(team, problem.problem_set, name)
    with transaction.atomic():
        store_new_runs(
            experiment, [NewRun(problem.pk, "", list(tree_events([["one", "two"], ["other"]]))) for _ in range(runs)]
        )
    if not right:
        Run.objects.filter(experiment=experiment).update(correct=False)
    return experiment
