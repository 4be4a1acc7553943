"""The same launch with the same key is one experiment, however often and however close together it comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.models import ProblemSet
from apps.runs import launching
from apps.runs.launching import KEY_LENGTH, launch_experiment
from apps.runs.models import Experiment, Run
from tests.factories import make_problem_set
from tests.people import make_team


@pytest.fixture
def problem_set(team: Team) -> ProblemSet:
    return make_problem_set(team, 3)


def launched(problem_set: ProblemSet, **given: Any) -> Experiment:
    usual: dict[str, Any] = {"strategy": "self_consistency", "parameters": {"n": 2}, "engine": "scripted", "key": "k"}
    return launch_experiment(team=problem_set.team, problem_set=problem_set, hint=False, **{**usual, **given})


def test_the_second_launch_with_a_key_is_the_first(problem_set: ProblemSet) -> None:
    assert launched(problem_set) == launched(problem_set)
    assert (Experiment.objects.count(), Run.objects.count()) == (1, 3)


def test_without_a_key_each_launch_is_its_own(problem_set: ProblemSet) -> None:
    assert launched(problem_set, key="") != launched(problem_set, key="")


def test_a_key_is_the_teams_own(problem_set: ProblemSet) -> None:
    assert launched(problem_set) != launched(make_problem_set(make_team("elsewhere"), 3))


@pytest.mark.parametrize("change", [{"parameters": {"n": 3}}, {"seed": 1}, {"name": "Other"}, {"budget": {"steps": 9}}])
def test_a_key_that_something_else_was_launched_with_is_refused(
    problem_set: ProblemSet, change: dict[str, Any]
) -> None:
    first = launched(problem_set)
    with pytest.raises(Refused, match=f"Experiment {first.pk} was launched with this key, and differs in ") as refusal:
        launched(problem_set, **change)
    assert (refusal.value.code, refusal.value.status) == ("key_taken", 409)
    assert Experiment.objects.count() == 1


@pytest.mark.parametrize("key", ["k" * (KEY_LENGTH + 1), "\0", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(problem_set: ProblemSet, key: str) -> None:
    with pytest.raises(Refused, match=f"Expected a key of at most {KEY_LENGTH} characters; found "):
        launched(problem_set, key=key)


@pytest.mark.django_db(transaction=True)
def test_two_launches_at_the_same_moment_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have found that nothing was launched with the key before either writes."""
    problem_set = make_problem_set(make_team("demo"), 3)
    store, both = launching._store, Barrier(2, timeout=30)

    def together(*given: Any) -> None:
        both.wait()
        store(*given)

    def one(_: int) -> int:
        try:
            return launched(problem_set).pk
        finally:
            connection.close()

    monkeypatch.setattr(launching, "_store", together)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(one, range(2))
    assert first == second
    assert (Experiment.objects.count(), Run.objects.count()) == (1, 3)
