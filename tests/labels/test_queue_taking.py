"""The next task of a queue: in its order, never twice to one person, never to more people than are wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.models import Team
from apps.accounts.services import foreign_labeller
from apps.labels.models import Assignment, LabelTask
from apps.labels.queues import take_task
from tests.labels.queue_making import NOW, end, make_labellers, make_queue, make_tasks, numbers


def test_tasks_come_in_the_order_of_the_queue_and_are_counted(team: Team) -> None:
    queue = make_queue(team)
    make_tasks(queue, 3)
    [one, other] = make_labellers(team, 2)
    turns = [take_task(queue, one), take_task(queue, other)]
    assert numbers(turns) == [1, 2]
    assert list(queue.tasks.order_by("position").values_list("taken", flat=True)) == [1, 1, 0]


def test_an_open_turn_comes_back_until_it_is_in_hand_and_two_are_the_most(team: Team) -> None:
    queue = make_queue(team)
    make_tasks(queue, 5)
    [one] = make_labellers(team, 1)
    first = take_task(queue, one)
    assert first is not None
    assert take_task(queue, one) == first
    second = take_task(queue, one, [first.pk])
    assert second is not None
    assert numbers([first, second]) == [1, 2]
    assert take_task(queue, one, [first.pk, second.pk]) is None
    end(first)
    assert numbers([take_task(queue, one, [second.pk])]) == [3]


def test_nobody_gets_a_task_twice_not_even_one_they_skipped(team: Team) -> None:
    queue = make_queue(team, wanted=2)
    make_tasks(queue, 2)
    [one] = make_labellers(team, 1)
    for _ in range(2):
        turn = take_task(queue, one)
        assert turn is not None
        end(turn, "skipped")
        LabelTask.objects.filter(pk=turn.task_id).update(taken=0)
    assert take_task(queue, one) is None
    assert Assignment.objects.count() == 2


def test_a_task_goes_to_as_many_people_as_are_wanted(team: Team) -> None:
    queue = make_queue(team, wanted=2)
    make_tasks(queue, 1)
    turns = [take_task(queue, labeller) for labeller in make_labellers(team, 3)]
    assert numbers(turns) == [1, 1, None]


def test_a_turn_that_ran_out_leaves_its_place_to_one_other_person(team: Team) -> None:
    queue = make_queue(team, lease_s=600)
    make_tasks(queue, 1)
    [one, other, third] = make_labellers(team, 3)
    late = take_task(queue, one, now=NOW)
    before, after = NOW + timedelta(seconds=599), NOW + timedelta(seconds=601)
    assert take_task(queue, other, now=before) is None
    assert numbers([take_task(queue, other, now=after), take_task(queue, third, now=after)]) == [1, None]
    # Whose it was may still end it.
    assert take_task(queue, one, now=after) == late


def test_what_was_given_back_behind_a_person_comes_at_their_end(team: Team) -> None:
    queue = make_queue(team)
    [first, *_] = make_tasks(queue, 3)
    [one, other] = make_labellers(team, 2)
    back = take_task(queue, other)
    ahead = take_task(queue, one)
    assert back is not None
    assert ahead is not None
    end(back, "skipped")
    LabelTask.objects.filter(pk=first.pk).update(taken=0)
    end(ahead)
    third = take_task(queue, one)
    assert third is not None
    end(third)
    assert numbers([ahead, third, take_task(queue, one)]) == [2, 3, 1]


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_queue_that_is_not_active_gives_nothing(team: Team, state: str) -> None:
    queue = make_queue(team, state=state)
    make_tasks(queue, 1)
    assert take_task(queue, make_labellers(team, 1)[0]) is None
    assert not queue.members.exists()


def test_who_begins_on_an_open_queue_has_a_place_and_an_assigned_one_takes_its_people_only(team: Team) -> None:
    opened, kept = make_queue(team), make_queue(team, access="assigned")
    make_tasks(opened, 2)
    make_tasks(kept, 2)
    [one, other] = make_labellers(team, 2)
    kept.members.create(user_id=other.user_id)
    assert [take_task(kept, one), numbers([take_task(kept, other), take_task(opened, one)])] == [None, [1, 1]]
    assert [member.user_id for member in opened.members.all()] == [one.user_id]


def test_a_foreign_name_takes_nothing(team: Team) -> None:
    with pytest.raises(ValueError, match="foreign name 'Ada'"):
        take_task(make_queue(team), foreign_labeller(team, "Ada"))
