"""A message is a hint: delivered five times, by several children at once, it has the effect of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Count

from apps.problems.services import add_problems
from apps.runs import dispatch
from apps.runs.launching import launch_experiment
from apps.runs.models import Run, RunEvent, Step
from tests.faults.worker import started
from tests.people import make_team
from workers import play

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_a_message_delivered_five_times_has_one_effect(child_environment: dict[str, str], tmp_path: Path) -> None:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, 41)]
    problem_set = add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)
    once, often = (
        launch_experiment(
            team=problem_set.team,
            problem_set=problem_set,
            strategy="best_of_n",
            parameters={"n": 4},
            engine="scripted",
            scorer="scripted",
            hint=False,
        )
        for _ in range(2)
    )
    while play.play_some(once.pk):
        pass
    for _ in range(5):
        dispatch.hint()
    with started(child_environment, tmp_path / "log", children=2) as worker:
        unfinished = often.runs.exclude(status="finished")
        worker.wait_until(lambda: not unfinished.exists(), "all runs are finished")
        worker.wait_until_idle()
    assert set(Run.objects.values_list("status", "attempt")) == {("finished", 1)}
    assert events_by_run(often.pk) == events_by_run(once.pk)
    assert steps_of(often.pk) == steps_of(once.pk)


def events_by_run(experiment: int) -> list[int]:
    rows = RunEvent.objects.filter(run__experiment=experiment).values("run_id").order_by("run_id")
    return list(rows.annotate(events=Count("seq")).values_list("events", flat=True))


def steps_of(experiment: int) -> list[tuple[object, ...]]:
    rows = Step.objects.filter(run__experiment=experiment).order_by("run_id", "number")
    return list(rows.values_list("number", "parent", "tokens", "logprob", "born", "pruned", "chosen"))
