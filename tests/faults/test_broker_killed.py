"""The broker is killed and loses everything: the rows are the truth, so beat and an idle worker finish all runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from apps.config.embedded import Services
from apps.runs.models import Experiment
from apps.runs.services import pause_experiment, resume_experiment
from tests.faults.test_services_crash import killed
from tests.faults.worker import beating, started
from tests.runs.logs import waiting_runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_all_runs_finish_though_the_broker_was_killed_and_flushed(
    child_environment: dict[str, str], data_folder: Path, tmp_path: Path
) -> None:
    broker = Services(data_folder, postgres=False)
    broker.hold()
    environment = {**child_environment, "BROKER_URL": broker.valkey.url()}
    first, second = waiting_runs(3), waiting_runs(3)
    Experiment.objects.update(strategy="chain_of_thought")
    pause_experiment(second)
    with started(environment, tmp_path / "log") as worker, beating(environment, tmp_path):
        worker.wait_until(lambda: not first.runs.exclude(status="finished").exists(), "beat's first hint was heard")
        killed(broker.valkey.process())
        resume_experiment(second)
        again = Services(data_folder, postgres=False)
        again.hold()
        with redis.Redis.from_url(again.valkey.url()) as client:
            client.flushall()
        worker.wait_until(lambda: not second.runs.exclude(status="finished").exists(), "all runs are finished")
    again.let_go()
    broker.let_go()
