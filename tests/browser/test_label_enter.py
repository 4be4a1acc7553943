"""Enter pressed twice submits a task once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Assignment, AssignmentChange
from tests.browser.hands import Hands
from tests.browser.judging import wait_until_saved
from tests.browser.labelling import TEN_STEPS, a_queue, begin, rows

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
