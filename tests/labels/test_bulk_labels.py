"""Labels many at a time: stored once, in their order, all or none, with every fault told by its line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Labeller, Role, Team, User
from apps.accounts.tokens import make_token
from apps.labels.models import Label
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree
from tests.people import make_colleague, make_member, make_stranger, make_team

pytestmark = pytest.mark.django_db
ADDRESS = "/api/t/lab/labels"


@pytest.fixture
def team() -> Team:
    return make_team("lab")


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1, 2])


@pytest.fixture
def reviewer(team: Team) -> User:
    return make_member(team, "reviewer@example.org", Role.REVIEWER)


def line(run: Run, number: int = 1, verdict: str = "good", **more: Any) -> dict[str, Any]:
    return {"run": run.pk, "number": number, "verdict": verdict, "client_uuid": str(uuid4()), **more}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(person: User, *lines: Mapping[str, Any] | bytes, query: str = "") -> Any:
    return post(client_of(person), *lines, query=query)


def post(client: Client, *lines: Mapping[str, Any] | bytes, query: str = "") -> Any:
    body = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    return client.post(f"{ADDRESS}{query}", body, content_type="application/x-ndjson")


def test_labels_are_stored_in_their_order_with_all_that_was_said(run: Run, reviewer: User) -> None:
    full = {"at": "2026-01-02T03:04:05Z", "seconds": 4.5, "reason": " as it is ", "critique": "no", "flagged": True}
    answer = send(reviewer, line(run, 2, "bad", labeller="Ada", **full), line(run), line(run, 1, "bad"))
    assert (answer.status_code, answer.json()) == (201, {"stored": 3, "known": 0, "rejected": []})
    first, *own = Label.objects.order_by("pk")
    assert (first.labeller.name, first.verdict, first.seconds, first.reason) == ("Ada", "bad", 4.5, "as it is")
    assert (first.critique, first.flagged, first.created_at.isoformat()) == ("no", True, "2026-01-02T03:04:05+00:00")
    assert [(one.labeller.user, one.verdict, one.scores_in_view) for one in own] == [
        (reviewer, "good", None),
        (reviewer, "bad", None),
    ]


def test_what_is_sent_twice_is_stored_once(run: Run, reviewer: User) -> None:
    lines = [line(run), line(run, 2)]
    send(reviewer, lines[0])
    assert send(reviewer, *lines, lines[1]).json() == {"stored": 1, "known": 2, "rejected": []}
    assert Label.objects.count() == 2


BROKEN = [
    ({"number": 9}, "number", "none of that number and run"),
    ({"verdict": "great"}, "verdict", "'great'"),
    ({"labeler": "Ada"}, "labeler", "a field nobody knows"),
    ({"labeller": " "}, "labeller", "' '"),
    ({"at": "2026-01-02"}, "at", "'2026-01-02'"),
    ({"at": "2999-01-02T00:00:00Z"}, "at", "'2999-01-02T00:00:00Z'"),
    ({"seconds": -1}, "seconds", "-1"),
    ({"flagged": "yes"}, "flagged", "'yes'"),
    ({"client_uuid": "7"}, "client_uuid", "'7'"),
    ({"run": True}, "run", "true"),
    ({"reason": 3}, "reason", "3"),
]


@pytest.mark.parametrize(("change", "field", "found"), BROKEN)
def test_a_line_that_is_not_as_expected_is_told_and_nothing_is_stored(
    run: Run, reviewer: User, change: dict[str, Any], field: str, found: str
) -> None:
    answer = send(reviewer, line(run), {**line(run, 2), **change}, line(run, 3))
    [fault] = answer.json()["rejected"]
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "rejected")
    assert (fault["line"], fault["field"], fault["found"]) == (2, field, found)
    assert not Label.objects.exists()


def test_with_partly_the_good_lines_are_stored_and_the_others_named(run: Run, reviewer: User) -> None:
    answer = send(reviewer, line(run), b"{broken", line(run, 9), line(run, 3), query="?partly=1")
    assert (answer.status_code, answer.json()["stored"]) == (201, 2)
    assert [one["line"] for one in answer.json()["rejected"]] == [2, 3]


def test_a_uuid_that_says_something_else_is_refused_within_a_request_and_across(run: Run, reviewer: User) -> None:
    first = line(run)
    send(reviewer, first)
    other = line(run, 2)
    answer = send(reviewer, {**first, "verdict": "bad"}, other, {**other, "number": 3}, query="?partly=1").json()
    assert [(one["line"], one["field"]) for one in answer["rejected"]] == [(1, "client_uuid"), (3, "client_uuid")]
    assert list(Label.objects.order_by("pk").values_list("number", "verdict")) == [(1, "good"), (2, "good")]


def test_a_run_of_another_team_is_none(run: Run, reviewer: User) -> None:
    theirs = store_tree(make_team("elsewhere"), [0])
    answer = send(reviewer, line(theirs)).json()
    assert answer["rejected"][0]["found"] == send(reviewer, {**line(run), "run": 10**9}).json()["rejected"][0]["found"]


def test_an_annotator_gives_their_own_labels_and_imports_none(run: Run, team: Team) -> None:
    colleague = make_colleague(team)
    assert send(colleague, line(run)).status_code == 201
    refused = send(colleague, line(run), line(run, labeller="Ada"))
    assert (refused.status_code, Label.objects.count()) == (403, 1)
    assert not Labeller.objects.filter(name="Ada").exists()


def test_a_token_imports_only_with_that_right(run: Run, team: Team) -> None:
    owner = make_member(team, "owner@example.org", Role.OWNER)
    for scopes, wanted in ((["label"], 403), (["label", "import"], 201)):
        _, token = make_token(team, name="t", scopes=scopes, days=1, by=owner)
        body = json.dumps(line(run, labeller="Ada"))
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().post(ADDRESS, body, content_type="application/x-ndjson", headers=headers)
        assert answer.status_code == wanted


def test_strangers_viewers_and_nobody_store_nothing(run: Run, team: Team) -> None:
    viewer = make_member(team, "viewer@example.org", Role.VIEWER)
    assert [send(person, line(run)).status_code for person in (make_stranger(), viewer)] == [404, 403]
    assert Client().post(ADDRESS, b"{}", content_type="application/x-ndjson").status_code == 401


@pytest.mark.parametrize(("count", "status"), [(0, 400), (10_001, 400)])
def test_a_request_has_one_to_ten_thousand_lines(reviewer: User, count: int, status: int) -> None:
    answer = send(reviewer, *[b"{}"] * count)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "too-many-lines")


def test_lines_of_no_utf_8_and_parameters_nobody_knows_are_refused(run: Run, reviewer: User) -> None:
    assert send(reviewer, b"\xff\xfe").json()["rejected"][0]["line"] == 1
    assert send(reviewer, line(run), query="?party=1").json()["error"]["code"] == "unknown-field"
    assert send(reviewer, line(run), query="?partly=yes").json()["error"]["code"] == "bad-query"


def test_more_lines_take_no_more_queries(
    run: Run, reviewer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(reviewer)
    post(client, line(run))
    for count in (10, 1_000):
        lines = [line(run, 1 + n % 3, client_uuid=str(UUID(int=count * 10_000 + n))) for n in range(count)]
        with django_assert_max_num_queries(11):
            assert post(client, *lines).json()["stored"] == count
