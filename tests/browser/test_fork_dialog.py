"""The dialog that forks a run from the tree page: where the focus is, and what is told where its form does not come."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPENED_MS = 40_000


def open_dialog(page: Page, server: str, owner: User, run: int) -> None:
    """Sign in, open the run's page and press the key."""
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run}/steps/1/")
    expect(page.locator("[data-part=branch] [aria-selected=true]")).to_have_count(1, timeout=OPENED_MS)
    page.keyboard.press("f")


def test_the_fork_dialog_opens_at_its_first_field(page: Page, server: str, team: Team, owner: User) -> None:
    run = make_run_with_tree(team)
    open_dialog(page, server, owner, run.pk)
    expect(page.locator("#fork-form [name=kind]:checked")).to_be_focused(timeout=OPENED_MS)


def test_a_fork_form_that_does_not_come_says_the_servers_reason(
    page: Page, page_notices: visit.Notices, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team)
    page_notices.expect("404")
    page.route("**/fork/**", lambda route: route.continue_(url=route.request.url.replace("step=1", "step=99")))
    open_dialog(page, server, owner, run.pk)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Run {run.pk} has no step 99", timeout=OPENED_MS)
    page.unroute("**/fork/**")
    dialog.get_by_role("button", name="Try again").click()
    expect(page.locator("#fork-form")).to_be_visible(timeout=OPENED_MS)
