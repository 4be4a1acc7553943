"""A turn over HTTP: what it shows, what can be said in it, and that nothing said in it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.guidelines import worked_by
from apps.labels.models import Assignment, Guideline, GuidelineReading, GuidelineVersion, Label, LabelQueue
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    """1 → 2 → 3, and 4 beside 2."""
    return store_tree(team, [0, 1, 2, 1])


@pytest.fixture
def page(team: Team, run: Run, colleague: User, client_of: ClientOf) -> Page:
    """The colleague's turn at the branch that ends in step 3."""
    turn = given_turn(given_task(given_queue(team), run, 3), labeller_of(team, colleague))
    return Page(client_of(colleague), turn)


def test_the_next_turn_is_taken_and_shown_whole(team: Team, run: Run, colleague: User, client_of: ClientOf) -> None:
    queue = given_queue(team)
    given_task(queue, run, 3)
    answer = client_of(colleague).post(f"/api/t/demo/labelling/queues/{queue.pk}/next", {}, "application/json").json()
    turn = answer["turn"]
    assert (answer["why"], turn["state"], turn["done"], turn["open"], turn["left"]) == ("", "open", 0, 1, 0)
    assert turn["problem"] == {"statement": "What is 2 + 3?", "answer": "5"}
    assert [(step["number"], step["text"], step["judge"]) for step in turn["steps"]] == [
        (1, "Step 1.", True),
        (2, "Step 2.", True),
        (3, "Step 3.", True),
    ]
    assert [step["alternative_numbers"] for step in turn["steps"]] == [[], [4], []]


def test_when_nothing_is_left_that_is_said(team: Team, colleague: User, client_of: ClientOf) -> None:
    address = f"/api/t/demo/labelling/queues/{given_queue(team).pk}/next"
    answer = client_of(colleague).post(address, {"besides": []}, "application/json").json()
    assert (answer["turn"], answer["why"]) == (None, "nothing-left")
    assert answer["sentence"].startswith("There is nothing left")


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_of_a_queue_that_is_not_active_that_is_said(
    team: Team, run: Run, colleague: User, client_of: ClientOf, state: str
) -> None:
    queue = given_queue(team, state=state)
    given_task(queue, run, 3)
    address = f"/api/t/demo/labelling/queues/{queue.pk}/next"
    answer = client_of(colleague).post(address, {}, "application/json").json()
    assert (answer["turn"], answer["why"]) == (None, state)


def test_who_has_to_read_the_guideline_first_is_told_so(
    team: Team, run: Run, colleague: User, client_of: ClientOf
) -> None:
    guideline = Guideline.objects.create(team=team, name="How")
    version = GuidelineVersion.objects.create(guideline=guideline, number=1, text="So.")
    queue = given_queue(team, guideline=guideline)
    given_task(queue, run, 3)
    client, address = client_of(colleague), f"/api/t/demo/labelling/queues/{queue.pk}/next"
    assert client.post(address, {}, "application/json").json()["why"] == "must-read"
    GuidelineReading.objects.create(version=version, user=colleague)
    assert client.post(address, {}, "application/json").json()["turn"]["guideline"]["number"] == 1


def test_a_verdict_is_stored_with_its_turn_and_never_with_scores_in_view(page: Page) -> None:
    uuid = str(uuid4())
    said = {"seconds": 1.5, "reason": "So", "flagged": True, "critique": "No", "chosen": True, "prelabel": "good"}
    answer = page.say(2, "bad", client_uuid=uuid, replaces=None, **said)
    stored = Label.objects.get()
    assert answer.status_code == 201
    assert answer.json()["label"] == {
        "number": 2,
        "verdict": "bad",
        "client_uuid": uuid,
        "reason": "So",
        "flagged": True,
        "critique": "No",
        "chosen": True,
        "seconds": 1.5,
        "at": stored.created_at.isoformat(),
    }
    assert (stored.assignment, stored.scores_in_view, stored.prelabel) == (page.turn, False, "good")
    assert (stored.client_uuid, stored.replaces) == (UUID(uuid), UUID(int=0))


