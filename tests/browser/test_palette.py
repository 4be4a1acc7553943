"""The palette: from any page to any other, to whatever the page's keys do, and to a search, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.visit import take_pictures
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page: Page) -> None:
    expect(page.get_by_role("button", name="Search Ctrl K")).to_be_enabled()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to, do, search")).to_be_focused()


def test_it_leads_to_a_page_by_a_few_letters(page: Page, server: str, owner: User, team: Team) -> None:
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/experiments/")
    opened(page)
    page.keyboard.type("prob")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Problems")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/t/{team.slug}/problems/$"))


def test_it_does_what_a_key_of_the_page_does_also_where_single_keys_are_off(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = make_run_with_tree(team, [["One.", "Two."]])
    owner.keys = {"off": True}
    owner.save()
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/runs/{run.pk}/steps/1/")
    second = page.get_by_role("listbox", name="Branch").get_by_role("option").nth(1)
    expect(second).to_be_visible()
    opened(page)
    page.keyboard.type("next step")
    take_pictures(page, "palette")
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_number_is_a_run_and_escape_gives_the_page_back(page: Page, server: str, owner: User, team: Team) -> None:
    run = make_run_with_tree(team, [["One."]])
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/experiments/")
    opened(page)
    page.keyboard.type(str(run.pk))
    expect(page.get_by_role("option", name=f"Run {run.pk}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Search Ctrl K").click()
    page.keyboard.type(f"run {run.pk}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/t/{team.slug}/runs/{run.pk}/"))


def test_on_the_tree_page_a_number_is_a_step_too_and_menus_are_within_reach(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = make_run_with_tree(team, [["One.", "Two."]])
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/runs/{run.pk}/steps/1/")
    expect(page.locator("[data-part=step] strong").first).to_have_text("Step 1")
    opened(page)
    page.keyboard.type("2")
    page.get_by_role("option", name="Step 2 of this tree").click()
    expect(page.locator("[data-part=step] strong").first).to_have_text("Step 2")
    # The palette presses the menu's button, which does nothing before its module is there.
    visit.wait_for_features(page)
    opened(page)
    page.keyboard.type("save png")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename == f"branchwise-run-{run.pk}.png"


def test_what_is_called_nothing_says_so_and_the_palette_is_accessible(
    page: Page, server: str, owner: User, team: Team
) -> None:
    visit.sign_in(page, server, owner)
    page.goto("/profile/")
    opened(page)
    page.keyboard.type("<script>alert(1)</script>")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Nothing here is called “<script>")
    page.keyboard.press("Control+a")
    page.keyboard.type("o")
    assert faults(page) == []
