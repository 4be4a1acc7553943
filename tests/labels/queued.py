"""Queues with a task of each kind, written as rows: for tests of what waits for whom, which no service has to build."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import labeller_of
from apps.labels.models import Assignment, LabelQueue, LabelTask, QueueMember
from apps.runs.models import Run


def queue_over(run: Run, *people: User, kind: str = "normal", wanted: int = 1, state: str = "active") -> LabelQueue:
    """A queue with one task over the whole of a run; with people it is theirs alone, without it is open to all."""
    access = LabelQueue.Access.ASSIGNED if people else LabelQueue.Access.OPEN
    queue = LabelQueue.objects.create(team=run.team, name="Convincing wrong", access=access, state=state, wanted=wanted)
    for person in people:
        QueueMember.objects.create(queue=queue, user=person)
    LabelTask.objects.create(queue=queue, run=run, number=run.step_count, kind=kind, position=0, wanted=wanted)
    return queue


def turn_of(queue: LabelQueue, person: User, state: str) -> Assignment:
    """The person's turn at the queue's task, counted in the task as the statement that changes a turn counts it."""
    [task] = queue.tasks.all()
    task.taken += state != "skipped"
    task.submitted += state == "submitted"
    task.save()
    lease = timezone.now() + timedelta(minutes=30)
    labeller = labeller_of(queue.team, person)
    return Assignment.objects.create(task=task, labeller=labeller, state=state, lease_until=lease)
