"""A verdict that comes after a first-error turn was submitted: what stands is what would, had it been said before."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels import storing
from apps.labels.models import Assignment, AssignmentChange, Label
from apps.labels.selectors import standing_verdicts
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree
from tests.labels.given_turns import Page, given_queue, given_task, given_turn

ClientOf = Callable[[User], Client]
Begin = Callable[..., Page]


@pytest.fixture
def run(team: Team) -> Run:
    """A branch of five steps."""
    return store_tree(team, [0, 1, 2, 3, 4])


@pytest.fixture
def begin(team: Team, run: Run, colleague: User, client_of: ClientOf) -> Begin:
    """A turn at the branch, in first error unless said otherwise."""

    def begun(mode: str = "first-error") -> Page:
        turn = given_turn(given_task(given_queue(team, mode=mode), run, 5), labeller_of(team, colleague))
        return Page(client_of(colleague), turn)

    return begun


def said_before(begin: Begin, run: Run, verdicts: dict[int, str]) -> tuple[dict[int, str], str]:
    """What stands, and how the turn ended, where all of this was said and then submitted; it leaves nothing."""
    page = begin()
    for number, verdict in verdicts.items():
        page.say(number, verdict)
    page.become("submitted")
    found = standing_verdicts(run.pk), Assignment.objects.get().finish
    Label.objects.all().delete()
    Assignment.objects.all().delete()
    return found


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ({}, {3: "bad"}),
        ({4: "bad"}, {2: "bad"}),
        ({2: "bad"}, {2: ""}),
        ({2: "bad"}, {2: "good"}),
        ({2: "bad"}, {2: "unsure"}),
        ({2: "bad", 4: "bad"}, {2: ""}),
        ({3: "bad"}, {2: "unsure"}),
        ({3: "bad", 2: "unsure"}, {2: ""}),
        ({}, {3: "bad", 1: "bad"}),
    ],
)
def test_what_stands_after_a_late_verdict_is_as_if_it_had_been_said_before(
    begin: Begin, run: Run, first: dict[int, str], later: dict[int, str]
) -> None:
    expected = said_before(begin, run, {**first, **later})
    page = begin()
    for number, verdict in first.items():
        page.say(number, verdict)
    page.become("submitted")
    before = list(Label.objects.order_by("id").values())
    for number, verdict in later.items():
        assert page.say(number, verdict).status_code == 201
    assert (standing_verdicts(run.pk), Assignment.objects.get().finish) == expected
    assert list(Label.objects.order_by("id").values())[: len(before)] == before, "rows are only ever added"
    page.become("open")
    own = {number: verdict for number, verdict in {**first, **later}.items() if verdict}
    assert standing_verdicts(run.pk) == own


def test_a_corrected_end_is_written_down_and_the_time_of_the_end_stays(begin: Begin) -> None:
    page = begin()
    page.become("submitted", seconds=31.5)
    ended = Assignment.objects.get().ended_at
    page.say(3, "bad")
    changes = list(AssignmentChange.objects.order_by("id").values_list("state", "finish", "seconds"))
    assert changes == [("submitted", "solution", 31.5), ("submitted", "found_error", 31.5)]
    turn = Assignment.objects.select_related("task").get()
    assert (turn.ended_at, turn.seconds, turn.task.taken, turn.task.submitted) == (ended, 31.5, 1, 1)


def test_a_late_verdict_that_is_sent_again_is_followed_once(
    begin: Begin, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, uuid = begin(), str(uuid4())
    page.become("submitted")
    with monkeypatch.context() as cut:
        # As if the server had stopped between the label and what follows from it.
        cut.setattr(storing, "imply_again", lambda **_: None)
        page.say(3, "bad", client_uuid=uuid)
    assert standing_verdicts(run.pk)[4] == "good"
    page.say(3, "bad", client_uuid=uuid)
    rows = Label.objects.count()
    assert standing_verdicts(run.pk) == {1: "good", 2: "good", 3: "bad"}
    page.say(3, "bad", client_uuid=uuid)
    assert Label.objects.count() == rows


@pytest.mark.parametrize("finish", ["give_up", "bad_problem"])
def test_of_a_turn_that_ended_without_verdicts_nothing_follows(begin: Begin, run: Run, finish: str) -> None:
    page = begin()
    page.become("submitted", finish=finish, reason="Too long.")
    page.say(3, "bad")
    assert (standing_verdicts(run.pk), Assignment.objects.get().finish) == ({3: "bad"}, finish)


def test_in_an_open_turn_a_verdict_still_takes_four_queries(begin: Begin) -> None:
    page = begin()
    with CaptureQueriesContext(connection) as asked:
        page.say(3, "bad")
    assert len(asked) == 4
