"""What of a queue is changed after it was built: guideline and rates, each with a row, and no field not sent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.cost import costs_of
from apps.labels.guidelines import add_guideline
from apps.labels.models import Assignment, LabelQueue, QueueMember
from apps.labels.queues import take_task
from apps.runs.models import Maker
from tests.datasets.stored_trees import judge
from tests.labels.queue_making import end, make_labellers, make_queue, make_tasks

ClientOf = Callable[[User], Client]
HOME = "/t/demo/labelling/"


def test_the_guideline_of_a_queue_is_changed_with_a_row_and_stays_where_it_was_not_sent(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    queue, client = make_queue(team), client_of(owner)
    guideline = add_guideline(team=team, by=owner, name="Ours", text="Judge.", must_read=False).guideline
    address = f"{HOME}queues/{queue.pk}/"
    client.post(address + "settings/", {"guideline": str(guideline.pk)})
    client.post(address + "settings/", {"gold_share": "0.1"})
    queue.refresh_from_db()
    assert (queue.guideline, queue.gold_share) == (guideline, 0.1)
    changes = list(queue.changes.order_by("pk").values_list("what", "before", "after"))
    assert changes == [("guideline", "", str(guideline.pk)), ("gold_share", "0.0", "0.1")]
    refused = client.post(address + "settings/", {"guideline": "999"}, follow=True)
    assert "Expected a guideline of this team" in refused.content.decode()


def test_a_person_s_own_rate_is_stored_with_a_row_and_their_cost_goes_by_it(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    queue = make_queue(team, hourly_rate=Decimal(20), currency="EUR")
    make_tasks(queue, 1)
    [one] = make_labellers(team, 1)
    turn = take_task(queue, one)
    assert turn is not None
    Assignment.objects.filter(pk=turn.pk).update(seconds=1800)
    client, address = client_of(owner), f"{HOME}queues/{queue.pk}/rate/"
    client.post(address, {"user": one.user_id, "hourly_rate": "30"})
    assert [cost.money for cost in costs_of(team)] == [Decimal("15.00")]
    client.post(address, {"user": one.user_id, "hourly_rate": ""})
    assert [cost.money for cost in costs_of(team)] == [Decimal("10.00")]
    rows = list(queue.changes.order_by("pk").values_list("what", "about", "before", "after"))
    assert rows == [("rate", one.user_id, "", "30.00"), ("rate", one.user_id, "30.00", "")]
    for given in ({"user": one.user_id, "hourly_rate": "much"}, {"user": owner.pk, "hourly_rate": "3"}):
        client.post(address, given)
    assert QueueMember.objects.get().hourly_rate is None


def test_the_share_of_proposals_that_each_person_kept_is_on_the_page(
    client_of: ClientOf, team: Team, owner: User
) -> None:
    maker = Maker.objects.create(kind="judge", key="elsewhere")
    queue: LabelQueue = make_queue(team, prelabel_maker=maker)
    make_tasks(queue, 1)
    client, address = client_of(owner), f"{HOME}queues/{queue.pk}/"
    assert "Nobody has judged a step with a proposal yet." in client.get(address).content.decode()
    labeller = labeller_of(team, owner)
    turn = take_task(queue, labeller)
    assert turn is not None
    [label] = judge(turn.task.run, labeller, {1: "bad"})
    label.assignment, label.prelabel = turn, "good"
    label.save()
    end(turn)
    page = client.get(address).content.decode()
    assert "Proposed verdicts that were kept" in page
    assert '<td class="number">1</td><td class="number">0</td><td class="number">0' in page
