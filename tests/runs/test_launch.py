"""Launching: one waiting run a problem, everything checked by name first, the workers told on commit."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.problems.filters import ProblemFilter
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs.launching import MAX_SEED, launch_experiment
from apps.runs.models import Experiment, Run
from workers.search.errors import BadParameter, UnknownKey


@pytest.fixture
def problem_set(team: Team) -> ProblemSet:
    rows = [{"statement": f"{n} 4 6 8", "checker": "game24"} for n in range(1, 8)]
    return add_problems(team=team, slug="set", name="Set", description="", rows=rows)


def launched(problem_set: ProblemSet, **given: Any) -> Experiment:
    usual = {"strategy": "best_of_n", "parameters": {"n": "4"}, "engine": "scripted", "scorer": "scripted"}
    return launch_experiment(problem_set=problem_set, **{"team": problem_set.team, **usual, **given})


def test_it_writes_one_waiting_run_a_problem_in_the_sets_order(problem_set: ProblemSet) -> None:
    runs = launched(problem_set).runs.order_by("id").select_related("problem")
    assert [run.problem.position for run in runs] == [1, 2, 3, 4, 5, 6, 7]
    assert {(run.status, run.attempt, run.team_id) for run in runs} == {("waiting", 0, problem_set.team_id)}


def test_a_limit_takes_the_first_of_the_set(problem_set: ProblemSet) -> None:
    runs = launched(problem_set, problem_filter=ProblemFilter(first=3)).runs.order_by("id").select_related("problem")
    assert [run.problem.position for run in runs] == [1, 2, 3]


def test_it_keeps_parameters_as_read_with_their_defaults(problem_set: ProblemSet, owner: User) -> None:
    experiment = launched(problem_set, seed=5, created_by=owner)
    assert experiment.parameters == {"n": 4, "temperature": 1.0, "aggregation": "last"}
    assert (experiment.strategy_version, experiment.seed, experiment.created_by) == (1, 5, owner)
    assert experiment.name == "Best of N on Set"


def test_it_keeps_the_limits_that_are_given_and_no_others(problem_set: ProblemSet) -> None:
    assert launched(problem_set).budget == {}
    assert launched(problem_set, budget={"tokens": "2000", "seconds": 1.5, "steps": None}).budget == {
        "tokens": 2000,
        "seconds": 1.5,
    }


def test_every_run_draws_its_own_numbers_and_the_same_seed_the_same_ones(problem_set: ProblemSet) -> None:
    first, again, other = (
        list(launched(problem_set, seed=seed).runs.order_by("id").values_list("seed", flat=True)) for seed in (1, 1, 2)
    )
    assert first == again
    assert len({*first, *other}) == 14
    assert max(first) < 2**53


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"strategy": "best"}, UnknownKey, "Unknown strategy 'best'. Known: .*best_of_n"),
        ({"engine": "gpt"}, UnknownKey, "Unknown engine 'gpt'. Known: .*scripted"),
        ({"scorer": "gpt"}, UnknownKey, "Unknown scorer 'gpt'. Known: .*scripted"),
        ({"scorer": ""}, Refused, "Strategy 'best_of_n' needs a scorer. Known: .*scripted"),
        ({"parameters": {"m": 1}}, BadParameter, "Parameter 'm': expected one of n, .*; found an unknown name"),
        ({"parameters": {"n": "four"}}, BadParameter, "Parameter 'n': expected a whole number; found 'four'"),
        (
            {"budget": {"token": 9}},
            BadParameter,
            "Parameter 'token': expected one of steps, tokens, seconds; found an unk",
        ),
        ({"budget": {"tokens": "0"}}, BadParameter, "Parameter 'tokens': expected at least 1; found '?0"),
        ({"budget": {"seconds": "soon"}}, BadParameter, "Parameter 'seconds': expected a number; found 'soon'"),
        ({"seed": -1}, Refused, "Expected a seed from 0 to .*; found -1"),
        ({"seed": MAX_SEED + 1}, Refused, "Expected a seed"),
    ],
)
def test_what_is_not_known_or_not_allowed_is_refused_by_name(
    problem_set: ProblemSet, change: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        launched(problem_set, **change)
    assert not Experiment.objects.exists()


def test_an_empty_set_and_one_of_another_team_are_refused(problem_set: ProblemSet, stranger: User) -> None:
    empty = ProblemSet.objects.create(team=problem_set.team, slug="empty", name="Empty")
    with pytest.raises(Refused, match="Problem set 'empty' is empty"):
        launched(empty)
    with pytest.raises(Refused, match="another team"):
        launched(problem_set, team=Team.objects.get(slug="elsewhere"))
    assert not Run.objects.exists()


def test_it_tells_the_workers_once_it_is_committed(
    problem_set: ProblemSet, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        launched(problem_set)
        assert sent == []
    assert sent == ["search.work"]
    with django_capture_on_commit_callbacks(execute=True):
        launched(problem_set, hint=False)
    assert sent == ["search.work"]


def test_statements_do_not_grow_with_the_problems(problem_set: ProblemSet) -> None:
    counts: list[int] = []
    assert problem_set.team  # read here, not within what is counted
    for limit in (1, 7):
        with CaptureQueriesContext(connection) as queries:
            launched(problem_set, problem_filter=ProblemFilter(first=limit))
        counts.append(len(queries))
    assert counts[0] == counts[1]
