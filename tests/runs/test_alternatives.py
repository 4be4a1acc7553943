"""The likeliest tokens at every place: asked for at launch, stored with steps, inherited by forks, refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.forks import branch_run, continue_run
from apps.runs.launch_reading import problem_sets_of, read_launch, typed_of
from apps.runs.log import read_log
from apps.runs.models import Run, StepTokens
from tests.runs.forking import played, replayed
from workers.engines import ENGINES
from workers.engines.scripted import ScriptedEngine
from workers.search.events import StepAdded
from workers.search.log import whole_moves
from workers.search.registry import Entry, NoParams

pytestmark = pytest.mark.django_db
MUTE = "mute"


@pytest.fixture
def mute() -> Iterator[str]:
    """An engine that tells nothing but what it has drawn."""
    gives = frozenset({"samples", "steps"})
    ENGINES._entries[MUTE] = Entry(MUTE, "Mute", "Draws.", 1, NoParams, ScriptedEngine, gives=gives)
    yield MUTE
    del ENGINES._entries[MUTE]


def told(run: Run) -> list[int]:
    """How many alternatives each token of each step has."""
    rows = StepTokens.objects.filter(run=run)
    return [-1 if row.alternatives is None else len(place) for row in rows for place in row.alternatives or [()]]


def test_a_run_stores_as_many_as_were_asked_for_and_draws_the_same(team: Team) -> None:
    plain, rich = played(team), played(team, alternatives=3)
    assert set(told(plain)) == {-1}
    assert set(told(rich)) == {3}
    trees = [[(step.parent, step.text) for step in _steps(run)] for run in (plain, rich)]
    assert trees[0] == trees[1]
    makers = [{step.maker for step in _steps(run)} for run in (plain, rich)]
    assert makers[0] == makers[1]


def test_a_log_with_alternatives_is_read_back_and_played_on(team: Team) -> None:
    parent = played(team, alternatives=2)
    log = read_log(parent.pk)
    fork = replayed(continue_run(parent, whole_moves(log, len(log) // 2)[-1].seq, seed=11, hint=False))
    assert (fork.status, fork.experiment.alternatives) == ("finished", 2)
    assert read_log(fork.pk)[: fork.parent_seq] == log[: fork.parent_seq]
    assert set(told(fork)) == {2}


def test_a_branch_inherits_them_and_goes_on_as_its_parent_or_as_it_is_told(team: Team) -> None:
    parent = played(team, alternatives=2)
    step = next(step.number for step in _steps(parent) if not step.terminal)
    as_parent = replayed(branch_run(parent, step, hint=False))
    inherited = [each for each in _steps(as_parent) if each.origin == "inherited"]
    by_number = {each.number: each for each in _steps(parent)}
    assert inherited[-1].trace == by_number[step].trace
    assert set(told(as_parent)) == {2}
    otherwise = replayed(branch_run(parent, step, alternatives=0, hint=False))
    assert otherwise.experiment.alternatives == 0
    assert set(told(otherwise)) == {2, -1}


@pytest.mark.parametrize("number", [-1, 11])
def test_a_number_out_of_range_is_refused(team: Team, number: int) -> None:
    with pytest.raises(Refused, match=f"Expected 0 to 10 alternatives; found {number}") as refusal:
        played(team, alternatives=number)
    assert set(refusal.value.fields) == {"alternatives"}


def test_an_engine_that_cannot_tell_them_is_refused_by_name_and_those_that_can_are_named(team: Team, mute: str) -> None:
    with pytest.raises(Refused, match=r"Engine 'mute' cannot give the likeliest tokens.*: tiny-policy, scripted") as no:
        played(team, engine=mute, alternatives=1)
    assert set(no.value.fields) == {"alternatives"}
    parent = played(team, alternatives=1)
    with pytest.raises(Refused, match="Engine 'mute' cannot give"):
        branch_run(parent, 1, engine=mute, hint=False)
    assert branch_run(parent, 1, engine=mute, alternatives=0, hint=False).experiment.engine == mute


@pytest.mark.parametrize(
    ("engine", "typed", "sentence"),
    [
        ("scripted", "11", "Expected at most 10; found 11."),
        ("scripted", "many", "found 'many'"),
        (MUTE, "1", "Engine 'mute' cannot give the likeliest tokens"),
    ],
)
def test_the_form_says_it_beside_the_field(team: Team, mute: str, engine: str, typed: str, sentence: str) -> None:
    run = played(team)
    given = {**typed_of(run.experiment), "engine": engine, "alternatives": typed}
    assert sentence in read_launch(problem_sets_of(team), given).errors["alternatives"]


def test_a_duplicate_asks_for_as_many_as_the_original(team: Team) -> None:
    experiment = played(team, alternatives=4).experiment
    reading = read_launch(problem_sets_of(team), typed_of(experiment))
    assert (reading.errors, reading.values["alternatives"]) == ({}, 4)


def _steps(run: Run) -> list[Any]:
    return [event for event in read_log(run.pk) if isinstance(event, StepAdded)]
