"""The same fields with the same key are one queue, however often and however close together they are sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, Team, User
from apps.common.errors import Refused
from apps.labels import queue_building
from apps.labels.models import LabelQueue, LabelTask
from apps.labels.queue_steering import change_queue
from apps.labels.queues import build_queue
from tests import people
from tests.factories import make_run_with_tree

ClientOf = Callable[[User], Client]


def built(team: Team, owner: User, **given: Any) -> LabelQueue:
    return build_queue(team, owner, **{"name": "Made", "unit": "step", "key": "k", **given})


def test_the_second_with_a_key_is_the_first(team: Team, owner: User) -> None:
    make_run_with_tree(team)
    plan = {"hourly_rate": "12.5", "currency": "EUR", "filter": {"first": 2}, "gold_share": 0.1}
    assert built(team, owner, **plan) == built(team, owner, **plan)
    assert (LabelQueue.objects.count(), LabelTask.objects.count()) == (1, 2)


def test_without_a_key_each_is_its_own_and_a_key_is_the_teams_own(team: Team, owner: User) -> None:
    other = people.make_team("elsewhere")
    for one in (team, other):
        make_run_with_tree(one)
    queues = {built(team, owner, key=""), built(team, owner, key=""), built(team, owner), built(other, owner)}
    assert len(queues) == 4


def test_a_key_that_came_with_other_fields_is_refused(team: Team, owner: User, colleague: User) -> None:
    make_run_with_tree(team)
    first = built(team, owner)
    for change in ({"name": "Other"}, {"filter": {"first": 1}}, {"wanted": 2}, {"members": [colleague.pk]}):
        with pytest.raises(Refused, match=f"Queue {first.pk} was built from this form") as refused:
            built(team, owner, **change)
        assert (refused.value.code, refused.value.status) == ("key_taken", 409)
    assert LabelQueue.objects.count() == 1


def test_what_was_built_is_found_by_its_key_however_it_was_steered_since(
    team: Team, owner: User, colleague: User
) -> None:
    make_run_with_tree(team)
    plan = {"hourly_rate": "12.5", "currency": "EUR", "access": "assigned", "members": [colleague.pk]}
    first = built(team, owner, **plan)
    change_queue(first, owner, hourly_rate=Decimal(13), currency="USD")
    Membership.objects.get(team=team, user=colleague).delete()
    assert built(team, owner, **plan) == first
    assert LabelQueue.objects.count() == 1


def test_what_was_refused_leaves_its_key_free(team: Team, owner: User) -> None:
    with pytest.raises(Refused, match="Expected at least one task"):
        built(team, owner)
    make_run_with_tree(team)
    assert built(team, owner).tasks.exists()


def test_a_form_sent_twice_leads_to_the_same_queue(team: Team, owner: User, client_of: ClientOf) -> None:
    make_run_with_tree(team)
    client, address = client_of(owner), reverse("labelling:new_queue", args=[team.slug])
    fresh = [client.get(address).context["key"] for _ in range(2)]
    assert fresh[0] != fresh[1]
    sent = [client.post(f"{address}?key={fresh[0]}", {"name": "Made", "unit": "step"}) for _ in range(2)]
    queue = LabelQueue.objects.get()
    assert {answer["Location"] for answer in sent} == {reverse("labelling:queue", args=[team.slug, queue.pk])}
    again = client.get(f"{address}?key={fresh[0]}&unit=step")
    assert (again.context["to_settle"], again["HX-Replace-Url"]) == ([], f"{address}?unit=step")


def test_programs_send_a_key_too(team: Team, owner: User, client_of: ClientOf) -> None:
    make_run_with_tree(team)
    client, address = client_of(owner), f"/api/t/{team.slug}/labelling/queues"

    def sent(key: Any, **more: Any) -> Any:
        return client.post(address, {"name": "Made", "unit": "step", "key": key, **more}, "application/json")

    first, second = sent("once"), sent("once")
    assert [one.status_code for one in (first, second)] == [201, 201]
    assert first.json() == second.json()
    assert sent("once", wanted=3).status_code == 409
    for key in (5, None, "k" * 65, "\0"):
        refused = sent(key)
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["key"])
    assert LabelQueue.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have found that nothing was built with the key before either writes."""
    team = people.make_team("demo")
    owner = people.make_owner(team)
    make_run_with_tree(team)
    store, both = queue_building._store, Barrier(2, timeout=30)

    def together(*given: Any) -> None:
        both.wait()
        store(*given)

    def one(_: int) -> int:
        try:
            return built(team, owner).pk
        finally:
            connection.close()

    monkeypatch.setattr(queue_building, "_store", together)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(one, range(2))
    assert first == second
    assert LabelQueue.objects.count() == 1
