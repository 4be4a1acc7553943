"""What breaks a group of runs off leaves none of them running: they wait again where that may help, and fail else."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import Error, connection

from apps.problems.services import add_problems
from apps.runs import leases
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment, Run, RunEvent
from tests.people import make_team
from tests.runs.logs import let_leases_run_out, rows_of
from tests.runs.polls import before_each_poll
from workers import loaded, play
from workers.search.errors import EngineError


def launched(count: int = 3) -> Experiment:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, count + 1)]
    problem_set = add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)
    return launch_experiment(
        team=problem_set.team,
        problem_set=problem_set,
        strategy="best_of_n",
        parameters={"n": 3},
        engine="scripted",
        scorer="scripted",
        hint=False,
    )


def ends_of(experiment: Experiment) -> set[tuple[str, int, str]]:
    return set(experiment.runs.values_list("status", "attempt", "failure"))


@pytest.mark.django_db(transaction=True)
def test_runs_wait_for_another_attempt_when_the_server_closes_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()

    def closed() -> None:
        with contextlib.suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    before_each_poll(monkeypatch, closed)
    with pytest.raises(Error):
        play.work()
    # The run whose end could not be stored had it waiting in its sink, and it was stored by another connection.
    assert ends_of(experiment) == {("finished", 1, ""), ("waiting", 1, "")}
    monkeypatch.undo()
    assert play.work() == 2
    assert ends_of(experiment) == {("finished", 1, ""), ("finished", 2, "")}


@pytest.mark.django_db
@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_runs_wait_with_all_they_had_when_the_program_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    whole, experiment = launched(), launched()
    while play.play_some(whole.pk):
        pass

    def stopped() -> None:
        if RunEvent.objects.filter(run__experiment=experiment).count():
            raise stop

    before_each_poll(monkeypatch, stopped)
    with pytest.raises(stop):
        play.work()
    assert ends_of(experiment) == {("waiting", 0, "")}
    monkeypatch.undo()
    assert play.work() == 3
    assert ends_of(experiment) == {("finished", 1, "")}
    steps = [[rows_of(run.pk)["steps"] for run in one.runs.order_by("id")] for one in (whole, experiment)]
    assert steps[0] == steps[1]


@pytest.mark.django_db
def test_trouble_that_passes_lets_a_run_wait_and_the_third_time_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched(1)

    def busy() -> None:
        raise EngineError("the server is busy", retryable=True)

    before_each_poll(monkeypatch, busy)
    for attempt in (1, 2):
        assert play.work() == 1
        assert ends_of(experiment) == {("waiting", attempt, "")}
        assert play.work() == 0
        let_leases_run_out()
    assert play.work() == 1
    assert ends_of(experiment) == {("failed", 3, "the server is busy")}


@pytest.mark.django_db
def test_a_run_whose_third_owner_died_fails_with_the_reason_and_keeps_its_tree() -> None:
    experiment = launched(1)
    for _ in range(leases.ATTEMPTS):
        [claim] = leases.claim(1)
        let_leases_run_out()
    assert play.work() == 0
    [(status, attempt, failure)] = ends_of(experiment)
    assert (status, attempt) == ("failed", leases.ATTEMPTS)
    assert failure.startswith("The run was given up after 3 attempts: each time its worker died, was lost, or met with")
    assert list(RunEvent.objects.filter(run=claim.run_id).values_list("seq", "kind")) == [(1, "run-failed")]


@pytest.mark.django_db
def test_runs_fail_when_loading_raises_what_nobody_foresaw(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()

    def odd(key: str) -> None:
        raise KeyError("layers")

    monkeypatch.setattr(loaded, "engine", odd)
    with pytest.raises(KeyError):
        play.work()
    assert ends_of(experiment) == {("failed", 1, "A fault in the program broke the run off: KeyError: 'layers'")}


@pytest.mark.django_db
def test_a_run_deleted_while_it_is_claimed_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()
    claim = leases.claim

    def deleted_after(slots: int, experiment_id: int | None, **kind: Any) -> list[leases.Claim]:
        claims = claim(slots, experiment_id, **kind)
        Run.objects.filter(pk__in=[one.run_id for one in claims[:1]]).delete()
        return claims

    monkeypatch.setattr(leases, "claim", deleted_after)
    play.work()
    assert list(experiment.runs.values_list("status", flat=True)) == ["finished", "finished"]
