"""Runs that another owner had begun: they go on where their log ends, with models that were loaded in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs import leases
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment, Run, RunEvent
from tests.people import make_team
from workers import loaded, play
from workers.search.protocols import Request, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem_set(db: None) -> ProblemSet:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, 8)]
    return add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)


def launched(problem_set: ProblemSet) -> Experiment:
    """Seven waiting runs of many moves each."""
    given: dict[str, Any] = {"strategy": "beam", "parameters": {"n": 8}, "engine": "scripted", "scorer": "scripted"}
    return launch_experiment(team=problem_set.team, problem_set=problem_set, hint=False, **given)


def test_a_run_goes_on_with_the_next_move_and_nothing_that_is_stored_is_drawn_again(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = launched(problem_set)
    engine, drawn = loaded.engine("scripted"), list[tuple[int, int]]()
    submit, rounds = engine.submit, iter(range(100))

    def noted(requests: Sequence[Request]) -> list[Ticket]:
        drawn.extend((request.noise[0], request.noise[1] >> 32) for request in requests)
        return submit(requests)

    monkeypatch.setattr(engine, "submit", noted)
    play.work(stops=lambda: next(rounds) > 10)
    events = RunEvent.objects.filter(run__experiment=experiment)
    stored: dict[int, int] = {}
    for seed, data in events.order_by("seq").values_list("run__seed", "data"):
        stored[seed] = data.get("move", 0)
    assert set(Run.objects.values_list("status", flat=True)) == {"waiting"}
    assert max(stored.values()) > 1
    drawn.clear()
    assert play.work() == 7
    assert drawn
    assert [move for seed, move in drawn if move <= stored[seed]] == []


def test_models_are_loaded_before_the_leases_of_a_dead_owner_run_out(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched(problem_set)
    monkeypatch.setattr(loaded, "_engines", {})
    monkeypatch.setattr(loaded, "_scorers", {})
    leases.claim(7)
    assert play.work() == 0
    assert loaded.held() == ()
    Run.objects.update(lease_until=Now() + timedelta(seconds=5))
    assert play.work() == 0
    assert loaded.held() == ("scripted", "scripted")
