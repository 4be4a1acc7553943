"""The page of who may not: a member keeps the team's bar and reads what they may do; a stranger reads nothing."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.labels.models import LabelTask
from tests import people
from tests.factories import make_run_with_tree
from tests.labels.queue_making import make_queue

ClientOf = Callable[[User], Client]
NEW_QUEUE = "/t/demo/labelling/queues/new/"
BAR = '<nav class="bar-nav" aria-label="Pages">'


def told(client: Client, address: str, status: int) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def test_a_member_without_the_right_keeps_the_bar_and_reads_what_they_may_do(
    client_of: ClientOf, team: Team, colleague: User
) -> None:
    page = told(client_of(colleague), NEW_QUEUE, 403)
    assert BAR in page
    main = page.partition("<main")[2]
    assert "which does not come with the right 'assign'" in main
    assert f"What you may do in {team.name}" in main
    for words in ("<li>Label steps</li>", 'href="/t/demo/labelling/"', 'href="/t/demo/experiments/"'):
        assert words in main
    assert "Settle disagreeing labels" not in main


def test_a_viewer_is_not_led_to_what_they_may_not_do_either(client_of: ClientOf, team: Team) -> None:
    viewer = people.make_member(team, "viewer@example.org", Role.VIEWER)
    main = told(client_of(viewer), NEW_QUEUE, 403).partition("<main")[2]
    assert "<li>Comment and be mentioned</li>" in main
    assert "abel steps" not in main
    assert "What there is to label" not in main


def test_whose_run_is_hidden_for_now_keeps_the_bar_and_is_led_to_the_queue(
    client_of: ClientOf, team: Team, colleague: User
) -> None:
    run, queue = make_run_with_tree(team), make_queue(team)
    LabelTask.objects.create(queue=queue, run=run, number=2, position=0)
    page = told(client_of(colleague), f"/t/demo/runs/{run.pk}/", 403)
    assert BAR in page
    main = page.partition("<main")[2]
    assert f"/t/demo/labelling/queues/{queue.pk}/" in main
    assert 'href="/t/demo/experiments/"' in main


def test_a_stranger_reads_the_same_of_a_team_as_of_none(client_of: ClientOf, team: Team, stranger: User) -> None:
    client = client_of(stranger)
    page, nowhere = (told(client, address, 404) for address in (NEW_QUEUE, NEW_QUEUE.replace("demo", "nowhere")))
    assert BAR not in page
    assert team.name not in page.partition("<main")[2]
    assert page.partition("<main")[2].partition("</main>")[0] == nowhere.partition("<main")[2].partition("</main>")[0]
