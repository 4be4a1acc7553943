"""How turns end: what must be judged in each mode, what is implied, and what the task's counts say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.models import Assignment, AssignmentChange, Label, LabelTask
from apps.labels.selectors import standing_verdicts
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]
Begin = Callable[..., Page]


@pytest.fixture
def run(team: Team) -> Run:
    """1 → 2 → 3, with 4 beside 1 and 5 below 4."""
    return store_tree(team, [0, 1, 2, 0, 4])


@pytest.fixture
def begin(team: Team, run: Run, colleague: User, client_of: ClientOf) -> Begin:
    """A turn at a task of a queue in some mode."""

    def begun(number: int = 3, **values: Any) -> Page:
        turn = given_turn(given_task(given_queue(team, **values), run, number), labeller_of(team, colleague))
        return Page(client_of(colleague), turn)

    return begun


def counts() -> tuple[int, int]:
    task = LabelTask.objects.get()
    return task.taken, task.submitted


def test_every_step_must_be_judged_and_what_is_missing_is_named(begin: Begin) -> None:
    page = begin()
    page.say(2, "unsure")
    refused = page.become("submitted")
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["missing"]) == (
        409,
        "not-finished",
        [1, 3],
    )
    assert (Label.objects.count(), counts()) == (1, (1, 0))
    page.say(1, "good")
    page.say(3, "good")
    assert page.become("submitted").json()["turn"]["finish"] == "solution"
    assert counts() == (1, 1)


def test_of_a_step_alone_the_step_alone_must_be_judged(begin: Begin) -> None:
    page = begin(unit="step")
    assert [step["judge"] for step in page.shown()["steps"]] == [False, False, True]
    page.say(3, "bad")
    assert page.become("submitted").json()["turn"]["finish"] == "found_error"


def test_phase_two_ends_at_the_first_bad_step_and_asks_for_the_progress(begin: Begin) -> None:
    page = begin(mode="phase-two")
    page.say(1, "good")
    assert page.become("submitted").json()["missing"] == [2, 3]
    page.say(2, "bad")
    assert "progress" in page.become("submitted").json()["error"]["fields"]
    turn = page.become("submitted", progress=1).json()["turn"]
    assert (turn["finish"], turn["progress"]) == ("found_error", 1)


def test_in_first_error_what_stands_before_it_is_good_by_implication(begin: Begin, run: Run) -> None:
    page = begin(mode="first-error")
    bad = page.say(2, "bad").json()["label"]
    assert page.become("submitted").json()["turn"]["finish"] == "found_error"
    assert standing_verdicts(run.pk) == {1: "good", 2: "bad"}
    assert list(Label.objects.filter(extra__has_key="implied").values_list("number", "assignment")) == [
        (1, page.turn.pk)
    ]
    # Opened again, only the person's own words are left; and they can be followed without knowing of any other.
    page.become("open")
    assert standing_verdicts(run.pk) == {2: "bad"}
    page.say(2, "", replaces=bad["client_uuid"])
    assert page.say(1, "bad", replaces=None).status_code == 201
    page.become("submitted")
    assert standing_verdicts(run.pk) == {1: "bad"}
    assert [row["verdict"] for row in page.shown()["steps"][0]["chain"]] == ["bad"]


def test_in_first_error_a_solution_without_an_error_is_good_throughout(begin: Begin, run: Run) -> None:
    page = begin(mode="first-error")
    assert page.become("submitted", finish="found_error").json()["missing"] == [1, 2, 3]
    assert page.become("submitted", finish="solution").status_code == 200
    assert standing_verdicts(run.pk) == {1: "good", 2: "good", 3: "good"}


def test_in_first_error_a_solution_with_a_bad_step_contradicts_itself(begin: Begin) -> None:
    page = begin(mode="first-error")
    page.say(2, "bad")
    assert "finish" in page.become("submitted", finish="solution").json()["error"]["fields"]
    assert counts() == (1, 0)


def test_phase_one_opens_level_by_level_and_wants_every_alternative(begin: Begin) -> None:
    page = begin(0, mode="phase-one")
    assert [(level["parent"], [step["number"] for step in level["steps"]]) for level in page.shown()["levels"]] == [
        (0, [1, 4])
    ]
    page.say(1, "neutral", chosen=False)
    page.say(4, "good", chosen=True)
    page.say(5, "good", chosen=True)
    levels = page.shown()["levels"]
    assert [(level["parent"], [step["number"] for step in level["steps"]]) for level in levels] == [
        (0, [1, 4]),
        (4, [5]),
        (5, []),
    ]
    page.say(1, "")
    assert page.become("submitted").json()["missing"] == [1]
    page.say(1, "bad", chosen=False)
    assert page.become("submitted").json()["turn"]["finish"] == "solution"


def test_in_phase_one_the_choice_that_came_last_counts(begin: Begin) -> None:
    page = begin(0, mode="phase-one")
    page.say(1, "good", chosen=True)
    page.say(4, "good", chosen=True)
    assert [level["parent"] for level in page.shown()["levels"]] == [0, 4]


def test_phase_one_may_begin_at_a_step_and_takes_nothing_that_is_not_below_it(begin: Begin) -> None:
    page = begin(1, mode="phase-one")
    shown = page.shown()
    assert (shown["from"], [step["judge"] for step in shown["steps"]]) == (1, [False])
    assert [page.say(number, "good").status_code for number in (2, 3, 4, 1)] == [201, 201, 404, 404]


@pytest.mark.parametrize("finish", ["give_up", "bad_problem"])
@pytest.mark.parametrize("mode", ["every-step", "first-error", "phase-one", "phase-two"])
def test_giving_up_needs_a_reason_and_no_verdict(begin: Begin, run: Run, mode: str, finish: str) -> None:
    page = begin(mode=mode)
    assert "reason" in page.become("submitted", finish=finish).json()["error"]["fields"]
    assert page.become("submitted", finish=finish, reason="Too long.").json()["turn"]["finish"] == finish
    assert (standing_verdicts(run.pk), counts()) == ({}, (1, 1))


def test_a_skipped_turn_gives_its_place_back_and_needs_a_reason(begin: Begin) -> None:
    page = begin()
    page.say(1, "good")
    assert "reason" in page.become("skipped").json()["error"]["fields"]
    assert page.become("skipped", reason="I wrote it.").json()["turn"]["state"] == "skipped"
    assert (counts(), Label.objects.count()) == ((0, 0), 1)
    page.become("open")
    assert counts() == (1, 0)


def test_a_change_that_is_sent_again_is_one_change(begin: Begin) -> None:
    page, uuid = begin(mode="first-error"), str(uuid4())
    answers = [page.become("submitted", client_uuid=uuid).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert (AssignmentChange.objects.count(), Label.objects.count(), counts()) == (1, 3, (1, 1))
    assert page.become("open", client_uuid=uuid).json()["error"]["code"] == "other-change"
    assert Assignment.objects.get().state == "submitted"


def test_what_was_said_at_the_end_is_there_when_the_turn_is_opened_again(begin: Begin) -> None:
    page = begin()
    page.become("submitted", finish="give_up", reason="Too long.", seconds=31.5)
    turn = page.become("open").json()["turn"]
    assert (turn["state"], turn["reason"], turn["seconds"]) == ("open", "Too long.", 31.5)
    assert list(AssignmentChange.objects.order_by("id").values_list("state", "finish")) == [
        ("submitted", "give_up"),
        ("open", ""),
    ]
