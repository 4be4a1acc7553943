"""Who gets the labelling page, what it is given, and that it costs the same however much was said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import Assignment, Label
from tests.factories import make_run_with_tree
from tests.labels.given_turns import given_queue, given_task, given_turn
from tests.people import make_member, make_stranger

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]
QUERIES = 7


@pytest.fixture
def turn(team: Team, colleague: User) -> Assignment:
    """The annotator's turn at a queue of one task."""
    run = make_run_with_tree(team, [("Zebras are striped.", "Zebras are horses.")])
    return given_turn(given_task(given_queue(team), run, 2), labeller_of(team, colleague))


def page_of(turn: Assignment) -> str:
    return f"/t/demo/labelling/queues/{turn.task.queue_id}/label/"


def test_whoever_may_label_gets_the_page_of_a_queue(
    team: Team, owner: User, colleague: User, turn: Assignment, client_of: ClientOf
) -> None:
    reviewer = make_member(team, "reviewer@example.org", Role.REVIEWER)
    viewer = make_member(team, "viewer@example.org", Role.VIEWER)
    asked = {person: client_of(person).get(page_of(turn)).status_code for person in (owner, reviewer, colleague)}
    assert set(asked.values()) == {200}
    assert client_of(viewer).get(page_of(turn)).status_code == 403
    assert client_of(make_stranger()).get(page_of(turn)).status_code == 404
    assert Client().get(page_of(turn)).status_code == 302


def test_a_turn_is_shown_to_its_person_and_to_whoever_settles(
    team: Team, owner: User, colleague: User, turn: Assignment, client_of: ClientOf
) -> None:
    address = f"/t/demo/labelling/turns/{turn.pk}/"
    other = make_member(team, "other@example.org", Role.ANNOTATOR)
    viewer = make_member(team, "viewer@example.org", Role.VIEWER)
    people = (owner, colleague, other, viewer, make_stranger())
    assert [client_of(person).get(address).status_code for person in people] == [200, 200, 404, 403, 404]
    assert client_of(owner).get("/t/demo/labelling/turns/987654/").status_code == 404
    assert Client().get(address).status_code == 302


def test_the_queue_of_another_team_is_no_queue(
    team: Team, colleague: User, turn: Assignment, client_of: ClientOf
) -> None:
    stranger = make_stranger()
    address = page_of(turn).replace("/demo/", "/elsewhere/")
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).get(f"/t/elsewhere/labelling/turns/{turn.pk}/").status_code == 404


def test_the_page_holds_no_step_score_or_answer_of_the_run(
    colleague: User, turn: Assignment, client_of: ClientOf
) -> None:
    page = client_of(colleague).get(page_of(turn)).content.decode()
    assert f"/runs/{turn.task.run_id}" not in page
    assert "Zebra" not in page
    assert "0.02" not in page


def submitted(turn: Assignment, count: int) -> None:
    """So many turns of the same person and queue, each a step that took two seconds."""
    run = make_run_with_tree(turn.task.queue.team)
    for position in range(count):
        task = given_task(turn.task.queue, run, position + 1, position=position + 1)
        row = Assignment.objects.create(
            task=task, labeller=turn.labeller, state="submitted", seconds=20, lease_until=timezone.now() + timedelta(1)
        )
        Label.objects.create(
            team=run.team, run=run, number=1, labeller=turn.labeller, verdict="good", assignment=row, seconds=2,
            client_uuid=f"00000000-0000-4000-8000-{row.pk:012}", created_at=timezone.now(),
        )  # fmt: skip


def test_the_page_costs_the_same_however_much_was_said(
    colleague: User, turn: Assignment, client_of: ClientOf, django_assert_num_queries: Callable[..., object]
) -> None:
    client = client_of(colleague)
    submitted(turn, 10)
    with django_assert_num_queries(QUERIES):  # type: ignore[attr-defined]
        page = client.get(page_of(turn)).content.decode()
    tasks = [given_task(turn.task.queue, turn.task.run, n, position=n) for n in range(100, 1_090)]
    Assignment.objects.bulk_create(
        Assignment(task=one, labeller=turn.labeller, state="submitted", seconds=40, lease_until=timezone.now())
        for one in tasks
    )
    with django_assert_num_queries(QUERIES):  # type: ignore[attr-defined]
        later = client.get(page_of(turn)).content.decode()
    assert f'data-turn-times="{json.dumps([20.0] * 10)}"' in page
    assert f'data-turn-times="{json.dumps([40.0] * 50)}"' in later
