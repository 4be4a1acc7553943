"""A worker that is asked to end does so within a round, and its runs wait for the next one with all they had."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.runs import dispatch
from apps.runs.models import Run
from tests.faults.worker import started
from tests.runs.logs import waiting_runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_a_warm_stop_hands_the_runs_back_and_the_next_worker_plays_them_on(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    experiment = waiting_runs(3)
    experiment.strategy = "patient"  # which would never end by itself
    experiment.save()
    runs = experiment.runs
    seen: dict[int, int] = {}
    for _ in range(2):
        dispatch.hint()
        with started(child_environment, tmp_path / "log", also="tests.faults.patient") as worker:

            def further(seen: dict[int, int] = seen) -> bool:
                return all(seq > seen.get(run, 0) + 300 for run, seq in runs.values_list("id", "seq"))

            worker.wait_until(further, "some batches of each are stored")
            assert worker.stop() == 0
        assert set(runs.values_list("status", "attempt", "failure")) == {("waiting", 0, "")}
        seen = dict(runs.values_list("id", "seq"))
    assert Run.objects.filter(events__kind="run-started").count() == 3
