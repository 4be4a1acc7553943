"""A person's page shows how right they were on gold over time, and only who assigns sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Labeller, Role, Team
from apps.labels.models import Assignment, Label, LabelTask
from apps.labels.quality_gold import gold_of
from apps.labels.quality_people import BLOCK, Block, person_of
from apps.labels.quality_rows import Asked, current_labels_of
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queue_making import NOW, end, make_known, make_labellers, make_queue, make_tasks
from tests.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(team: Team) -> Labeller:
    return make_labellers(team, 1)[0]


def gold_tasks(team: Team, count: int) -> list[LabelTask]:
    """Tasks of which it is known that their step is good."""
    tasks = make_tasks(make_queue(team, gold_share=0.5), count, kind="gold")
    for task in tasks:
        make_known(task, "good")
    return tasks


def answer(task: LabelTask, person: Labeller, verdict: str, minutes: int = 0) -> Assignment:
    """A submitted turn whose one verdict was given so many minutes after NOW."""
    turn = Assignment.objects.create(task=task, labeller=person, lease_until=NOW)
    [label] = judge(task.run, person, {task.number: verdict})
    Label.objects.filter(pk=label.pk).update(assignment=turn, created_at=NOW + timedelta(minutes=minutes))
    end(turn)
    return turn


def judge_freely(team: Team, person: Labeller, count: int, minutes: int = 0) -> None:
    """So many verdicts outside of any turn."""
    judge(store_tree(team, [0] * count), person, dict.fromkeys(range(1, count + 1), "good"))
    Label.objects.filter(labeller=person, assignment=None).order_by("-pk").update(
        created_at=NOW + timedelta(minutes=minutes)
    )


def drift_of(team: Team, person: Labeller) -> list[tuple[int, int] | None]:
    """Right and count for each period, None where there was no gold."""
    blocks: list[Block] = person_of(team, person, current_labels_of(team, Asked())).blocks
    return [(one.right, one.count) if one else None for one in gold_of(team, person, blocks).drift]


def test_gold_is_counted_in_the_period_of_the_turns_first_verdict(team: Team, person: Labeller) -> None:
    tasks = gold_tasks(team, 5)
    for task, verdict in zip(tasks[:3], ("good", "good", "bad"), strict=True):
        answer(task, person, verdict)
    judge_freely(team, person, 2 * BLOCK - 3)
    for task in tasks[3:]:
        answer(task, person, "bad")
    assert drift_of(team, person) == [(2, 3), None, (0, 2)]


def test_a_turn_that_was_opened_and_submitted_again_stays_in_its_period(team: Team, person: Labeller) -> None:
    turn = answer(gold_tasks(team, 1)[0], person, "good")
    judge_freely(team, person, BLOCK)
    Assignment.objects.filter(pk=turn.pk).update(ended_at=NOW + timedelta(days=30))
    assert drift_of(team, person) == [(1, 1), None]


def test_a_gold_turn_that_was_skipped_is_wrong_in_the_period_in_which_it_ended(team: Team, person: Labeller) -> None:
    skipped, last = gold_tasks(team, 2)
    judge_freely(team, person, BLOCK)
    answer(last, person, "good", minutes=60)
    turn = Assignment.objects.create(task=skipped, labeller=person, lease_until=NOW)
    for minutes, expected in ((0, [(0, 1), (1, 1)]), (61, [None, (1, 2)])):
        ended = {"state": "skipped", "ended_at": NOW + timedelta(minutes=minutes)}
        Assignment.objects.filter(pk=turn.pk).update(**ended)
        assert drift_of(team, person) == expected


def test_periods_without_gold_say_so_and_the_plot_needs_two_with_it(team: Team, person: Labeller) -> None:
    owner = make_member(team, "owner@example.org", Role.OWNER)
    tasks = gold_tasks(team, 2)
    answer(tasks[0], person, "good")
    judge_freely(team, person, 2 * BLOCK - 1)
    address = reverse("labelling:labeller", kwargs={"team": team.slug, "labeller": person.pk})
    client = Client()
    client.force_login(owner)
    text = client.get(address).content.decode()
    assert (text.count("no gold"), text.count("1 of 1"), text.count("Share right on gold")) == (1, 1, 0)
    answer(tasks[1], person, "bad")
    text = client.get(address).content.decode()
    assert (text.count("no gold"), text.count("0 of 1")) == (1, 1)
    assert text.count("Share right on gold over time") == 1
    assert 'd="M400.0 100.0h0"' in text


def test_who_labels_is_not_told_when_gold_was_asked(team: Team, person: Labeller) -> None:
    answer(gold_tasks(team, 1)[0], person, "good")
    judge_freely(team, person, BLOCK)
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    answered = client.get(reverse("labelling:labeller", kwargs={"team": team.slug, "labeller": person.pk}))
    assert answered.status_code == 200
    assert "gold" not in answered.content.decode()
