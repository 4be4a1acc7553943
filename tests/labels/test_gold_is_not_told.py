"""Nobody who labels can tell gold by what an address shows before, between and after their turns."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from apps.accounts.hiding import hidden_runs
from apps.accounts.models import Role, Team, User
from apps.accounts.services import labeller_of
from apps.labels.gold import gold_answers, share_right
from apps.labels.models import Assignment, Label, LabelQueue, LabelTask
from apps.labels.queues import take_task
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queue_making import end, make_known, make_queue

ClientOf = Callable[[User], Client]


def mixed(team: Team) -> LabelQueue:
    """A normal task on one run and a gold one on another, the gold one first."""
    queue = make_queue(team, gold_share=1.0, filter={"answer": "wrong"}, order="convincing-wrong")
    for position, kind in enumerate(("normal", "gold")):
        run = store_tree(team, [0])
        task = LabelTask.objects.create(queue=queue, run=run, number=1, kind=kind, position=position)
        if kind == "gold":
            make_known(task)
    return queue


def submit_next(queue: LabelQueue, user: User) -> Assignment:
    turn = take_task(queue, labeller_of(queue.team, user))
    assert turn is not None
    end(turn)
    LabelTask.objects.filter(pk=turn.task_id).update(submitted=1)
    return turn


def test_a_submitted_run_of_a_queue_with_gold_stays_hidden_whichever_it_was(team: Team, colleague: User) -> None:
    queue = mixed(team)
    submitted = [submit_next(queue, colleague) for _ in range(2)]
    assert [turn.task.kind for turn in submitted] == ["gold", "normal"]
    runs = {turn.task.run_id for turn in submitted}
    assert hidden_runs(colleague, team, Role.ANNOTATOR).among(runs) == runs
    LabelQueue.objects.update(state="closed")
    assert hidden_runs(colleague, team, Role.ANNOTATOR).among(runs) == set()


def test_every_turn_a_labeller_submits_raises_what_is_said_to_be_done_by_one(
    client_of: ClientOf, team: Team, colleague: User
) -> None:
    queue, client = mixed(team), client_of(colleague)
    queue.tasks.filter(kind="normal").update(wanted=3)

    def said() -> tuple[int, bool]:
        shown = client.get(f"/api/t/demo/labelling/queues/{queue.pk}").json()["queue"]["done"]
        [listed] = client.get("/api/t/demo/labelling/queues").json()["queues"]
        assert listed["done"] == shown
        page = client.get(f"/t/demo/labelling/queues/{queue.pk}/").content.decode()
        assert f"{shown['given']} of {shown['wanted']}" in page
        assert f"{shown['given']} of {shown['wanted']}" in client.get("/t/demo/labelling/").content.decode()
        return shown["given"], "through" in shown or "tasks through" in page

    counts = [said()]
    for _ in range(2):
        submit_next(queue, colleague)
        counts.append(said())
    assert counts == [(0, False), (1, False), (2, False)]


def test_what_a_queue_was_built_from_and_its_order_are_for_who_steers_it(
    client_of: ClientOf, team: Team, owner: User, colleague: User
) -> None:
    queue = mixed(team)
    places = (f"/t/demo/labelling/queues/{queue.pk}/", "/t/demo/labelling/", f"/api/t/demo/labelling/queues/{queue.pk}")
    told = [
        {sign for sign in ("wrong", "onvincing") for place in places if sign in client.get(place).content.decode()}
        for client in (client_of(owner), client_of(colleague))
    ]
    assert told == [{"wrong", "onvincing"}, set()]


def test_a_verdict_given_before_the_turn_is_the_answer_of_who_left_it_as_it_was(team: Team, colleague: User) -> None:
    queue = mixed(team)
    labeller = labeller_of(team, colleague)
    gold = queue.tasks.get(kind="gold")
    judge(gold.run, labeller, {1: "good"})
    turn = submit_next(queue, colleague)
    Assignment.objects.filter(pk=turn.pk).update(ended_at=timezone.now())
    assert share_right(gold_answers(queue, labeller)) == 1.0
    Label.objects.all().delete()
    assert share_right(gold_answers(queue, labeller)) == 0.0
