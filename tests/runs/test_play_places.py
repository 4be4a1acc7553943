"""Places for runs: all of them are used, by whatever waits or comes to wait."""

from __future__ import annotations

import pytest

from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment, Run
from tests.people import make_team
from tests.runs.polls import before_each_poll
from workers import group, play

pytestmark = pytest.mark.django_db


def launched(slug: str, count: int) -> Experiment:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, count + 1)]
    problem_set = add_problems(team=make_team(slug), slug=slug, name=slug, description="", rows=rows)
    return launch_experiment(
        team=problem_set.team,
        problem_set=problem_set,
        strategy="beam",
        parameters={"n": 4, "width": 2},
        engine="scripted",
        scorer="scripted",
        hint=False,
    )


def test_an_experiment_of_one_run_does_not_make_the_next_one_wait_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    launched("one", 1)
    launched("many", 9)
    under_way: list[int] = []
    before_each_poll(monkeypatch, lambda: under_way.append(Run.objects.filter(status="running").count()))
    assert play.play_some(slots=4) == 10
    assert max(under_way) == 4


def test_what_is_launched_meanwhile_takes_the_places_that_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "ASK_AGAIN_S", 0.0)
    launched("early", 1)
    polls = iter(range(1_000))
    together: list[int] = []

    def look() -> None:
        if next(polls) == 1:
            launched("late", 2)
        together.append(Run.objects.filter(status="running").count())

    before_each_poll(monkeypatch, look)
    assert play.play_some(slots=4) == 3
    assert max(together) == 3
