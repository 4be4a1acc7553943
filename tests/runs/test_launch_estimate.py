"""What a launch may cost is told from earlier runs alike, and it says which those are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.estimate import EXPERIMENTS, Estimate, estimate
from apps.runs.models import Experiment, Run
from tests.factories import make_problem
from tests.people import make_team

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
KIND: dict[str, Any] = {"strategy": "best_of_n", "engine": "scripted", "scorer": "scripted"}
PARAMETERS = {"n": 4, "temperature": 1.0, "aggregation": "last"}


def played(team: Team, tokens: Sequence[int], *, seconds: float = 10, **given: Any) -> Experiment:
    """An experiment whose finished runs cost these tokens and took `seconds` from first start to last end."""
    usual = {"team": team, "kind": "search", "name": "Played", "parameters": PARAMETERS, **KIND}
    experiment = Experiment.objects.create(**{**usual, **given})
    problem = make_problem(team)
    for place, count in enumerate(tokens):
        ended = START + timedelta(seconds=seconds * (place + 1) / len(tokens))
        common = {"team": team, "experiment": experiment, "problem": problem, "tokens_generated": count}
        Run.objects.create(**common, status="finished", started_at=START, ended_at=ended)
    return experiment


def asked(team: Team, **given: Any) -> Estimate | None:
    usual: dict[str, Any] = {**KIND, "version": 1, "parameters": PARAMETERS, "budget": {}}
    return estimate(team, **{**usual, **given})


def test_without_earlier_runs_nothing_is_told(team: Team) -> None:
    assert asked(team) is None
    waiting = played(team, [])
    Run.objects.create(team=team, experiment=waiting, problem=make_problem(team), tokens_generated=5)
    assert asked(team) is None


def test_mean_middle_and_pace_are_those_of_the_runs(team: Team) -> None:
    played(team, list(range(100, 1200, 100)), seconds=22)
    told = asked(team)
    assert told == Estimate(True, 11, 1, 600.0, 200.0, 1000.0, 2.0)
    assert (told.total_tokens(50), told.total_seconds(50)) == (30_000, 100.0)


def test_runs_with_equal_parameters_and_limits_come_first(team: Team) -> None:
    played(team, [100, 100])
    played(team, [900], parameters={**PARAMETERS, "n": 64})
    played(team, [900], budget={"tokens": 5})
    told = asked(team)
    assert told is not None
    assert (told.alike, told.runs, told.tokens) == (True, 2, 100.0)


def test_others_are_asked_where_there_are_none_and_it_says_so(team: Team) -> None:
    played(team, [900, 700], parameters={**PARAMETERS, "n": 64})
    told = asked(team)
    assert told is not None
    assert (told.alike, told.runs, told.tokens) == (False, 2, 800.0)


@pytest.mark.parametrize(
    "other",
    [{"engine": "tiny-policy"}, {"scorer": ""}, {"strategy": "beam"}, {"kind": "fork"}, {"strategy_version": 2}],
)
def test_what_is_of_another_kind_is_not_asked(team: Team, other: dict[str, Any]) -> None:
    played(team, [900], **other)
    assert asked(team) is None


def test_another_teams_runs_are_not_asked(team: Team, stranger: User) -> None:
    played(make_team("elsewhere"), [900])
    assert asked(team) is None


def test_the_pace_of_one_that_was_paused_does_not_speak_for_all(team: Team) -> None:
    for seconds in (10, 12, 86_400):
        played(team, [100, 100], seconds=seconds)
    told = asked(team)
    assert told is not None
    assert (told.experiments, told.seconds) == (3, 6.0)


def test_only_the_newest_are_asked_and_in_one_statement(team: Team) -> None:
    played(team, [10_000])
    for _ in range(EXPERIMENTS):
        played(team, [100])
    with CaptureQueriesContext(connection) as queries:
        told = asked(team)
    assert told is not None
    assert (told.experiments, told.tokens, len(queries)) == (EXPERIMENTS, 100.0, 1)
