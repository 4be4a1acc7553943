"""Saving one verdict: durable, once under any delivery, and few queries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import Label
from apps.labels.services import add_label
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]


def test_it_takes_seven_queries_whatever_was_said_before(client_of: ClientOf, team: Team, owner: User) -> None:
    run, client = store_tree(team, [0, 1, 1]), client_of(owner)
    judge(run, labeller_of(team, owner), {1: "bad", 2: "bad"})

    def send() -> int:
        body = {"verdict": "good", "client_uuid": str(uuid4()), "scores_in_view": True}
        with CaptureQueriesContext(connection) as asked:
            client.post(f"/api/t/demo/runs/{run.pk}/steps/1/labels", body, "application/json")
        return len(asked)

    # Session, person, membership with team, labeller; the label with its step; current labels, adjudication.
    assert [send(), send(), send()] == [7, 7, 7]


def test_in_a_turn_it_takes_four(client_of: ClientOf, team: Team, owner: User) -> None:
    run = store_tree(team, [0, 1, 1])
    page = Page(client_of(owner), given_turn(given_task(given_queue(team), run, 2), labeller_of(team, owner)))

    def send() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page.say(1, "good").status_code == 201
        return len(asked)

    # Session, person, membership with team; the label with its step, its turn, its guideline and what it follows.
    assert [send(), send(), send()] == [4, 4, 4]


@pytest.mark.parametrize("mode", ["every-step", "first-error", "phase-two"])
def test_a_turn_of_a_thousand_steps_takes_as_many_queries_as_one_of_ten(
    client_of: ClientOf, team: Team, owner: User, mode: str
) -> None:
    def shown(steps: int) -> tuple[int, int]:
        task = given_task(given_queue(team, mode=mode), store_tree(team, list(range(steps))), steps)
        page = Page(client_of(owner), given_turn(task, labeller_of(team, owner)))
        page.say(1, "good")
        with CaptureQueriesContext(connection) as asked:
            found = len(page.shown()["steps"])
        return found, len(asked)

    (few, ten), (many, thousand) = shown(10), shown(1_000)
    assert (few, many) == (10, 1_000)
    assert thousand == ten <= 11


def test_reading_the_labels_of_a_run_takes_as_many_queries_for_many_as_for_one(
    client_of: ClientOf, team: Team, owner: User, colleague: User
) -> None:
    run, client = store_tree(team, [0, 1, 2, 3]), client_of(owner)

    def read() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/api/t/demo/runs/{run.pk}/labels")
        return len(asked)

    judge(run, labeller_of(team, owner), {1: "bad"})
    few = read()
    judge(run, labeller_of(team, colleague), {1: "good", 2: "good", 3: "good", 4: "good"})
    assert read() == few == 7


@pytest.mark.django_db(transaction=True)
def test_a_label_that_was_answered_is_there_for_everybody(client_of: ClientOf, team: Team, owner: User) -> None:
    run = store_tree(team, [0])
    body = {"verdict": "good", "client_uuid": str(uuid4()), "scores_in_view": True}
    assert (
        client_of(owner).post(f"/api/t/demo/runs/{run.pk}/steps/1/labels", body, "application/json").status_code == 201
    )
    # Another connection sees only what was committed.
    with psycopg.connect(**connection.get_connection_params()) as other:  # type: ignore[attr-defined]
        assert other.execute("SELECT client_uuid::text FROM labels_label").fetchall() == [(body["client_uuid"],)]
        assert other.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_a_label_delivered_five_times_at_once_is_one(team: Team, owner: User) -> None:
    run, uuid = store_tree(team, [0]), uuid4()
    labeller: Labeller = labeller_of(team, owner)

    def deliver(_: int) -> int:
        try:
            label = add_label(
                team=team,
                labeller=labeller,
                run=run.pk,
                number=1,
                verdict="good",
                client_uuid=uuid,
                scores_in_view=False,
            )
            return int(label.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(deliver, range(5)))
    assert answers == {Label.objects.get().pk}
