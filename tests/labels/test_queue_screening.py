"""A mark of screening lets nobody past it before there are tasks to reach it by."""

from __future__ import annotations

from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import LabelQueue
from apps.labels.queues import build_queue, standing_of, take_task, why_nothing_came
from tests import people
from tests.factories import make_run_with_tree
from tests.labels.queue_making import make_known, make_labellers, make_queue, make_tasks


def test_who_comes_before_the_screening_tasks_are_made_waits_for_them_and_is_told_so(team: Team) -> None:
    queue = make_queue(team, screening_pass=0.5)
    make_tasks(queue, 1)
    [one] = make_labellers(team, 1)
    user = User.objects.get(pk=one.user_id)
    assert take_task(queue, one) is None
    assert "not there yet" in why_nothing_came(queue, user).sentence
    make_known(make_tasks(queue, 1, kind="screening")[0])
    turn = take_task(queue, one)
    assert turn is not None
    assert turn.task.kind == "screening"


def test_a_mark_that_is_taken_away_before_there_were_tasks_lets_in_who_waited(team: Team) -> None:
    queue = make_queue(team, screening_pass=0.5)
    make_tasks(queue, 1)
    [one] = make_labellers(team, 1)
    assert take_task(queue, one) is None
    LabelQueue.objects.update(screening_pass=None)
    queue.refresh_from_db()
    assert take_task(queue, one) is not None
    assert standing_of(queue, User.objects.get(pk=one.user_id)).state == "admitted"


def test_whom_a_queue_is_built_for_begins_with_its_screening(team: Team, owner: User) -> None:
    make_run_with_tree(team)
    one = people.make_member(team, "annotator@example.org", Role.ANNOTATOR)
    queue = build_queue(team, owner, name="Made", unit="step", access="assigned", members=[one.pk], screening_pass=0.5)
    assert queue.members.get().state == "screening"
    assert take_task(queue, labeller_of(team, one)) is None
