"""A solution of ten steps judged with the keyboard alone, and what is stored of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, Label, LabelQueue
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue, begin, current, rows, standing, turn_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Mode = LabelQueue.Mode
SECOND = ("One apple.", "Two apples.")


def announced(page: Page, words: str) -> None:
    """Wait until listeners hear this."""
    expect(page.locator("[data-part=announce]")).to_have_text(words)


def test_ten_steps_are_judged_one_by_one_with_the_keyboard_alone(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [TEN_STEPS, SECOND])
    begin(page, server, colleague, queue)
    hands = Hands(page)
    expect(rows(page)).to_have_count(10)
    expect(rows(page).first.locator(".katex").first).to_be_visible()
    for key in "333334":
        hands.press(key)
    announced(page, "Step 6: unsure. 6 of 10 judged.")
    hands.press("u", "1", "x", "2", "k", "k", "k", "j", "j", "j", "3", "3", "3")
    announced(page, "Step 10: good. All judged; Enter submits.")
    expect(page.locator("[data-part=foot-said]")).to_have_text("All judged")
    hands.press("Enter")
    expect(rows(page)).to_have_count(2)
    expect(page.locator("[data-part=progress]")).to_contain_text("1 of 2 done")
    wait_until_saved(page)
    said = [*["good"] * 5, "bad", "neutral", "good", "good", "good"]
    assert standing(queue, colleague) == dict(enumerate(said, start=1))
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.finish) == (Assignment.State.SUBMITTED, Assignment.Finish.FOUND_ERROR)
    assert turn.seconds > 0
    assert list(Label.objects.filter(flagged=True).values_list("number", flat=True).distinct()) == [7]
    assert not Label.objects.filter(scores_in_view=True).exists()


def test_the_first_error_is_marked_with_the_keyboard_alone(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [TEN_STEPS, SECOND], mode=Mode.FIRST_ERROR)
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("Enter")
    expect(page.locator("[data-part=foot-said]")).to_have_text("1 row still to be judged.")
    hands.press("k", "k", "k", "k", "k", "k", "k", "1")
    expect(rows(page).nth(3)).to_have_attribute("data-verdict", "bad")
    expect(rows(page).nth(2)).to_contain_text("good, as it stands before the mark")
    hands.press("j", "3", "1")
    expect(rows(page).nth(3)).to_have_attribute("data-verdict", "implied")
    expect(rows(page).nth(5)).to_have_attribute("data-verdict", "bad")
    hands.press("Enter")
    expect(rows(page)).to_have_count(3)
    hands.press("3", "3", "3")
    expect(rows(page).last).to_have_attribute("data-verdict", "good")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    assert standing(queue, colleague) == {1: "good", 2: "good", 3: "good", 4: "good", 5: "good", 6: "bad"}
    finishes = Assignment.objects.order_by("id").values_list("finish", flat=True)
    assert list(finishes) == [Assignment.Finish.FOUND_ERROR, Assignment.Finish.SOLUTION]


def test_undo_goes_back_over_a_submission_and_a_reload(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [SECOND, TEN_STEPS])
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "3", "Enter")
    expect(rows(page)).to_have_count(10)
    hands.press("3", "u", "u")
    expect(rows(page)).to_have_count(2)
    announced(page, "The task before is open again.")
    wait_until_saved(page)
    assert turn_of(queue, colleague).state == Assignment.State.OPEN
    page.reload()
    expect(current(page)).to_be_focused()
    expect(rows(page)).to_have_count(2)
    hands.press("u")
    announced(page, "Undone: Step 2.")
    hands.press("u")
    announced(page, "Undone: Step 1.")
    hands.press("u")
    announced(page, "There is nothing to undo.")
    wait_until_saved(page)
    assert standing(queue, colleague) == {1: "", 2: ""}


def test_a_task_submitted_before_a_reload_is_opened_again_by_undo(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [SECOND, TEN_STEPS])
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("1", "3", "Enter")
    expect(rows(page)).to_have_count(10)
    wait_until_saved(page)
    page.reload()
    expect(current(page)).to_be_focused()
    expect(rows(page)).to_have_count(10)
    hands.press("u")
    expect(rows(page)).to_have_count(2)
    announced(page, "The task before is open again.")
    wait_until_saved(page)
    assert turn_of(queue, colleague).state == Assignment.State.OPEN
    hands.press("u")
    announced(page, "Undone: Step 2.")


def test_a_key_that_is_held_judges_one_step(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [TEN_STEPS])
    begin(page, server, colleague, queue)
    for _ in range(4):
        page.keyboard.down("3")
    page.keyboard.up("3")
    page.keyboard.press("1")
    wait_until_saved(page)
    assert standing(queue, colleague) == {1: "good", 2: "bad"}
