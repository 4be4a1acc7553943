"""Models are loaded in the pool's child; the parent, which forks, never has torch in it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Run
from tests.faults.worker import started
from tests.people import make_team

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.slow_models,
    pytest.mark.torch,
]


def test_the_child_holds_the_model_and_the_parent_has_none(child_environment: dict[str, str], tmp_path: Path) -> None:
    rows = [{"statement": "4?2?3=5", "answer": "+-", "checker": "puzzle"}]
    problem_set = add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)
    launch_experiment(
        team=problem_set.team,
        problem_set=problem_set,
        strategy="chain_of_thought",
        parameters={},
        engine="tiny-policy",
    )
    with started(child_environment, tmp_path / "log") as worker:
        worker.wait_until(lambda: Run.objects.filter(status="finished").exists(), "the run is finished")
        [child] = worker.children()
        assert has_torch(child)
        assert not has_torch(psutil.Process(worker.process.pid))


def has_torch(process: psutil.Process) -> bool:
    return any("libtorch" in mapped.path for mapped in process.memory_maps())
