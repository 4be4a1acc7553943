"""Queues, tasks and people for tests of labelling as a team, by rows where a service would say no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import Labeller, Role, Team
from apps.accounts.services import labeller_of
from apps.labels.models import Assignment, GoldVerdict, LabelQueue, LabelTask
from apps.runs.models import Run
from tests import people
from tests.datasets.stored_trees import store_tree

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make_queue(team: Team, **given: Any) -> LabelQueue:
    """A queue without tasks."""
    return LabelQueue.objects.create(team=team, **{"name": "Made", **given})


def make_tasks(queue: LabelQueue, count: int, kind: str = "normal", run: Run | None = None) -> list[LabelTask]:
    """Tasks at the steps 1 to `count` of a run, in this order."""
    run = run or store_tree(queue.team, [0] * count)
    rows = [
        LabelTask(queue=queue, run=run, number=number, kind=kind, position=number - 1, wanted=queue.wanted)
        for number in range(1, count + 1)
    ]
    return LabelTask.objects.bulk_create(rows)


def make_known(task: LabelTask, verdict: str = "good") -> GoldVerdict:
    """The verdict that is known of a task's own step."""
    return GoldVerdict.objects.create(task=task, number=task.number, verdict=verdict)


def make_labellers(team: Team, count: int) -> list[Labeller]:
    """Annotators who can sign in."""
    members = [people.make_member(team, f"annotator{index}@example.org", Role.ANNOTATOR) for index in range(count)]
    return [labeller_of(team, member) for member in members]


def end(turn: Assignment, state: str = "submitted") -> None:
    """The turn as it stands once it was submitted or skipped."""
    Assignment.objects.filter(pk=turn.pk).update(state=state, ended_at=NOW)


def numbers(turns: Sequence[Assignment | None]) -> list[int | None]:
    """The steps the turns are about."""
    return [turn.task.number if turn else None for turn in turns]
