"""A step with everything below it: the same steps that walking the rows finds, cut by levels and by number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team, User
from apps.runs.models import Run
from apps.runs.sink import RunSink
from apps.trees import api
from apps.trees.subtree import subtree_numbers
from tests.datasets.stored_trees import store_tree
from tests.people import make_team
from tests.runs.logs import claimed_run
from tests.trees.grown import random_log
from workers.search.events import Event, StepAdded

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
# 1 ─ 2 ─ 3, 1 ─ 4 ─ 5 ─ 6, and 7 beside.
PARENTS = [0, 1, 2, 1, 4, 5, 0]


def walked(parents: dict[int, int], number: int, levels: int) -> list[int]:
    """The same, step by step upwards."""

    def distance(step: int) -> int | None:
        up = 0
        while step not in (number, 0):
            step, up = parents[step], up + 1
        return up if step == number else None

    return [step for step in parents if (found := distance(step)) is not None and found <= levels]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=random_log(), data=st.data())
def test_it_holds_what_walking_up_from_every_step_finds(log: list[Event], data: st.DataObject) -> None:
    claim = claimed_run()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    cut = data.draw(st.sampled_from([len(log) - 1, len(log)]))  # still running, and ended
    sink.take(log[:cut])
    sink.flush()
    parents = {event.number: event.parent for event in log if isinstance(event, StepAdded)}
    run = Run.objects.get(pk=claim.run_id)
    for number in parents:
        levels = data.draw(st.integers(0, 4))
        assert subtree_numbers(run, number, levels).tolist() == walked(parents, number, levels)
        assert subtree_numbers(run, number).tolist() == walked(parents, number, len(parents))


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, PARENTS)


def asked(client: Client, run: Run, query: str) -> tuple[int, list[int]]:
    answer = client.get(f"/api/t/demo/runs/{run.pk}/steps?{query}").json()
    return answer["count"], [step["number"] for step in answer["steps"]]


def test_the_address_brings_the_steps_and_says_how_many_there_are(
    run: Run, owner: User, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(owner)
    assert asked(client, run, "subtree=1") == (6, [1, 2, 3, 4, 5, 6])
    assert asked(client, run, "subtree=1&depth=1") == (3, [1, 2, 4])
    assert asked(client, run, "subtree=4&depth=0") == (1, [4])
    monkeypatch.setattr(api, "MOST_NUMBERS", 2)
    assert asked(client, run, "subtree=4") == (3, [4, 5])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("subtree=1&branch=1", "branch=NUMBER, numbers=1,2,3 or subtree=NUMBER"),
        ("branch=1&depth=2", "depth: expected beside subtree=NUMBER alone"),
        ("subtree=1&depth=-1", "depth: expected a number of levels such as 2, found '-1'"),
        ("subtree=x", "subtree: expected step numbers such as 37, found 'x'"),
        ("subtree=1&levels=2", "Unknown parameter 'levels'"),
    ],
)
def test_what_is_asked_wrongly_is_refused(run: Run, owner: User, client_of: SignIn, query: str, said: str) -> None:
    answer = client_of(owner).get(f"/api/t/demo/runs/{run.pk}/steps?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize("number", [0, 8, 999999999])
def test_there_is_nothing_below_a_step_that_is_not_there(run: Run, owner: User, client_of: SignIn, number: int) -> None:
    assert client_of(owner).get(f"/api/t/demo/runs/{run.pk}/steps?subtree={number}").status_code == 404


def test_steps_of_another_team_are_not_there(run: Run, owner: User, client_of: SignIn) -> None:
    theirs = store_tree(make_team("theirs"), PARENTS)
    assert client_of(owner).get(f"/api/t/demo/runs/{theirs.pk}/steps?subtree=1").status_code == 404
