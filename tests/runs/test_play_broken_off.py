"""What breaks a group of runs off leaves none of them running: it fails with the reason, and the fault is raised."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from django.db import Error, connection

from apps.problems.services import add_problems
from apps.runs import leases
from apps.runs.models import Experiment, Run
from apps.runs.services import launch_experiment
from tests.people import make_team
from workers import loaded, play
from workers.search.protocols import Delivery


def launched() -> Experiment:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, 4)]
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


def instead_of_writing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    engine = loaded.engine("scripted")
    written = engine.poll

    def poll() -> list[Delivery]:
        happens()
        return written()

    monkeypatch.setattr(engine, "poll", poll)


def ends_of(experiment: Experiment) -> set[tuple[str, str]]:
    return set(experiment.runs.values_list("status", "failure"))


@pytest.mark.django_db(transaction=True)
def test_runs_fail_when_the_server_closes_the_connection_under_them(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()

    def closed() -> None:
        with contextlib.suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    instead_of_writing(monkeypatch, closed)
    with pytest.raises(Error):
        play.work()
    [(status, failure)] = ends_of(experiment)
    assert status == "failed"
    assert failure.startswith("A fault in the program broke the run off: ")


@pytest.mark.django_db
def test_runs_fail_when_the_program_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()

    def stopped() -> None:
        raise KeyboardInterrupt

    instead_of_writing(monkeypatch, stopped)
    with pytest.raises(KeyboardInterrupt):
        play.work()
    sentence = "The program was told to stop while it played the run. Launch it again."
    assert ends_of(experiment) == {("failed", sentence)}


@pytest.mark.django_db
def test_runs_fail_when_loading_raises_what_nobody_foresaw(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()

    def odd(key: str) -> None:
        raise KeyError("layers")

    monkeypatch.setattr(loaded, "engine", odd)
    with pytest.raises(KeyError):
        play.work()
    assert ends_of(experiment) == {("failed", "A fault in the program broke the run off: KeyError: 'layers'")}


@pytest.mark.django_db
def test_a_run_deleted_while_it_is_claimed_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = launched()
    claim = leases.claim

    def deleted_after(slots: int, experiment_id: int | None) -> list[leases.Claim]:
        claims = claim(slots, experiment_id)
        Run.objects.filter(pk__in=[one.run_id for one in claims[:1]]).delete()
        return claims

    monkeypatch.setattr(leases, "claim", deleted_after)
    play.work()
    assert list(experiment.runs.values_list("status", flat=True)) == ["finished", "finished"]
