"""The pages of queues: what each shows to whom, what their buttons do, and that their queries do not grow."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import LabelQueue, LabelTask, QueueChange
from apps.labels.queues import take_task
from tests import people
from tests.factories import make_run_with_tree
from tests.labels.queue_making import end, make_known, make_labellers, make_queue, make_tasks

ClientOf = Callable[[User], Client]
HOME = "/t/demo/labelling/"


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_an_empty_list_offers_the_one_action_to_who_may(client_of: ClientOf, owner: User, colleague: User) -> None:
    assert b"Build a queue" in client_of(owner).get(HOME).content
    page = client_of(colleague).get(HOME).content
    assert b"No queues yet" in page
    assert b"Build a queue" not in page


def test_a_queue_is_built_from_the_form_and_listed_with_a_button_to_label(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    make_run_with_tree(team)
    client = client_of(owner)
    preview = client.get(HOME + "queues/new/?unit=step&name=First").content.decode()
    assert "3 steps of 1 problem" in preview
    sent = client.post(HOME + "queues/new/", {"name": "First", "unit": "step", "wanted": "2"}, follow=True)
    assert "First is built." in sent.content.decode()
    queue = LabelQueue.objects.get()
    assert (queue.tasks.count(), queue.wanted, queue.created_by) == (3, 2, owner)
    listed = client.get(HOME).content.decode()
    assert "0 of 6" in listed
    assert f"{HOME}queues/{queue.pk}/label/" in listed


@pytest.mark.parametrize(("field", "value"), [("colour", "red"), ("wanted", "0"), ("order", "best"), ("unit", "tree")])
def test_a_field_that_cannot_be_read_is_named_and_nothing_is_built(
    client_of: ClientOf, owner: User, field: str, value: str
) -> None:
    answer = client_of(owner).post(HOME + "queues/new/", {"name": "First", field: value})
    assert answer.status_code == 400
    named = {"wanted": "People a task"}.get(field, field.capitalize())
    settle = answer.content.decode().partition("Still to settle")[2].partition("</dl>")[0]
    assert named in settle
    assert not LabelQueue.objects.exists()


def test_a_preset_fills_the_form(client_of: ClientOf, team: Team, owner: User) -> None:
    make_run_with_tree(team)
    client = client_of(owner)
    page = client.get(HOME + "queues/new/").content.decode()
    [query] = [part for part in re.findall(r'href="(\?name=[^"]*)"', page) if "convincing-wrong" in part]
    filled = client.get(f"{HOME}queues/new/{unescape(query)}").content.decode()
    assert 'value="Phase two"' in filled  # labellers read the name
    assert '<option value="convincing-wrong" selected>' in filled
    assert "1 solution of 1 problem" in filled


def test_an_annotator_sees_their_own_numbers_and_nobody_elses(client_of: ClientOf, team: Team, colleague: User) -> None:
    queue = make_queue(team, gold_share=0.5)
    make_tasks(queue, 3)
    make_known(make_tasks(queue, 1, kind="gold")[0])
    [other] = make_labellers(team, 1)
    for labeller in (other, labeller_of(team, colleague)):
        turn = take_task(queue, labeller)
        assert turn is not None
        end(turn)
    page = client_of(colleague).get(f"{HOME}queues/{queue.pk}/").content.decode()
    assert "Your part" in page
    for hidden in ("annotator0", "gold", "Gold", "Tasks</h2>", "Steer"):
        assert hidden not in page
    owner_page = client_of(people.make_owner(team)).get(f"{HOME}queues/{queue.pk}/").content.decode()
    assert "annotator0" in owner_page


def test_the_buttons_pause_admit_and_store_with_a_row_each(client_of: ClientOf, team: Team, owner: User) -> None:
    queue = make_queue(team, access="assigned")
    client, address = client_of(owner), f"{HOME}queues/{queue.pk}/"
    [one] = make_labellers(team, 1)
    client.post(address + "state/", {"state": "paused", "reason": "The guideline changes."})
    client.post(address + "members/", {"user": one.user_id, "state": "screening"})
    refused = client.post(address + "members/", {"user": one.user_id, "state": "admitted"}, follow=True)
    assert "Expected a reason" in refused.content.decode()
    client.post(address + "members/", {"user": one.user_id, "state": "admitted", "reason": "Known from before."})
    client.post(address + "settings/", {"hourly_rate": "12.5", "currency": "eur", "gold_share": "0.1"})
    queue.refresh_from_db()
    assert (queue.state, str(queue.hourly_rate), queue.currency, queue.gold_share) == ("paused", "12.50", "EUR", 0.1)
    rows = [(row.what, row.before, row.after, row.made_by) for row in QueueChange.objects.order_by("pk")]
    assert rows[:3] == [
        ("state", "active", "paused", owner),
        ("member", "", "screening", owner),
        ("member", "screening", "admitted", owner),
    ]
    page = client.get(address).content.decode()
    assert "Known from before." in page


def test_gold_is_made_and_taken_away_on_its_page(client_of: ClientOf, team: Team, owner: User) -> None:
    queue, run = make_queue(team), make_run_with_tree(team)
    client, address = client_of(owner), f"{HOME}queues/{queue.pk}/gold/"
    client.post(address + "change/", {"kind": "gold", "lines": f"{run.pk} 1 good\n{run.pk} 2 bad It is wrong."})
    task = LabelTask.objects.get(kind="gold")
    assert "It is wrong." in client.get(address).content.decode()
    client.post(address + "change/", {"kind": "gold", "remove": task.pk})
    assert not LabelTask.objects.exists()


PAGES = ("", "queues/new/", "queues/{}/", "queues/{}/gold/")
SENT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("queues/new/", {"name": "x"}),
    ("queues/{}/state/", {"state": "closed"}),
    ("queues/{}/members/", {"user": 1, "state": "admitted"}),
    ("queues/{}/settings/", {"gold_share": "1"}),
    ("queues/{}/gold/change/", {"kind": "gold", "lines": "1 1 good"}),
)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, (200, 200, 200, 200)),
        (Role.REVIEWER, (200, 200, 200, 200)),
        (Role.ANNOTATOR, (200, 403, 200, 403)),
        (Role.VIEWER, (200, 403, 200, 403)),
        (None, (404, 404, 404, 404)),
    ],
)
def test_who_may_open_and_steer(
    client_of: ClientOf, team: Team, stranger: User, role: Role | None, expected: tuple[int, ...]
) -> None:
    queue = make_queue(team)
    client = client_of(people.make_member(team, "one@example.org", role) if role else stranger)
    assert tuple(client.get(HOME + page.format(queue.pk)).status_code for page in PAGES) == expected
    for address, body in SENT:
        status = client.post(HOME + address.format(queue.pk), body).status_code
        assert status in ((302, 400) if expected[1] == 200 else (expected[1],))
    foreign = make_queue(people.make_team("elsewhere"))
    assert client.get(f"{HOME}queues/{foreign.pk}/").status_code == 404
    queue.refresh_from_db()
    assert (queue.state == "closed") == (expected[1] == 200)


def test_nobody_is_sent_to_sign_in(team: Team) -> None:
    assert Client().get(HOME).status_code == 302


def test_what_a_queue_was_built_from_is_told_by_name_and_a_viewer_has_no_part_in_it(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    experiment = make_run_with_tree(team).experiment
    queue = make_queue(team, filter={"first": 5, "experiments": [experiment.pk, 10**9]})
    viewer = people.make_member(team, "viewer@example.org", Role.VIEWER)
    address = f"{HOME}queues/{queue.pk}/"
    page = unescape(client_of(owner).get(address).content.decode())
    assert f"experiments: <bdi>{experiment.name}, 1000000000, which is gone</bdi>" in page
    assert "Your part" not in client_of(viewer).get(address).content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("tasks=lost", "tasks: expected one of all,"),
        ("after=x", "after: expected a whole number, found &#x27;x&#x27;"),
        ("colour=red", "Unknown parameter &#x27;colour&#x27;. Known: after, tasks."),
    ],
)
def test_what_an_address_cannot_mean_is_refused_by_name(
    client_of: ClientOf, team: Team, owner: User, asked: str, told: str
) -> None:
    queue = make_queue(team)
    answer = client_of(owner).get(f"{HOME}queues/{queue.pk}/?{asked}")
    assert (answer.status_code, told in answer.content.decode()) == (400, True)
    assert client_of(owner).get(f"{HOME}?page=first").status_code == 400
