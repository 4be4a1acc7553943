"""The pages of queues ask the database as often with a thousand rows as with ten."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, LabelQueue, LabelTask
from tests.datasets.stored_trees import store_tree
from tests.labels.queue_making import NOW, make_known, make_labellers, make_queue

ClientOf = Callable[[User], Client]
HOME = "/t/demo/labelling/"


def fill(team: Team, queue: LabelQueue, start: int, count: int) -> None:
    """So many more queues, tasks, gold tasks, people and turns."""
    run = store_tree(team, [0] * (start + count))
    LabelQueue.objects.bulk_create(LabelQueue(team=team, name=f"Queue {n}") for n in range(count))
    for kind in ("normal", "gold"):
        tasks = LabelTask.objects.bulk_create(
            LabelTask(queue=queue, run=run, number=n + 1, kind=kind, position=start + n) for n in range(count)
        )
        known = make_known(tasks[0]) if kind == "gold" else None
        assert kind == "normal" or known
        for labeller in make_labellers(team, min(5 + start, 12)):
            queue.members.get_or_create(user_id=labeller.user_id)
            Assignment.objects.bulk_create(
                Assignment(task=task, labeller=labeller, state="submitted", lease_until=NOW, ended_at=NOW)
                for task in tasks[:20]
            )


def counted(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_as_many_queries_for_a_thousand_rows_as_for_ten(client_of: ClientOf, team: Team, owner: User) -> None:
    queue = make_queue(team, gold_share=0.1)
    pages = [HOME, f"{HOME}queues/{queue.pk}/", f"{HOME}queues/{queue.pk}/gold/", f"{HOME}queues/new/"]
    client = client_of(owner)
    fill(team, queue, 0, 10)
    few = [counted(client, page) for page in pages]
    fill(team, queue, 10, 1000)
    assert [counted(client, page) for page in pages] == few
