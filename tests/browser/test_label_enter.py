"""Enter pressed twice submits a task once, and what comes next is asked for until its end is known."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, AssignmentChange
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue, begin, rows
from tests.labels.queue_making import make_known, make_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Both before the page has drawn anything.
ENTER_TWICE = """() => {
  for (const _ of [1, 2]) {
    const pressed = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(pressed);
  }
}"""


def test_enter_pressed_twice_submits_once(page: Page, server: str, team: Team, colleague: User) -> None:
    begin(page, server, colleague, a_queue(team, [("One apple.",), TEN_STEPS]))
    Hands(page).press("3")
    expect(page.locator("[data-part=foot-said]")).to_have_text("All judged")
    page.evaluate(ENTER_TWICE)
    expect(rows(page)).to_have_count(10)
    expect(page.locator("[data-part=progress]")).to_contain_text("1 of 2 done")
    wait_until_saved(page)
    assert list(AssignmentChange.objects.values_list("state", flat=True)) == ["submitted"]
    assert list(Assignment.objects.order_by("id").values_list("state", flat=True)) == ["submitted", "open"]


def test_none_that_was_said_before_the_end_of_a_task_was_known_is_asked_for_again(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    queue = a_queue(team, [TEN_STEPS], screening_pass=0.5)
    [known] = make_tasks(queue, 1, kind="screening")
    make_known(known, "bad")
    # The page asks ahead once the first task stands; what it was told is no answer to what is held below.
    with page.expect_response(lambda answer: answer.url.endswith("/next") and answer.request.post_data_json["besides"]):
        begin(page, server, colleague, queue)
    expect(rows(page)).to_have_count(1)
    hands = Hands(page)
    hands.press("1")
    expect(rows(page).first).to_have_attribute("data-verdict", "bad")
    wait_until_saved(page)
    ends: list[Route] = []
    asks: list[Route] = []
    page.route("**/state", lambda route: ends.append(route))
    page.route("**/next", lambda route: asks.append(route))
    with page.expect_request("**/state"), page.expect_request("**/next"):
        hands.press("Enter")
    expect(page.locator("[data-part=loading]")).to_be_visible()
    [ask], [end] = asks, ends
    answer = ask.fetch()
    assert answer.json()["turn"] is None
    page.unroute("**/next")
    end.continue_()
    wait_until_saved(page)
    ask.fulfill(response=answer)
    expect(rows(page)).to_have_count(10)
