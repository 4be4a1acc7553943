"""Labels over HTTP: what a page sends and gets, and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.labels.models import Label
from apps.runs.models import Run
from tests import people
from tests.datasets.stored_trees import store_tree

ClientOf = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1])


def send(client: Client, run: Run, number: int = 1, **changed: Any) -> Any:
    body = {
        "verdict": "good",
        "client_uuid": str(uuid4()),
        "scores_in_view": True,
        "seconds": 2.5,
        "reason": "",
        **changed,
    }
    return client.post(f"/api/t/demo/runs/{run.pk}/steps/{number}/labels", body, "application/json")


def test_a_label_is_stored_and_answered_with_what_stands(client_of: ClientOf, owner: User, run: Run) -> None:
    response = send(client_of(owner), run, reason="It follows.")
    assert response.status_code == 201
    stored = Label.objects.get()
    assert (stored.verdict, stored.scores_in_view, stored.seconds, stored.reason) == ("good", True, 2.5, "It follows.")
    assert response.json() == {
        "label": {
            "number": 1,
            "labeller": "owner",
            "mine": True,
            "verdict": "good",
            "at": stored.created_at.isoformat(),
            "scores_in_view": True,
            "reason": "It follows.",
        },
        "standing": "good",
    }


def test_the_same_request_twice_has_one_answer_and_one_row(client_of: ClientOf, owner: User, run: Run) -> None:
    client, uuid = client_of(owner), str(uuid4())
    answers = [send(client, run, client_uuid=uuid).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert Label.objects.count() == 1


def test_whether_scores_were_in_view_is_kept(client_of: ClientOf, owner: User, run: Run) -> None:
    client = client_of(owner)
    send(client, run, 1, scores_in_view=True)
    send(client, run, 2, scores_in_view=False)
    assert list(Label.objects.order_by("number").values_list("scores_in_view", flat=True)) == [True, False]


def test_an_empty_verdict_takes_the_label_back(client_of: ClientOf, owner: User, run: Run) -> None:
    client = client_of(owner)
    send(client, run)
    response = send(client, run, verdict="")
    assert (response.status_code, response.json()["standing"]) == (201, None)
    known = client.get(f"/api/t/demo/runs/{run.pk}/labels").json()
    assert (known["labels"], known["standing"]) == ([], {})
    assert known["newest"] == {"1": str(Label.objects.latest("id").client_uuid)}


def test_colleagues_see_each_others_labels_and_which_are_theirs(
    client_of: ClientOf, owner: User, colleague: User, run: Run
) -> None:
    send(client_of(owner), run, 1)
    assert send(client_of(colleague), run, 1, verdict="bad").json()["standing"] is None
    send(client_of(colleague), run, 2, verdict="neutral")
    seen = client_of(owner).get(f"/api/t/demo/runs/{run.pk}/labels").json()
    assert [(label["number"], label["labeller"], label["mine"], label["verdict"]) for label in seen["labels"]] == [
        (1, "owner", True, "good"),
        (1, "colleague", False, "bad"),
        (2, "colleague", False, "neutral"),
    ]
    assert seen["standing"] == {"2": "neutral"}


def test_a_stranger_is_told_that_nothing_is_there(client_of: ClientOf, stranger: User, run: Run) -> None:
    client = client_of(stranger)
    assert send(client, run).status_code == 404
    assert client.get(f"/api/t/demo/runs/{run.pk}/labels").status_code == 404
    # Through a team of their own, another team's run is no more there.
    own = client.post(
        f"/api/t/elsewhere/runs/{run.pk}/steps/1/labels",
        {"verdict": "good", "client_uuid": str(uuid4()), "scores_in_view": True},
        "application/json",
    )
    assert own.status_code == 404
    assert client.get(f"/api/t/elsewhere/runs/{run.pk}/labels").status_code == 404
    assert not Label.objects.exists()


def test_a_viewer_looks_and_does_not_label(client_of: ClientOf, team: Team, run: Run) -> None:
    client = client_of(people.make_member(team, "viewer@example.org", Role.VIEWER))
    assert send(client, run).status_code == 403
    assert client.get(f"/api/t/demo/runs/{run.pk}/labels").status_code == 200


def test_who_is_not_signed_in_is_told_so(run: Run) -> None:
    assert send(Client(), run).status_code == 401
    assert Client().get(f"/api/t/demo/runs/{run.pk}/labels").status_code == 401


def test_a_request_without_the_token_is_refused(owner: User, run: Run) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert send(client, run).status_code == 403
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "great"),
        ("verdict", None),
        ("verdict", 1),
        ("verdict", ["good"]),
        ("verdict", "x" * 100_000),
        ("client_uuid", 1),
        ("client_uuid", True),
        ("scores_in_view", "yes"),
        ("scores_in_view", 1),
        ("scores_in_view", [[]]),
        ("seconds", True),
        ("seconds", "1_0"),
        ("seconds", {}),
        ("reason", 1),
        ("reason", None),
        ("labeller", 5),
        ("__proto__", {"a": 1}),
        ("client_uuid", "one"),
        ("scores_in_view", "perhaps"),
        ("seconds", -1),
        ("seconds", "nan"),
        ("seconds", "1e999"),
        ("reason", "a\x00b"),
        ("reason", "\ud800"),
        ("reason", "x" * 10_001),
    ],
)
def test_a_field_that_cannot_be_read_is_named(
    client_of: ClientOf, owner: User, run: Run, field: str, value: Any
) -> None:
    response = send(client_of(owner), run, **{field: value})
    assert response.status_code == 400
    assert field in response.json()["error"]["fields"]
    assert len(response.content) < 2_000
    assert not Label.objects.exists()


def test_a_step_that_is_not_there_is_said(client_of: ClientOf, owner: User, run: Run) -> None:
    response = send(client_of(owner), run, 99)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no-such-step")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"x"', "{", "[" * 100_000, '{"a":' * 100_000, "\xff", ""])
def test_a_body_that_is_no_object_is_refused_in_the_shape_of_every_error(
    client_of: ClientOf, owner: User, run: Run, body: str
) -> None:
    path = f"/api/t/demo/runs/{run.pk}/steps/1/labels"
    response = client_of(owner).post(path, body.encode("latin-1"), "application/json")
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"code", "message", "fields"}
    assert not Label.objects.exists()


def test_a_body_without_end_is_refused_in_the_same_shape(client_of: ClientOf, owner: User, run: Run) -> None:
    response = send(client_of(owner), run, reason="x" * 3_000_000)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too-large")


def test_an_unknown_verdict_is_refused_by_name_with_the_known_ones(client_of: ClientOf, owner: User, run: Run) -> None:
    said = send(client_of(owner), run, verdict="great").json()["error"]["fields"]["verdict"]
    assert said == "Unknown verdict 'great'. Known: bad, neutral, good, unsure; empty takes the label back."
