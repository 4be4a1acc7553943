"""In a real prefork worker, answers are judged by a child of the pool's child; it ends when the worker is killed."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Answer, Run
from tests.faults.worker import WAIT_S, started
from tests.people import make_team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_a_prefork_worker_judges_mathematics(child_environment: dict[str, str], tmp_path: Path) -> None:
    rows = [{"statement": f"What is {n}?", "answer": rf"\frac{{{2 * n}}}{{2}}", "checker": "math"} for n in range(3)]
    problem_set = add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)
    launch_experiment(
        team=problem_set.team,
        problem_set=problem_set,
        strategy="best_of_n",
        parameters={"n": 12},
        engine="scripted",
        scorer="scripted",
    )
    with started(child_environment, tmp_path / "log") as worker:
        waiting = Run.objects.exclude(status="finished")
        worker.wait_until(lambda: not waiting.exists(), "all runs are finished")
        [child] = worker.children()
        [judge] = child.children()
        assert "workers.verifiers.answers_child" in judge.cmdline()
        worker.kill_group()
    gone, _ = psutil.wait_procs([judge], timeout=WAIT_S)
    assert gone or judge.status() == psutil.STATUS_ZOMBIE
    said = set(Answer.objects.values_list("run__problem__answer", "class_key", "correct", "checker"))
    assert said == {
        (rf"\frac{{{2 * n}}}{{2}}", str(answer), n == answer, "math") for n in range(3) for answer in range(3)
    }
