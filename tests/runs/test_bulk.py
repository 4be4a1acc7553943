"""Whole runs by COPY: the same rows as through the sink, in any chunks, all or none."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Run, Step
from apps.runs.sink import RunSink
from tests.runs.logs import claimed_run, counts_of, experiment, log, rows_of

pytestmark = pytest.mark.django_db


def test_a_run_stored_at_once_equals_one_that_went_through_the_sink() -> None:
    claim = claimed_run()
    RunSink(claim.run_id, claim.attempt, claim.owner).take(log())
    made = experiment()
    stored = store_new_runs(made, [NewRun(made.problem_set.problems.get().pk, "file:1", log())])
    [run_id] = stored.run_ids
    assert rows_of(run_id) == rows_of(claim.run_id)
    assert counts_of(run_id) == counts_of(claim.run_id)
    assert stored.step_count == 3


def test_ids_come_in_the_order_of_the_runs_whatever_the_chunks() -> None:
    made = experiment()
    problem = made.problem_set.problems.get().pk
    runs = [NewRun(problem, f"file:{line}", log()) for line in range(1, 8)]
    stored = store_new_runs(made, iter(runs), chunk_events=30)
    sources = Run.objects.in_bulk(stored.run_ids)
    assert [sources[run_id].source for run_id in stored.run_ids] == [run.source for run in runs]
    assert stored.step_count == Step.objects.filter(run__experiment=made).count() == 21


def test_it_keeps_where_a_run_stood_and_when() -> None:
    made = experiment()
    source = "back\\slash\ttab é" + "x" * 300
    [run_id] = store_new_runs(made, [NewRun(made.problem_set.problems.get().pk, source, log())]).run_ids
    run = Run.objects.get(pk=run_id)
    assert run.source == source[:200]
    assert (run.team_id, run.attempt, run.lease_owner) == (made.team_id, 0, "")
    assert run.started_at is not None
    assert run.ended_at is not None
    assert (run.started_at.timestamp(), run.ended_at.timestamp()) == (10.5, 14.25)


def test_a_run_without_an_end_is_refused_and_nothing_of_its_chunk_stays() -> None:
    made = experiment()
    problem = made.problem_set.problems.get().pk
    runs = [NewRun(problem, "file:1", log()), NewRun(problem, "file:2", log()[:-1])]
    with pytest.raises(ValueError, match="'file:2' has no end"), transaction.atomic():
        store_new_runs(made, runs)
    assert not Run.objects.exists()


def test_statements_do_not_grow_with_the_runs() -> None:
    made = experiment()
    problem = made.problem_set.problems.get().pk
    counts = []
    for runs in (2, 40):
        with CaptureQueriesContext(connection) as queries:
            store_new_runs(made, [NewRun(problem, "file", log())] * runs)
        counts.append(len([query for query in queries if "runs_maker" not in query["sql"]]))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_it_writes_only_inside_a_transaction_of_its_caller() -> None:
    with pytest.raises(RuntimeError, match="open one first"):
        store_new_runs(experiment(), [])
