"""Which runs are hidden from whom: those with a task that may still be theirs, and what is known of beforehand."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.hiding import hidden_runs
from apps.accounts.models import Membership, Role, Team, User
from apps.labels.models import LabelQueue, QueueMember
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree
from tests.labels.queued import queue_over, turn_of
from tests.people import make_colleague, make_member, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("lab")


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1])


@pytest.fixture
def colleague(team: Team) -> User:
    return make_colleague(team)


def hides(run: Run, person: User) -> bool:
    """Asked both ways: of the one run, and as a list leaves it out."""
    hidden = hidden_runs(person, run.team, Membership.objects.get(team=run.team, user=person).role)
    alone = hidden.why(run.pk) is not None
    assert alone != hidden.left_out(Run.objects.filter(pk=run.pk)).exists()
    return alone


def test_nothing_is_hidden_where_there_is_no_queue(run: Run, colleague: User) -> None:
    assert not hides(run, colleague)


def test_a_run_of_an_open_queue_is_hidden_until_it_is_submitted(run: Run, colleague: User) -> None:
    queue = queue_over(run)
    assert hides(run, colleague)
    turn = turn_of(queue, colleague, "open")
    assert hides(run, colleague)
    turn.state = "submitted"
    turn.save()
    assert not hides(run, colleague)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.VIEWER])
def test_who_may_settle_or_may_not_label_sees_everything(run: Run, team: Team, role: Role) -> None:
    queue_over(run, kind="gold")
    assert not hides(run, make_member(team, "other@example.org", role))


def test_a_queue_of_others_hides_nothing(run: Run, team: Team, colleague: User) -> None:
    queue_over(run, make_member(team, "other@example.org", Role.ANNOTATOR))
    assert not hides(run, colleague)


def test_a_place_in_a_queue_hides_its_runs_and_being_refused_there_shows_them(run: Run, colleague: User) -> None:
    queue_over(run, colleague)
    assert hides(run, colleague)
    QueueMember.objects.update(state=QueueMember.State.REFUSED)
    assert not hides(run, colleague)


def test_a_skipped_task_may_come_back(run: Run, colleague: User) -> None:
    turn_of(queue_over(run), colleague, "skipped")
    assert hides(run, colleague)


def test_a_task_that_others_have_done_hides_nothing_but_for_who_has_it_open(
    run: Run, team: Team, colleague: User
) -> None:
    queue = queue_over(run)
    turn_of(queue, make_member(team, "other@example.org", Role.ANNOTATOR), "submitted")
    assert not hides(run, colleague)
    turn_of(queue, colleague, "open")
    assert hides(run, colleague)


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_pause_shows_nothing_and_closing_shows_all(run: Run, colleague: User, state: str) -> None:
    queue_over(run, state=state)
    assert hides(run, colleague) == (state == "paused")


@pytest.mark.parametrize("kind", ["gold", "screening"])
def test_what_is_known_beforehand_stays_hidden_until_the_queue_is_closed(run: Run, colleague: User, kind: str) -> None:
    queue = queue_over(run, kind=kind)
    turn_of(queue, colleague, "submitted")
    assert hides(run, colleague)
    LabelQueue.objects.update(state=LabelQueue.State.CLOSED)
    assert not hides(run, colleague)


def test_an_open_turn_hides_though_the_place_was_taken_away(run: Run, colleague: User) -> None:
    queue = queue_over(run, colleague)
    turn_of(queue, colleague, "open")
    QueueMember.objects.all().delete()
    assert hides(run, colleague)


def test_a_list_asks_once_and_then_nothing_where_no_queue_is_open(
    run: Run, team: Team, colleague: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hidden = hidden_runs(colleague, team, Role.ANNOTATOR)
    with django_assert_num_queries(3):
        assert list(hidden.left_out(Run.objects.all())) == list(hidden.left_out(Run.objects.all()))


def test_the_gate_refuses_page_and_data_and_leads_to_the_queue(run: Run, colleague: User, client: Client) -> None:
    queue = queue_over(run)
    client.force_login(colleague)
    page = client.get(f"/t/lab/runs/{run.pk}/")
    assert page.status_code == 403
    assert f"Run {run.pk} waits for judgement in “Convincing wrong”.".encode() in page.content
    data = client.get(f"/api/t/lab/runs/{run.pk}/tree")
    assert (data.status_code, data.json()["error"]["code"]) == (403, "hidden")
    turn_of(queue, colleague, "submitted")
    assert client.get(f"/t/lab/runs/{run.pk}/").status_code == 200


def test_the_gate_refuses_a_comparison_by_either_of_its_runs(run: Run, team: Team, colleague: User) -> None:
    client, shown = Client(), store_tree(team, [0])
    queue_over(run)
    client.force_login(colleague)
    sides = [(run.pk, shown.pk), (shown.pk, run.pk), (shown.pk, shown.pk)]
    answers = [client.get(f"/t/lab/runs/{one}/beside/{other}/").status_code for one, other in sides]
    assert answers == [403, 403, 200]
