"""Before and after a run: as the table has its rows, in every order, whatever is filtered."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.models import Experiment, Run
from apps.runs.neighbours import neighbours_of
from apps.runs.run_table import COLUMNS, RunTable
from tests.factories import make_experiment, make_problem_set


@pytest.fixture
def experiment(team: Team) -> Experiment:
    made = make_experiment(team, make_problem_set(team, 3))
    assert made.problem_set is not None
    problems = list(made.problem_set.problems.order_by("-position"))
    Run.objects.bulk_create(
        Run(
            team=team,
            experiment=made,
            problem=problems[n % 3],
            status="finished",
            correct=(True, False, None)[n % 3],
            right_count=n % 2,
            chosen_score=None if n % 5 == 0 else (n * 7 % 4) / 10,
            best_score=None if n % 4 == 0 else 0.5,
        )
        for n in range(20)
    )
    return made


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("sort", ["", *COLUMNS])
@pytest.mark.parametrize("narrowed", [{}, {"outcomes": ("lost", "wrong")}, {"text": "What is 2"}])
def test_neighbours_are_those_of_the_table(
    experiment: Experiment, sort: str, falls: bool, narrowed: dict[str, Any]
) -> None:
    table = RunTable(sort=sort, falls=falls and bool(sort), **narrowed)
    rows = list(table.of(experiment))
    ids = [run.pk for run in rows]
    assert [neighbours_of(run, table) for run in rows] == list(zip([None, *ids[:-1]], [*ids[1:], None], strict=True))


def test_a_run_that_the_table_leaves_out_has_its_neighbours_by_birth(experiment: Experiment) -> None:
    first, second, third = Run.objects.filter(experiment=experiment).order_by("id")[:3]
    assert neighbours_of(second, RunTable(outcomes=("failed",), sort="best")) == (first.pk, third.pk)


@pytest.mark.parametrize(("table", "queries"), [(RunTable(page=3), 2), (RunTable(sort="below", falls=True), 3)])
def test_it_takes_two_queries_by_birth_and_three_else(experiment: Experiment, table: RunTable, queries: int) -> None:
    run = Run.objects.select_related("experiment").filter(experiment=experiment)[5]
    with CaptureQueriesContext(connection) as captured:
        neighbours_of(run, table)
    assert len(captured) == queries


def test_from_the_table_one_goes_on_in_its_order_and_back_to_it(
    experiment: Experiment, owner: User, client_of: Any
) -> None:
    client = client_of(owner)
    table = RunTable(outcomes=("lost",), sort="below", falls=True)
    listed = [run.pk for run in table.of(experiment)]
    rows = client.get(f"/t/demo/experiments/{experiment.pk}/?{table.query}").content.decode()
    carried = "?from=outcome%3Dlost%26sort%3D-below"
    assert f'href="/t/demo/runs/{listed[0]}/{carried}"' in rows
    for run, after in pairwise(listed):
        page = client.get(f"/t/demo/runs/{run}/{carried}").content.decode()
        assert f'href="/t/demo/runs/{after}/{carried}" rel="next"' in page
        assert f'href="/t/demo/experiments/{experiment.pk}/?outcome=lost&amp;sort=-below"' in page


def test_a_table_that_cannot_be_read_counts_as_none(experiment: Experiment, owner: User, client_of: Any) -> None:
    run = Run.objects.filter(experiment=experiment).order_by("id")[0]
    page = client_of(owner).get(f"/t/demo/runs/{run.pk}/?from=sort%3Dbeauty").content.decode()
    assert f'href="/t/demo/runs/{run.pk + 1}/" rel="next"' in page
