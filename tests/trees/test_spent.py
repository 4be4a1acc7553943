"""What the panel says a run had spent by the birth of a step, against the events that were stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Run
from apps.trees.spent import spent_by
from tests.factories import AT, JUDGE, WRITER, make_experiment, make_problem
from workers.search.events import Event, RunFinished, RunStarted, StepAdded, StepRepeated, StepScored

EVENTS: list[Event] = [
    RunStarted(1, AT, "beam", 1, {}, 0, "lines-1", "exact_text", (WRITER, JUDGE)),
    StepAdded(2, AT + 1, 1, 0, 1, "one", "generated", WRITER, False, 3, 5, 8),
    StepRepeated(3, AT + 2, 1, 2, 10, 12),
    StepScored(4, AT + 2, 1, JUDGE, 0.25, 7),
    StepAdded(5, AT + 4.5, 2, 1, 1, "two", "generated", WRITER, False, 7, 7, 9),
    StepRepeated(6, AT + 9, 2, 1, 4, 4),
    RunFinished(7, AT + 10, "no-answer"),
]


@pytest.fixture
def run(team: Team) -> Run:
    problem = make_problem(team)
    stored = store_new_runs(make_experiment(team, problem.problem_set), [NewRun(problem.pk, "", EVENTS)])
    return Run.objects.get(pk=stored.run_ids[0])


def test_what_came_after_a_birth_was_not_spent_by_then(client_of: Any, owner: User, run: Run) -> None:
    client = client_of(owner)
    said = [client.get(f"/api/t/demo/runs/{run.pk}/steps/{number}/spent").json() for number in (1, 2)]
    assert said == [
        {"number": 1, "tokens": 5, "steps": 1, "seconds": 1.0},
        {"number": 2, "tokens": 22, "steps": 2, "seconds": 4.5},
    ]


def test_it_takes_two_queries_and_a_step_that_is_not_there_spent_nothing(run: Run) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        spent_by(run, 2)
    assert len(queries) == 2
    assert spent_by(run, 3) is None


def test_no_parameter_is_taken_and_no_step_is_made_up(client_of: Any, owner: User, run: Run) -> None:
    address = f"/api/t/demo/runs/{run.pk}/steps"
    assert client_of(owner).get(f"{address}/3/spent").status_code == 404
    refused = client_of(owner).get(f"{address}/1/spent?after=2")
    assert refused.status_code == 400
    assert "'after'" in refused.json()["error"]["message"]
