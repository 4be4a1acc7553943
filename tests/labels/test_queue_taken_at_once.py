"""Many people take tasks at the same moment, each on a connection of their own: nothing is given twice or forgotten."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.models import Labeller
from apps.labels.models import Assignment, LabelQueue
from apps.labels.queues import take_task
from tests import people
from tests.labels.queue_making import end, make_labellers, make_queue, make_tasks

TAKERS, TASKS, WANTED = 8, 100, 2


def take_all(queue: LabelQueue, labeller: Labeller, together: Barrier) -> list[int]:
    """Take and end one after the other until there is nothing more; the ids of the tasks."""
    together.wait()
    tasks = []
    try:
        while turn := take_task(queue, labeller):
            tasks.append(turn.task_id)
            end(turn)
    finally:
        connection.close()
    return tasks


@pytest.mark.django_db(transaction=True)
def test_eight_takers_give_each_of_a_hundred_tasks_to_exactly_two_people() -> None:
    team = people.make_team("demo")
    queue = make_queue(team, wanted=WANTED)
    make_tasks(queue, TASKS)
    labellers = make_labellers(team, TAKERS)
    together = Barrier(TAKERS)
    with ThreadPoolExecutor(TAKERS) as pool:
        taken = list(pool.map(lambda labeller: take_all(queue, labeller, together), labellers))
    assert all(len(tasks) == len(set(tasks)) for tasks in taken)
    assert Counter(task for tasks in taken for task in tasks) == dict.fromkeys(
        queue.tasks.values_list("pk", flat=True), WANTED
    )
    assert set(queue.tasks.values_list("taken", flat=True)) == {WANTED}


@pytest.mark.django_db(transaction=True)
def test_one_person_in_eight_tabs_has_one_turn() -> None:
    team = people.make_team("demo")
    queue = make_queue(team)
    make_tasks(queue, TASKS)
    [labeller] = make_labellers(team, 1)
    together = Barrier(TAKERS)

    def take(_: int) -> int | None:
        together.wait()
        try:
            turn = take_task(queue, labeller)
        finally:
            connection.close()
        return turn and turn.pk

    with ThreadPoolExecutor(TAKERS) as pool:
        turns = set(pool.map(take, range(TAKERS)))
    assert len(turns) == Assignment.objects.count() == 1
