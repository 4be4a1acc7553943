"""Launching, listing and looking at experiments over HTTP: one service, one grammar, and only who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.problems.models import ProblemSet
from apps.runs.models import Experiment
from tests.factories import make_experiment
from tests.people import make_member
from tests.runs.launch_form import SignIn, make_mixed

LAUNCH = "/api/t/demo/experiments"
WANTED: dict[str, Any] = {
    "problems": "mixed",
    "filter": {"difficulty_min": 3, "first": 2},
    "strategy": "best_of_n",
    "parameters": {"n": 4},
    "engine": "scripted",
    "scorer": "scripted",
    "budget": {"tokens": 900},
    "alternatives": 2,
    "seed": 5,
    "name": "Over HTTP",
    "key": "once",
}


@pytest.fixture
def problem_set(team: Team) -> ProblemSet:
    return make_mixed(team)


def sent(client: Client, **change: Any) -> Any:
    given = {name: value for name, value in {**WANTED, **change}.items() if value is not None}
    return client.post(LAUNCH, given, content_type="application/json")


def test_it_launches_and_tells_what_was_launched(problem_set: ProblemSet, owner: User, client_of: SignIn) -> None:
    answer = sent(client_of(owner))
    experiment = Experiment.objects.get()
    told = answer.json()
    assert (answer.status_code, told["id"]) == (201, experiment.pk)
    assert told["address"] == f"/t/demo/experiments/{experiment.pk}/"
    assert told["runs"] == {"waiting": 2, "running": 0, "finished": 0, "failed": 0, "cancelled": 0}
    assert {name: told[name] for name in WANTED if name not in ("parameters", "key")} == {
        name: value for name, value in WANTED.items() if name not in ("parameters", "key")
    }
    assert told["parameters"] == {"n": 4, "temperature": 1.0, "aggregation": "last"}
    assert client_of(owner).get(f"{LAUNCH}/{experiment.pk}").json() == told


def test_the_same_key_is_the_same_experiment(problem_set: ProblemSet, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    assert sent(client).json()["id"] == sent(client).json()["id"]
    answer = sent(client, seed=6)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key_taken")


@pytest.mark.parametrize(
    ("change", "status", "field", "sentence"),
    [
        ({"colour": "red"}, 400, "colour", "Unknown field. Known: problems, filter, strategy, "),
        ({"seed": "5"}, 400, "seed", "Expected a whole number; found '5'."),
        ({"seed": -1}, 400, "seed", "Expected a seed from 0 to "),
        ({"seed": 10**40}, 400, "seed", "Expected a seed from 0 to "),
        ({"filter": {"hard": 1}}, 400, "hard", "Unknown field. Known: text, "),
        ({"parameters": {"n": 0}}, 400, "n", "Parameter 'n': expected at least 1; found 0."),
        ({"budget": {"tokens": []}}, 400, "tokens", "Parameter 'tokens': expected a whole number; found a list."),
        ({"scorer": ""}, 400, "scorer", "Strategy 'best_of_n' needs a scorer. Known: "),
        ({"engine": "tiny-policy"}, 400, "engine", "Engine 'tiny-policy' cannot read 2 of 2 texts. "),
        ({"problems": None}, 400, "problems", "This field is required."),
        ({"problems": "theirs"}, 404, "", ""),
        ({"name": "\ud800"}, 400, "name", ""),
        ({"name": "x" * 201}, 400, "name", "Expected a name of at most 200 characters; found 201."),
        ({"key": "\x00"}, 400, "key", ""),
    ],
)
def test_what_is_refused_is_named(
    problem_set: ProblemSet,
    owner: User,
    client_of: SignIn,
    change: dict[str, Any],
    status: int,
    field: str,
    sentence: str,
) -> None:
    answer = sent(client_of(owner), **change)
    error = answer.json()["error"]
    assert (answer.status_code, Experiment.objects.count()) == (status, 0)
    assert error["fields"].get(field, "").startswith(sentence)


def test_who_may_launch_and_who_may_look(
    team: Team, problem_set: ProblemSet, stranger: User, client_of: SignIn
) -> None:
    made = make_experiment(team, problem_set)
    launches = {Role.OWNER: 201, Role.REVIEWER: 201, Role.ANNOTATOR: 403, Role.VIEWER: 403}
    for role, status in launches.items():
        client = client_of(make_member(team, f"{role}@example.org", role))
        assert sent(client, key=str(role)).status_code == status
        assert [client.get(where).status_code for where in (LAUNCH, f"{LAUNCH}/{made.pk}")] == [200, 200]
    for client, status in ((client_of(stranger), 404), (Client(), 401)):
        assert sent(client).status_code == status
        assert [client.get(where).status_code for where in (LAUNCH, f"{LAUNCH}/{made.pk}")] == [status, status]
    elsewhere = client_of(stranger)
    assert elsewhere.get(f"/api/t/elsewhere/experiments/{made.pk}").status_code == 404
    assert elsewhere.get("/api/t/elsewhere/experiments").json()["count"] == 0


def test_the_list_is_paged_and_its_queries_do_not_grow(
    team: Team, problem_set: ProblemSet, owner: User, client_of: SignIn
) -> None:
    client, counts = client_of(owner), []
    for more in (10, 990):
        kept = make_experiment(team, problem_set)
        rest = [Experiment(team=team, kind="search", name="Many", strategy="beam") for _ in range(more - 1)]
        Experiment.objects.bulk_create(rest)
        with CaptureQueriesContext(connection) as captured:
            told = client.get(LAUNCH, {"page": 1}).json()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert (told["count"], told["pages"], len(told["experiments"])) == (1000, 20, 50)
    assert client.get(LAUNCH, {"text": "made"}).json()["experiments"][0]["id"] == kept.pk
    refused = client.get(LAUNCH, {"kind": "all"})
    assert (refused.status_code, refused.json()["error"]["fields"]["kind"]) == (
        400,
        "Unknown kind 'all'. Known: search, imported, fork.",
    )
