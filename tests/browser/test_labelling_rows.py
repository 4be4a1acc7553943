"""Ten steps judged in each mode with the keyboard alone, and every row that is stored of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.guidelines import add_guideline, confirm_reading
from apps.labels.models import Assignment, Label, LabelQueue, OwnStep
from apps.runs.models import Run
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue_over, begin, current, turn_of
from tests.datasets.stored_trees import store_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Mode, Finish = LabelQueue.Mode, Assignment.Finish
INSTEAD = ("The digits of $12$ are $1$ and $2$, whose sum is $3$.", "So we are done.")
CRITIQUE, OWN = "One and two make three.", "Their sum is 3."
UP_TO_FIVE = dict.fromkeys(range(1, 6), "good")


class Expected(NamedTuple):
    """What is stored: verdict by step; the step with critique and flag; progress; the steps that were chosen."""

    verdicts: dict[int, str]
    finish: str = Finish.FOUND_ERROR
    instead_of: int | None = 6
    progress: int | None = None
    chosen: tuple[int, ...] = ()


def every_step(hands: Hands) -> Expected:
    hands.press(*"3333312341")
    say_more(hands)
    verdicts = {**UP_TO_FIVE, 6: "bad", 7: "neutral", 8: "good", 9: "unsure", 10: "bad"}
    return Expected(verdicts)


def first_error(hands: Hands) -> Expected:
    hands.press(*"333331")
    say_more(hands)
    return Expected({**UP_TO_FIVE, 6: "bad"})


def phase_two(hands: Hands) -> Expected:
    hands.press(*"333331")
    expect(current(hands.page)).to_have_attribute("data-key", "progress")
    hands.press("2", "3", "1")
    say_more(hands)
    return Expected({**UP_TO_FIVE, 6: "bad", 11: "good", 12: "bad"}, progress=1)


def phase_one(hands: Hands) -> Expected:
    for number in range(1, 6):
        expect(current(hands.page)).to_have_attribute("data-key", f"step-{number}")
        hands.press("3", "t")
    expect(current(hands.page)).to_have_attribute("data-key", "step-6")
    hands.press("1", "3", "1")
    say_more(hands)
    come_to(hands, 11)
    hands.press("t")
    expect(hands.page.locator(".label-row-end")).to_contain_text("the branch ends here")
    verdicts = {**UP_TO_FIVE, 6: "bad", 11: "good", 12: "bad"}
    return Expected(verdicts, Finish.SOLUTION, instead_of=None, chosen=(1, 2, 3, 4, 5, 11))


def say_more(hands: Hands) -> None:
    """A critique of step 6, a flag on it, and a step of one's own where it stands."""
    come_to(hands, 6)
    hands.press("c")
    hands.write(CRITIQUE)
    hands.press("Escape", "x", "i")
    hands.write(OWN)
    hands.press("Escape")


def come_to(hands: Hands, number: int) -> None:
    """Go to a row above or below. Raises AssertionError where the keys do not lead there."""
    at = f"step-{number}"
    for key in ("k",) * 15 + ("j",) * 15:
        if current(hands.page).get_attribute("data-key") == at:
            return
        hands.press(key)
    raise AssertionError(f"neither k nor j come to {at}")


def ten_steps_and_two_beside_the_sixth(team: Team) -> Run:
    texts = dict(enumerate([*TEN_STEPS, *INSTEAD], start=1))
    return store_tree(team, [*range(10), 5, 5], texts=texts)


@pytest.mark.parametrize(
    ("mode", "task", "judged"),
    [
        (Mode.EVERY_STEP, 10, every_step),
        (Mode.FIRST_ERROR, 10, first_error),
        (Mode.PHASE_ONE, 0, phase_one),
        (Mode.PHASE_TWO, 10, phase_two),
    ],
    ids=["every-step", "first-error", "phase-one", "phase-two"],
)
def test_every_row_of_ten_steps_judged_by_keyboard_is_as_it_was_said(
    page: Page, server: str, team: Team, owner: User, colleague: User, mode: str, task: int,
    judged: Callable[[Hands], Expected],
) -> None:  # fmt: skip
    version = add_guideline(team=team, by=owner, name="Steps of algebra", text="Judge *well*.", must_read=True)
    confirm_reading(user=colleague, version=version)
    queue = a_queue_over(ten_steps_and_two_beside_the_sixth(team), task, mode=mode, guideline=version.guideline)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    expected = judged(hands)
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.finish, turn.progress, turn.guideline_version) == (
        "submitted", expected.finish, expected.progress, version,
    )  # fmt: skip
    assert turn.seconds > 0
    rows = Label.objects.filter(run=turn.task.run).order_by("id")
    assert {(row.labeller, row.assignment, row.scores_in_view, row.guideline_version) for row in rows} == {
        (turn.labeller, turn, False, version)
    }
    newest = {row.number: row for row in rows}
    assert {number: row.verdict for number, row in newest.items()} == expected.verdicts
    assert [(row.number, row.critique) for row in newest.values() if row.critique or row.flagged] == [(6, CRITIQUE)]
    assert newest[6].flagged
    assert tuple(sorted(number for number, row in newest.items() if row.chosen)) == expected.chosen
    # Keys as fast as these may take less than the tenth of a second that is written down.
    assert any(row.seconds is not None for row in rows)
    [own] = OwnStep.objects.all()
    assert (own.parent, own.instead_of, own.text, own.assignment) == (5, expected.instead_of, OWN, turn)
