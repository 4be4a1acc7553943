"""How the tree page opens: the tree is asked for with the modules that show it, and not again by them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_tree_is_asked_for_once_and_with_the_modules(page: Page, server: str, owner: User, team: Team) -> None:
    run = make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server)))
    page.goto(f"/t/{team.slug}/runs/{run.pk}/")
    expect(page.get_by_role("listbox", name="Branch").get_by_role("option").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked.count(f"/api/t/{team.slug}/runs/{run.pk}/tree") == 1
    # The link in the head asked, so it came while the modules were on their way.
    entry = "performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/tree')).initiatorType"
    assert page.evaluate(entry) == "link"


def test_what_is_typed_and_pressed_before_the_rest_of_the_page_has_come_is_not_lost(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    held: list[Route] = []
    page.route("**/run_parts/outline.js", lambda route: held.append(route))
    with page.expect_request("**/run_parts/outline.js"):
        page.goto(f"/t/{team.slug}/runs/{run.pk}/")
    expect(page.get_by_role("listbox", name="Branch").get_by_role("option").first).to_be_visible()
    page.get_by_role("application").press("o")
    page.locator("[data-part=find-more]").click()
    page.get_by_label("Step was").select_option("pruned")
    held.pop().continue_()
    expect(page.get_by_role("tree")).to_be_visible()
    expect(page.locator("[data-part=find-count]")).not_to_be_empty()
