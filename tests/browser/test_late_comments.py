"""Comments whose answer comes when the reader is at another step already."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from tests.browser.test_comments import opened
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_comment_that_is_stored_late_is_not_shown_beside_another_step(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team, (("So two.", "Then four.", "4"),))
    opened(page, server, owner, f"/t/demo/runs/{run.pk}/steps/2/")
    page.keyboard.press("c")
    page.get_by_role("textbox", name="Comment on step 2").fill("Is this right?")
    held: list[Route] = []
    page.route("**/threads", lambda route: held.append(route))
    with page.expect_request("**/threads"):
        page.get_by_role("textbox", name="Comment on step 2").press("Control+Enter")
    page.locator("#step-1").click()
    expect(page.get_by_role("textbox", name="Comment on step 1")).to_be_visible()
    with page.expect_response(f"**/discussions/step/{run.pk}:1/"):
        held.pop().continue_()
    expect(page.locator("#step-2 .branch-comments")).to_have_text("1")
    expect(page.get_by_role("article", name="Comment of owner")).to_have_count(0)
