"""Queues over HTTP: what programs send and get, who may, and that gold cannot be told from anything they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.labels.models import LabelQueue
from tests import people
from tests.factories import make_run_with_tree
from tests.labels.queue_making import make_known, make_queue, make_tasks

ClientOf = Callable[[User], Client]
HOME = "/api/t/demo/labelling/queues"


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, "application/json")


def test_a_queue_is_built_listed_paused_and_peopled(
    client_of: ClientOf, team: Team, owner: User, colleague: User
) -> None:
    make_run_with_tree(team)
    client = client_of(owner)
    built = post(client, HOME, {"name": "One", "unit": "step", "access": "assigned", "filter": {"first": 2}})
    assert built.status_code == 201
    queue = built.json()["queue"]
    assert (queue["done"], queue["filter"]) == ({"tasks": 2, "wanted": 2, "given": 0, "through": 0}, {"first": 2})
    assert client.get(HOME).json()["queues"] == [queue]
    one = f"{HOME}/{queue['id']}"
    assert post(client, one + "/state", {"state": "paused", "reason": "x"}).json()["queue"]["state"] == "paused"
    placed = post(client, one + "/members", {"user": colleague.pk, "state": "admitted"}).json()
    assert placed["member"] == {"user": colleague.pk, "name": "colleague", "state": "admitted"}
    assert client.get(one + "/members").json()["members"] == [placed["member"]]
    assert post(client, one + "/members", {"user": colleague.pk, "state": "remove"}).json() == {"member": None}
    assert client.get(one).json()["people"] == []


@pytest.mark.parametrize(
    "body",
    [[], "x", {"colour": 1, "name": "x"}, {"team": 1, "name": "x"}, {"by": 1, "name": "x"}, {"name": "x", "wanted": 0},
     {"name": 5}, {"name": "x", "filter": {"run__team": 1}}, {"self": 1}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_nothing_is_built(client_of: ClientOf, owner: User, body: Any) -> None:
    answer = post(client_of(owner), HOME, body)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "message", "fields"}
    assert not LabelQueue.objects.exists()


@pytest.mark.parametrize(
    ("role", "looks", "steers"),
    [(Role.REVIEWER, 200, True), (Role.ANNOTATOR, 200, False), (Role.VIEWER, 200, False), (None, 404, False)],
)
def test_who_may_look_and_who_may_steer(
    client_of: ClientOf, team: Team, stranger: User, role: Role | None, looks: int, steers: bool
) -> None:
    queue = make_queue(team, gold_share=0.2)
    client = client_of(people.make_member(team, "one@example.org", role) if role else stranger)
    one = f"{HOME}/{queue.pk}"
    assert [client.get(HOME).status_code, client.get(one).status_code] == [looks, looks]
    refused = 404 if looks == 404 else 403
    assert client.get(one + "/members").status_code == (200 if steers else refused)
    assert post(client, one + "/state", {"state": "closed"}).status_code == (200 if steers else refused)
    assert post(client, HOME, {"name": ""}).status_code == (400 if steers else refused)
    if looks == 200:
        assert ("gold_share" in client.get(one).json()["queue"]) == steers


def test_a_gold_turn_has_the_fields_of_any_other(client_of: ClientOf, team: Team, colleague: User) -> None:
    shapes = []
    for kind in ("normal", "gold"):
        queue = make_queue(team, gold_share=1.0)
        for task in make_tasks(queue, 2, kind=kind):
            make_known(task)
        sent = post(client_of(colleague), f"{HOME}/{queue.pk}/next", {"besides": []}).json()
        assert sent["why"] == ""
        assert "gold" not in str(sent)
        shapes.append((sorted(sent["turn"]), sorted(sent["turn"]["queue"]), sorted(sent["turn"]["steps"][0])))
    assert shapes[0] == shapes[1]
