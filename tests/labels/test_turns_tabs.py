"""Two tabs of one person: what follows a label that is no longer the latest is not stored, and not lost either."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.labels.models import Assignment, Label
from apps.labels.said import NONE_BEFORE, Said
from apps.labels.storing import store_in_turn
from tests.datasets.stored_trees import store_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]
# Of two tabs: which one acts, what it says, and whether its answer gets lost, so that it sends the same again.
ACTS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["good", "bad", ""]), st.booleans()), max_size=12)


@pytest.fixture
def turn(team: Team, colleague: User) -> Assignment:
    run = store_tree(team, [0])
    return given_turn(given_task(given_queue(team), run, 1), labeller_of(team, colleague))


def store(turn: Assignment, said: Said) -> Label:
    user = turn.labeller.user_id
    assert user is not None
    label = store_in_turn(team=turn.labeller.team_id, user=user, turn=turn.pk, number=1, said=said)
    assert label is not None
    return label


def test_the_second_tab_is_told_and_shown_both(turn: Assignment, colleague: User, client_of: ClientOf) -> None:
    page = Page(client_of(colleague), turn)
    first = page.say(1, "good", replaces=None, reason="In the first tab.").json()["label"]
    refused = page.say(1, "bad", replaces=None)
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "other-tab")
    assert refused.json()["theirs"] == first
    assert Label.objects.count() == 1
    # The person's pick is sent as following what is stored.
    assert page.say(1, "bad", replaces=first["client_uuid"]).status_code == 201


def test_a_page_that_does_not_say_what_it_follows_is_not_checked(
    turn: Assignment, colleague: User, client_of: ClientOf
) -> None:
    page = Page(client_of(colleague), turn)
    assert [page.say(1, verdict).status_code for verdict in ("good", "bad", "good")] == [201, 201, 201]


def test_the_page_of_the_tree_is_told_too(turn: Assignment, colleague: User, client_of: ClientOf) -> None:
    page = Page(client_of(colleague), turn)
    first = page.say(1, "good", replaces=None).json()["label"]
    assert page.become("submitted").status_code == 200  # until then the run is hidden from who judges it
    body = {"verdict": "bad", "client_uuid": str(uuid4()), "scores_in_view": True, "replaces": str(uuid4())}
    address = f"/api/t/demo/runs/{turn.task.run_id}/steps/1/labels"
    refused = page.client.post(address, body, "application/json")
    assert (refused.status_code, refused.json()["theirs"]["client_uuid"]) == (412, first["client_uuid"])
    body["replaces"] = first["client_uuid"]
    assert page.client.post(address, body, "application/json").status_code == 201


def test_what_was_delivered_is_answered_again_though_another_came_since(turn: Assignment) -> None:
    first = Said("good", uuid4(), replaces=NONE_BEFORE)
    stored = store(turn, first)
    store(turn, Said("bad", uuid4(), replaces=first.client_uuid))
    assert store(turn, first).pk == stored.pk
    with pytest.raises(Refused, match="another step, verdict or labeller"):
        store(turn, Said("bad", first.client_uuid, replaces=NONE_BEFORE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_in_any_order_of_two_tabs_what_was_accepted_is_there_in_that_order(
    turn: Assignment, acts: list[tuple[int, str, bool]]
) -> None:
    Label.objects.all().delete()
    known: list[UUID] = [NONE_BEFORE, NONE_BEFORE]
    accepted: list[UUID] = []
    for tab, verdict, answer_is_lost in acts:
        said = Said(verdict, uuid4(), replaces=known[tab])
        latest = accepted[-1] if accepted else NONE_BEFORE
        if known[tab] == latest:
            for _ in range(1 + answer_is_lost):
                store(turn, said)
            accepted.append(said.client_uuid)
            known[tab] = said.client_uuid
        else:
            with pytest.raises(Refused) as refused:
                store(turn, said)
            # What is told is the latest, by which the tab goes on.
            assert refused.value.also["theirs"]["client_uuid"] == str(latest)
            known[tab] = latest
    rows = list(Label.objects.order_by("id").values_list("client_uuid", "replaces"))
    assert rows == list(zip(accepted, [NONE_BEFORE, *accepted], strict=False))


@pytest.mark.django_db(transaction=True)
def test_of_many_that_follow_the_same_label_at_one_moment_exactly_one_is_stored(
    turn: Assignment,
) -> None:
    latest, connections = NONE_BEFORE, 4

    def send(said: Said) -> Any:
        try:
            return store(turn, said).client_uuid
        except Refused as refused:
            return refused.also["theirs"]["client_uuid"]
        finally:
            connection.close()

    with ThreadPoolExecutor(connections) as pool:
        for _ in range(10):
            sent = [Said("good", uuid4(), replaces=latest) for _ in range(connections)]
            answers = {str(answer) for answer in pool.map(send, sent)}
            # One is stored, and the others are told of that one.
            [stored] = Label.objects.filter(replaces=latest).values_list("client_uuid", flat=True)
            assert answers == {str(stored)}
            latest = stored
    assert Label.objects.count() == 10
