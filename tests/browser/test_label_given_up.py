"""What was written, refused by the server and given up by the person is shown no more."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.hands import Hands
from tests.browser.labelling import a_queue, begin, rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def refuse(route: Route) -> None:
    """Answer as a server that does not take what was sent."""
    error = {"code": "unreadable", "message": "It cannot be stored."}
    route.fulfill(status=400, content_type="application/json", body=json.dumps({"error": error}))


def test_a_critique_and_a_step_of_ones_own_that_are_given_up_are_shown_no_more(
    page: Page, server: str, page_notices: visit.Notices, team: Team, colleague: User
) -> None:
    page_notices.expect("400")
    begin(page, server, colleague, a_queue(team, [("One apple.", "Two apples.")]))
    for what in ("labels", "own-steps"):
        page.route(f"**/{what}", refuse)
    hands = Hands(page)
    hands.press("c")
    page.keyboard.type("It counts one too few.")
    hands.press("Escape", "i")
    page.keyboard.type("Three apples.")
    hands.press("Escape")
    expect(rows(page).first).to_contain_text("It counts one too few.")
    expect(page.locator(".label-row-own")).to_contain_text("Three apples.")
    page.locator("[data-part=saved]").click()
    dialog = page.get_by_role("dialog")
    giving_up = dialog.get_by_role("button", name="Give it up")
    expect(giving_up).to_have_count(2)
    giving_up.first.click()
    expect(giving_up).to_have_count(1)
    giving_up.click()
    expect(dialog).to_contain_text("All you said is saved.")
    expect(page.locator(".label-row-own")).to_have_count(0)
    expect(rows(page).first).not_to_contain_text("It counts one too few.")
    expect(rows(page)).to_have_count(2)
