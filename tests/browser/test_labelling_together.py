"""One person in two tabs or two browsers, and who may not label: each is told, nothing is stored behind their back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, Label, LabelQueue
from apps.labels.queues import standing_of
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.faults import faults
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import a_queue, address_of, begin, current, rows, turn_of
from tests.labels.queue_making import make_known, make_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THREE = ("One apple.", "Two apples.", "Three apples.")


def given() -> list[tuple[int, str]]:
    return list(Label.objects.order_by("id").values_list("number", "verdict"))


def both(page: Page) -> Locator:
    """What two places said, to choose from."""
    return page.get_by_role("dialog", name="Not saved yet")


def test_a_second_tab_shows_what_the_first_said_and_follows_it(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [THREE])
    begin(page, server, colleague, queue)
    beside = page.context.new_page()
    beside.goto(address_of(queue))
    expect(current(beside)).to_be_focused()
    page.keyboard.press("3")
    expect(rows(beside).first).to_have_attribute("data-verdict", "good")
    beside.keyboard.press("1")
    expect(rows(page).first).to_have_attribute("data-verdict", "bad")
    wait_until_saved(page)
    wait_until_saved(beside)
    assert given() == [(1, "good"), (1, "bad")]


def test_a_second_browser_is_told_and_shown_both_and_the_person_chooses(
    page: Page, browser: Browser, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [THREE])
    begin(page, server, colleague, queue)
    with another(browser, server, expected="412") as beside:
        begin(beside, server, colleague, queue)
        for key in "33":
            page.keyboard.press(key)
        wait_until_saved(page)
        beside.keyboard.press("1")
        expect(both(beside)).to_contain_text("Step 1 was judged by you in two places.")
        expect(both(beside)).to_contain_text("This tab: ✕ bad")
        expect(both(beside)).to_contain_text("The other: ✓ good")
        assert given() == [(1, "good"), (2, "good")]
        assert faults(beside) == []
        visit.take_pictures(beside, "labelling-two-browsers", widths=(1440, 390))
        beside.get_by_role("button", name="Keep this tab’s").click()
        # The dialog is named anew with it.
        expect(beside.get_by_role("dialog", name="All is saved")).to_contain_text("All you said is saved.")
        beside.keyboard.press("Escape")
        assert given() == [(1, "good"), (2, "good"), (1, "bad")]
        expect(current(beside)).to_be_focused()
        expect(current(beside)).to_have_attribute("data-key", "step-2")
        beside.keyboard.press("2")
        both(beside).get_by_role("button", name="Take the other").click()
        beside.keyboard.press("Escape")
        expect(rows(beside).nth(1)).to_have_attribute("data-verdict", "good")
        wait_until_saved(beside)
    assert given() == [(1, "good"), (2, "good"), (1, "bad")]


def test_a_bad_problem_ends_the_task_with_its_reason_and_keeps_what_was_said(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [THREE])
    begin(page, server, colleague, queue)
    hands = Hands(page)
    hands.press("3", "P")
    dialog = page.get_by_role("dialog", name="The problem is bad")
    assert faults(page) == []
    hands.go_to(dialog.get_by_role("textbox"))
    hands.write("Two questions in one.")
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", name="Nothing left for you")).to_be_visible()
    wait_until_saved(page)
    turn = turn_of(queue, colleague)
    assert (turn.state, turn.finish) == (Assignment.State.SUBMITTED, Assignment.Finish.BAD_PROBLEM)
    assert "Two questions in one." in turn.reason
    assert given() == [(1, "good")]


def test_who_fails_the_screening_is_told_and_gets_no_task(page: Page, server: str, team: Team, colleague: User) -> None:
    queue = a_queue(team, [THREE], screening_pass=0.9)
    [known] = make_tasks(queue, 1, kind="screening")
    make_known(known, "bad")
    begin(page, server, colleague, queue)
    expect(rows(page)).to_have_count(1)
    assert "screening" not in page.content()
    Hands(page).press("3", "Enter")
    expect(page.get_by_role("heading", name="You are not admitted")).to_be_visible()
    expect(page.locator("main")).to_contain_text("A reviewer of the team can tell you why")
    assert standing_of(queue, colleague).why == "not-admitted"
    assert faults(page) == []
    visit.take_pictures(page, "labelling-not-admitted", widths=(1440, 390))


@pytest.mark.parametrize(
    ("given", "heading"),
    [
        ({"state": LabelQueue.State.CLOSED}, "This queue is closed"),
        ({"access": LabelQueue.Access.ASSIGNED}, "assigned"),
    ],
    ids=["closed", "assigned to others"],
)
def test_a_queue_that_gives_nothing_says_why(
    page: Page, server: str, team: Team, colleague: User, given: dict[str, str], heading: str
) -> None:
    queue = a_queue(team, [THREE], **given)
    visit.sign_in(page, server, colleague)
    page.goto(address_of(queue))
    expect(page.locator(".label-main").get_by_role("heading", name=heading)).to_be_visible()
    assert faults(page) == []
