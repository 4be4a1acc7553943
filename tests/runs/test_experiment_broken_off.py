"""manage.py experiment while something happens to it: Ctrl-C, a pause, a cancellation, an owner that died."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.accounts.models import Team
from apps.config import foreground
from apps.config.management.commands import experiment as command
from apps.problems.services import add_problems
from apps.runs import leases
from apps.runs.models import Experiment, Run
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment
from tests.runs.logs import let_leases_run_out
from workers import loaded, play
from workers.search.protocols import Delivery

pytestmark = pytest.mark.django_db
GIVEN = ("--problems", "set", "--strategy", "best_of_n", "--engine", "scripted", "--scorer", "scripted")


@pytest.fixture(autouse=True)
def problems(team: Team) -> None:
    rows = [{"statement": f"{n} 4 6 8", "answer": "24", "checker": "game24"} for n in range(1, 6)]
    add_problems(team=team, slug="set", name="Set", description="", rows=rows)


@pytest.fixture
def err() -> StringIO:
    return StringIO()


def called(err: StringIO) -> None:
    call_command("experiment", *GIVEN, stdout=StringIO(), stderr=err)


def once_launched(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Experiment], object]) -> None:
    def launched(**given: Any) -> Experiment:
        experiment = launch(**given)
        happens(experiment)
        return experiment

    launch = command.launch_experiment
    monkeypatch.setattr(command, "launch_experiment", launched)


def test_ctrl_c_says_what_becomes_of_the_runs(monkeypatch: pytest.MonkeyPatch, err: StringIO) -> None:
    def stopped() -> list[Delivery]:
        raise KeyboardInterrupt

    monkeypatch.setattr(loaded.engine("scripted"), "poll", stopped)
    with pytest.raises(KeyboardInterrupt):
        called(err)
    experiment = Experiment.objects.get()
    assert (
        f"What is stored of experiment {experiment.pk} is kept, and a worker plays it on: make worker."
        in err.getvalue()
    )
    assert set(experiment.runs.values_list("status", "attempt")) == {("waiting", 0)}
    monkeypatch.undo()
    assert play.work() == 5


def test_it_says_how_far_it_is_while_it_plays(monkeypatch: pytest.MonkeyPatch, err: StringIO) -> None:
    monkeypatch.setattr(foreground, "TELL_S", 0.0)
    monkeypatch.setattr(foreground.play, "play_some", _two_at_a_time(play.play_some))
    called(err)
    told = [line for line in err.getvalue().splitlines() if "have ended." in line]
    assert len(told) == len(set(told)) > 2
    assert not any("another process" in line for line in told)


def test_it_takes_over_the_runs_of_an_owner_that_died(monkeypatch: pytest.MonkeyPatch, err: StringIO) -> None:
    once_launched(monkeypatch, lambda experiment: leases.claim(2, experiment.pk))
    monkeypatch.setattr(foreground.time, "sleep", lambda seconds: let_leases_run_out())
    called(err)
    assert "3 of 5 runs have ended. Waiting for 2 that another process plays." in err.getvalue()
    assert sorted(Run.objects.values_list("status", "attempt")) == [("finished", 1)] * 3 + [("finished", 2)] * 2


def test_a_pause_is_waited_for(monkeypatch: pytest.MonkeyPatch, err: StringIO) -> None:
    once_launched(monkeypatch, pause_experiment)
    monkeypatch.setattr(foreground.time, "sleep", lambda seconds: resume_experiment(Experiment.objects.get()))
    called(err)
    assert "0 of 5 runs have ended. It is paused; resume it on its page." in err.getvalue()
    assert set(Run.objects.values_list("status", flat=True)) == {"finished"}


def test_a_cancellation_ends_it(monkeypatch: pytest.MonkeyPatch, err: StringIO) -> None:
    once_launched(monkeypatch, cancel_experiment)
    called(err)
    assert "5 runs were cancelled; what is stored of them counts for nothing here." in err.getvalue()


def _two_at_a_time(play_some: Callable[..., int]) -> Callable[..., int]:
    return lambda experiment_id, **given: play_some(experiment_id, slots=2, **given)
