"""The first visit: a one-time link signs in once and leads to a page that says what would be there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BACKGROUND = "(element) => getComputedStyle(element).backgroundColor"


def test_a_one_time_link_leads_to_the_experiments_of_the_team(page: Page, server: str, owner: User, team: Team) -> None:
    visit.sign_in(page, server, owner)
    expect(page).to_have_url(f"{server}/t/{team.slug}/experiments/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_link_works_once(page: Page, server: str, owner: User, page_notices: visit.Notices) -> None:
    link = visit.sign_in(page, server, owner)
    page.context.clear_cookies()
    page_notices.expect(r"status 4\d\d|console error .*Failed to load resource")
    page.goto(link)
    expect(page.locator("body")).to_contain_text("link")
    page.goto("/")
    expect(page).to_have_url(f"{server}/sign-in/")


def test_a_team_without_experiments_is_told_how_to_get_one(page: Page, server: str, owner: User) -> None:
    visit.sign_in(page, server, owner)
    expect(page.get_by_role("main")).to_contain_text("experiment")
    visit.take_pictures(page, "experiments-empty")
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0


def test_the_theme_can_be_changed_and_stays(page: Page, server: str, owner: User) -> None:
    visit.sign_in(page, server, owner)
    html = page.locator("html")
    # A press that comes before its script is lost.
    expect(page.locator("[data-behaviour=theme-toggle][data-attached]")).to_have_count(1)
    before = html.evaluate(BACKGROUND)
    page.get_by_role("button", name="Light or dark").click()
    expect(html).to_have_attribute("data-theme", "dark")
    after = html.evaluate(BACKGROUND)
    page.reload()
    assert before != after
    assert html.evaluate(BACKGROUND) == after
