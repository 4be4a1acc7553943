"""What the panel says of a step's cost, repeats and scores, against the events that were stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import Team, User
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Run, RunEvent
from tests.factories import AT, JUDGE, WRITER, make_experiment, make_problem
from workers.search.events import (
    AnswerChosen,
    Event,
    Maker,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRepeated,
    StepScored,
)

OTHER = Maker(kind="scorer", key="second-scorer", version="2", revision="f00d")
EVENTS: list[Event] = [
    RunStarted(1, AT, "beam", 1, {}, 0, "lines-1", "exact_text", (WRITER, JUDGE)),
    StepAdded(2, AT, 1, 0, 1, "one", "generated", WRITER, False, 3, 5, 8, -1.5, 0.25),
    StepAdded(3, AT, 2, 0, 1, "two", "proposed", WRITER),
    StepScored(4, AT, 1, JUDGE, 0.25, 7),
    StepScored(5, AT, 2, JUDGE, 0.75),
    StepScored(6, AT, 1, OTHER, 4.0),
    StepRepeated(7, AT, 1, 2, 10, 12),
    StepScored(8, AT, 1, JUDGE, 0.5, 9),
    StepRepeated(9, AT, 1, 1, 4, 4),
    StepPruned(10, AT, 2, "below the top 1"),
    AnswerChosen(11, AT, 1, "the highest score"),
    RunFinished(12, AT, "no-answer"),
]


@pytest.fixture
def run(team: Team) -> Run:
    problem = make_problem(team)
    stored = store_new_runs(make_experiment(team, problem.problem_set), [NewRun(problem.pk, "", EVENTS)])
    return Run.objects.get(pk=stored.run_ids[0])


@pytest.fixture
def steps(run: Run, owner: User, client_of: Any) -> list[dict[str, Any]]:
    client: Client = client_of(owner)
    found: list[dict[str, Any]] = client.get(f"/api/t/demo/runs/{run.pk}/steps?numbers=1,2").json()["steps"]
    return found


def test_a_step_says_what_it_cost_and_at_which_events_things_befell_it(steps: list[dict[str, Any]]) -> None:
    first, second = steps
    assert (first["tokens"], first["generated"], first["computed"]) == (3, 5, 8)
    assert (second["tokens"], second["generated"], second["computed"]) == (0, 0, 0)
    assert (first["born"], first["pruned"], first["chosen"]) == (2, None, 11)
    assert (second["born"], second["pruned"], second["pruned_why"]) == (3, 10, "below the top 1")


def test_repeats_of_a_step_are_added_up_and_a_step_never_drawn_again_has_none(steps: list[dict[str, Any]]) -> None:
    assert steps[0]["repeats"] == {"times": 3, "generated": 14, "computed": 16}
    assert steps[1]["repeats"] is None


def test_a_score_says_who_gave_it_when_at_what_cost_and_what_it_was_before(steps: list[dict[str, Any]]) -> None:
    newest, other = steps[0]["scores"]
    assert newest["maker"] == {"kind": "scorer", "key": JUDGE.key, "version": "", "revision": ""}
    assert (newest["value"], newest["seq"], newest["tokens"]) == (0.5, 8, 9)
    assert newest["earlier"] == [{"value": 0.25, "seq": 4}]
    assert (other["maker"]["revision"], other["value"], other["seq"], other["earlier"]) == ("f00d", 4.0, 6, [])


def test_repeats_are_found_by_their_index_and_not_by_reading_the_log(run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    events = RunEvent.objects.filter(run=run, kind="step-repeated", data__number__in=[1, 2])
    assert "repeats_of_a_step" in events.explain()
