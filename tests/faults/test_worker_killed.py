"""Workers that are killed or held up: what was stored stays whole, and nobody writes for another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from apps.runs import dispatch
from apps.runs.models import Run, RunEvent, Step, StepText, StepTokens
from tests.faults.worker import Worker, started
from tests.runs.logs import waiting_runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def run(transactional_db: None) -> Run:
    """A waiting run of a strategy that never ends by itself."""
    experiment = waiting_runs()
    experiment.strategy = "patient"
    experiment.save()
    return experiment.runs.get()


@pytest.fixture
def worker(run: Run, child_environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A worker in the middle of that run."""
    dispatch.hint()
    with started(child_environment, tmp_path / "log", also="tests.faults.patient") as worker:
        worker.wait_until(lambda: Run.objects.get(pk=run.pk).seq > 300, "some batches are stored")
        yield worker


def assert_whole(run: Run) -> None:
    """Every event up to the run's last is there with its rows and counts, and nothing besides."""
    events = RunEvent.objects.filter(run=run).order_by("seq")
    assert [event.seq for event in events] == list(range(1, run.seq + 1))
    born = [(event.seq, event.data["number"]) for event in events if event.kind == "step-added"]
    steps = list(Step.objects.filter(run=run).order_by("number").values_list("born", "number"))
    assert steps == born
    assert len(steps) == run.step_count == StepText.objects.filter(run=run).count()
    assert StepTokens.objects.filter(run=run).count() == run.step_count
    assert run.tokens_generated == sum(event.data.get("generated", 0) for event in events)


def taken_over(run: Run) -> bool:
    """Whether the run could be given to another owner; not while the old one was stopped inside a transaction."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            another = {"attempt": 2, "lease_owner": "another", "lease_until": Now() + timedelta(hours=1)}
            return Run.objects.filter(pk=run.pk).update(**another) == 1
    except OperationalError:
        return False


def test_killing_the_whole_worker_loses_no_stored_step(run: Run, worker: Worker) -> None:
    seen = Run.objects.get(pk=run.pk).seq
    worker.kill_group()
    run.refresh_from_db()
    assert run.seq >= seen
    assert (run.status, run.attempt) == ("running", 1)
    assert_whole(run)


def test_killing_the_child_loses_no_stored_step_and_the_next_child_waits_for_the_lease_to_run_out(
    run: Run, worker: Worker
) -> None:
    [child] = worker.children()
    seen = Run.objects.get(pk=run.pk).seq
    child.kill()
    worker.wait_until(lambda: not child.is_running(), "the child is gone")
    worker.wait_until_idle()
    run.refresh_from_db()
    assert run.seq >= seen
    assert (run.status, run.attempt) == ("running", 1)
    assert_whole(run)


def test_a_worker_that_was_held_up_writes_nothing_once_another_owns_the_run(run: Run, worker: Worker) -> None:
    [child] = worker.children()
    child.suspend()
    while not taken_over(run):
        child.resume()
        child.suspend()
    run.refresh_from_db()
    child.resume()
    worker.wait_until_idle()
    assert Run.objects.get(pk=run.pk).seq == run.seq
    assert_whole(run)
