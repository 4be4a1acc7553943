"""What is sent in the background is stored in the caller's transaction, or its error reaches the caller."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import transaction
from psycopg import DataError

from apps.runs.bulk import BulkWriter
from apps.runs.models import Experiment, Run, RunEvent, Step
from tests.runs.logs import experiment, log
from workers.search.events import Event, StepAdded

pytestmark = pytest.mark.django_db
TOO_DEEP = [replace(event, depth=40_000) if isinstance(event, StepAdded) else event for event in log()]


def test_it_writes_only_inside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), BulkWriter(experiment()):
        pass


def test_chunks_sent_one_after_the_other_are_all_there_at_the_end() -> None:
    made = experiment()
    problem = made.problem_set.problems.get().pk
    with BulkWriter(made) as writer:
        for _ in range(5):
            writer.send(writer.encode(["a", "b"], [log(), log()]), [problem, problem])
    assert Run.objects.count() == 10
    assert writer.step_count == Step.objects.count() == 30
    assert RunEvent.objects.count() == 10 * len(log())


def test_the_connection_is_free_for_others_after_waiting() -> None:
    made = experiment()
    with BulkWriter(made) as writer:
        writer.send(writer.encode(["a"], [log()]), [made.problem_set.problems.get().pk])
        writer.wait()
        assert Run.objects.count() == 1


def test_what_the_server_refuses_is_raised_and_nothing_stays() -> None:
    made = experiment()
    with pytest.raises(DataError, match="out of range"):
        send_all(made, [log(), TOO_DEEP])
    assert not Run.objects.exists()


@transaction.atomic
def send_all(made: Experiment, logs: Sequence[Sequence[Event]]) -> None:
    problem = made.problem_set.problems.get().pk
    with BulkWriter(made) as writer:
        for events in logs:
            writer.send(writer.encode(["a"], [events]), [problem])


def test_it_leaves_the_process_as_it_found_it() -> None:
    before = sys.getswitchinterval()
    with BulkWriter(experiment()):
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == pytest.approx(before)