def test_a_label_keeps_the_newest_version_of_the_guideline_that_its_labeller_read(
    team: Team, page: Page, colleague: User
) -> None:
    guideline = Guideline.objects.create(team=team, name="How")
    versions = [GuidelineVersion.objects.create(guideline=guideline, number=n, text="So.") for n in (1, 2, 3)]
    LabelQueue.objects.update(guideline=guideline)
    page.say(1, "good")
    for version in versions[:2]:
        GuidelineReading.objects.create(version=version, user=colleague)
    page.say(2, "good")
    assert list(Label.objects.order_by("id").values_list("guideline_version__number", flat=True)) == [None, 2]


def test_a_label_keeps_the_version_it_was_given_under_where_nobody_is_asked_to_read_it(
    team: Team, page: Page, colleague: User
) -> None:
    guideline = Guideline.objects.create(team=team, name="How")
    LabelQueue.objects.update(guideline=guideline)
    kept = []
    for number, must_read in ((1, False), (2, True), (3, False)):
        version = GuidelineVersion.objects.create(guideline=guideline, number=number, text="So.", must_read=must_read)
        if must_read:
            page.say(2, "good")
            GuidelineReading.objects.create(version=version, user=colleague)
        page.say(1, "bad" if must_read else "good")
        worked = worked_by(colleague, guideline)
        kept.append(worked and worked.number)
    assert kept == [1, 2, 3]
    assert list(Label.objects.order_by("id").values_list("guideline_version__number", flat=True)) == [1, 1, 2, 3]


def test_the_turn_shows_what_its_person_said_and_nobody_elses_words(
    team: Team, run: Run, owner: User, page: Page
) -> None:
    judge(run, labeller_of(team, owner), {1: "bad", 2: "unsure"})
    first, second = (page.say(1, verdict).json()["label"] for verdict in ("good", "neutral"))
    one, two, _ = page.shown()["steps"]
    assert one["mine"]["verdict"] == "neutral"
    said = [(first["client_uuid"], page.turn.pk), (second["client_uuid"], page.turn.pk)]
    assert [(row["client_uuid"], row["turn"]) for row in one["chain"]] == said
    assert (two["mine"], two["chain"]) == (None, [])


def test_a_verdict_that_was_taken_back_is_gone_and_stays_in_the_chain(page: Page) -> None:
    page.say(1, "good")
    page.say(1, "")
    step = page.shown()["steps"][0]
    assert (step["mine"], [row["verdict"] for row in step["chain"]]) == (None, ["good", ""])


@pytest.mark.parametrize("change", [{"lease_until": timezone.now() - timedelta(days=3)}, {"state": "skipped"}])
@pytest.mark.parametrize("queue_state", ["active", "paused", "closed"])
def test_a_late_verdict_is_taken(page: Page, change: dict[str, Any], queue_state: str) -> None:
    Assignment.objects.update(**change)
    LabelQueue.objects.update(state=queue_state)
    assert page.say(1, "good").status_code == 201


def test_a_step_that_the_turn_does_not_show_is_refused(team: Team, run: Run, page: Page) -> None:
    assert page.say(4, "good").status_code == 201  # beside step 2, so an alternative
    assert (page.say(9, "good").status_code, Label.objects.count()) == (404, 1)
    LabelQueue.objects.update(mode="first-error")
    assert page.say(4, "bad").json()["error"]["code"] == "no-such-step"
    assert page.say(1, "bad").status_code == 201


def test_the_lease_is_renewed_while_the_turn_is_open(page: Page) -> None:
    Assignment.objects.update(lease_until=timezone.now())
    renewed = page.post("lease").json()["turn"]
    assert Assignment.objects.get().lease_until > timezone.now() + timedelta(minutes=20)
    page.become("skipped", reason="Not mine.")
    assert page.post("lease").json()["turn"] == {**renewed, "state": "skipped"}


def test_texts_of_alternatives_come_when_they_are_asked_for(page: Page) -> None:
    beside = page.get("/alternatives?number=2").json()["alternatives"]
    assert [(step["number"], step["text"], step["judge"]) for step in beside] == [(4, "Step 4.", True)]
    below = page.get("/alternatives?parent=1").json()["alternatives"]
    assert [step["number"] for step in below] == [2, 4]
    assert [page.get(f"/alternatives{asked}").status_code for asked in ("", "?number=x", "?number=1&parent=1")] == [
        400,
        400,
        400,
    ]
