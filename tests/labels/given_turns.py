"""Queues with a task and turns at it, for tests of turns; and how a page asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from apps.accounts.models import Labeller, Team
from apps.labels.models import Assignment, LabelQueue, LabelTask
from apps.runs.models import Run


def given_queue(team: Team, **values: Any) -> LabelQueue:
    """An open queue of solutions in which every step is judged, unless said otherwise."""
    return LabelQueue.objects.create(team=team, name="Sums", **values)


def given_task(queue: LabelQueue, run: Run, number: int, **values: Any) -> LabelTask:
    """The queue's next task: the branch that ends in this step."""
    values = {"position": queue.tasks.count(), "wanted": queue.wanted, **values}
    return LabelTask.objects.create(queue=queue, run=run, number=number, **values)


def given_turn(task: LabelTask, labeller: Labeller) -> Assignment:
    """An open turn, its place at the task taken."""
    task.taken += 1
    task.save(update_fields=["taken"])
    return Assignment.objects.create(task=task, labeller=labeller, lease_until=timezone.now() + timedelta(minutes=30))


class Page:
    """What the labelling page of one person does with one turn."""

    def __init__(self, client: Client, turn: Assignment, slug: str = "demo") -> None:
        self.client, self.turn = client, turn
        self.address = f"/api/t/{slug}/labelling/turns/{turn.pk}"

    def get(self, what: str = "") -> Any:
        return self.client.get(self.address + what)

    def shown(self) -> Any:
        """The turn as it is answered."""
        answer = self.get()
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, what: str, **body: Any) -> Any:
        return self.client.post(f"{self.address}/{what}", body, "application/json")

    def say(self, number: int, verdict: str, **more: Any) -> Any:
        """One verdict."""
        return self.post("labels", **{"number": number, "verdict": verdict, "client_uuid": str(uuid4()), **more})

    def become(self, state: str, **more: Any) -> Any:
        """Another state."""
        return self.post("state", **{"client_uuid": str(uuid4()), "state": state, **more})
