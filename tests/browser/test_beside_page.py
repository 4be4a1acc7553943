"""Two branches side by side, by keyboard alone: why a right answer lost, steps set aside, sides swapped, one grows."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.imports.services import import_file
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.playing import PlayedRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TREES = "tree-of-thoughts-game24.json"
# Opening the tree page on a laden machine takes longer than anything on it.
OPENED_MS = 40_000


def current(page: Page) -> Locator:
    """The row that is marked."""
    return page.locator(".pair[aria-current]")


@pytest.fixture
def lost(page: Page, server: str, owner: User, team: Team) -> Run:
    """A tree of thoughts whose chosen answer is wrong although it holds a right one."""
    import_file(team, settings.BRANCHWISE.fixtures_dir / "demo" / TREES, TREES, by=owner)
    run = Run.objects.filter(correct=False, right_count__gt=0).order_by("pk")[0]
    visit.sign_in(page, server, owner)
    return run


def open_tree(page: Page, path: str) -> None:
    """Open a run's page, until a step is selected."""
    page.goto(path)
    expect(page.locator("[data-part=branch] [aria-selected=true]")).to_have_count(1, timeout=OPENED_MS)


def both_are_there(page: Page) -> None:
    """Wait until both branches are laid beside each other."""
    expect(page.locator("[data-part=summary]")).not_to_have_text("Loading both branches", timeout=OPENED_MS)


def test_one_key_tells_why_the_right_answer_lost_and_others_walk_the_two_branches(page: Page, lost: Run) -> None:
    open_tree(page, f"/t/demo/runs/{lost.pk}/")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name="Why the right answer lost")).to_be_visible(timeout=OPENED_MS)
    expect(page.get_by_text(re.compile(r"The right branch (was pruned|came to its end)"))).to_be_visible()
    both_are_there(page)
    assert page.locator("[data-part=left] [data-part=pick]").input_value() == str(lost.chosen)
    page.keyboard.press("d")
    expect(current(page)).to_contain_text("first difference")
    expect(current(page)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".pair").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(page.locator(".pair").nth(0)).to_have_attribute("aria-current", "true")
    expect(page.locator(".pair-right .outcome-right")).to_have_count(1)
    expect(page.locator(".pair-left .outcome-wrong")).to_have_count(1)
    expect(page.locator("mark.pair-differs").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator(".pair-scores").first).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator(".pair-scores").first).to_be_visible()
    assert faults(page) == []
    for width in visit.WIDTHS:
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        assert visit.overflow(page) == 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("X")
    expect(page).to_have_url(re.compile(rf"right={lost.chosen}$"))


def test_another_branch_is_chosen_from_the_list_and_stands_in_the_address(page: Page, lost: Run) -> None:
    page.goto(f"/t/demo/runs/{lost.pk}/beside/{lost.pk}/")
    both_are_there(page)
    pick = page.get_by_role("combobox", name="Branch on the right")
    expect(pick.locator("option")).not_to_have_count(1)
    other = pick.locator("option").last.get_attribute("value")
    pick.select_option(other)
    expect(page).to_have_url(re.compile(rf"left={lost.chosen}&right={other}$"))
    expect(page.locator(".pair-right").last).to_contain_text(f"Step {other}")
    page.reload()
    both_are_there(page)
    expect(page.locator(".pair-right").last).to_contain_text(f"Step {other}")


def test_a_step_set_aside_is_compared_with_another_and_stands_in_the_address(page: Page, lost: Run) -> None:
    open_tree(page, f"/t/demo/runs/{lost.pk}/steps/1/")
    page.keyboard.press("v")
    expect(page.get_by_text("Compare with step 1")).to_be_visible()
    expect(page).to_have_url(re.compile("aside=1"))
    page.keyboard.press("]")
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile(rf"/runs/{lost.pk}/beside/{lost.pk}/\?left=1&right=2$"), timeout=OPENED_MS)
    both_are_there(page)
    expect(page.locator(".pair-left").first).to_contain_text("Step 1")
    expect(page.locator(".pair-right").first).to_contain_text("Step 2")


def test_the_scores_chart_is_no_image_before_it_is_drawn_and_has_words(page: Page, lost: Run) -> None:
    # It is drawn once it is told how wide its place is, which is not told here.
    page.add_init_script("ResizeObserver = class { observe() {} unobserve() {} disconnect() {} };")
    page.goto(f"/t/demo/runs/{lost.pk}/beside/{lost.pk}/")
    both_are_there(page)
    expect(page.locator("svg.score-chart")).to_be_visible()
    expect(page.locator("svg.score-chart > *")).to_have_count(0)
    assert faults(page) == []


def test_a_run_that_grows_is_followed_beside_one_that_has_ended(
    page: Page, server: str, owner: User, team: Team, lost: Run
) -> None:
    played = PlayedRun(team)
    page.goto(f"/t/demo/runs/{lost.pk}/beside/{played.run.pk}/")
    both_are_there(page)
    right = page.locator("[data-part=right]")
    expect(right.locator("[data-part=empty]")).to_contain_text("No worker has taken this run yet")
    expect(right.locator("[data-part=live]")).to_contain_text("live")
    played.claim()
    one = played.step(0, "first words", 0.5)
    expect(page.locator(".pair-right")).to_have_count(1)
    two = played.step(one, "second words", 0.75, terminal=True)
    expect(page.locator(".pair-right").nth(1)).to_contain_text("second words")
    page.keyboard.press("j")
    played.finish(two, "1")
    expect(right.locator("[data-part=facts]")).to_contain_text("✓ right")
    expect(right.locator("[data-part=live]")).to_be_hidden()
    expect(page.locator(".pair-right .outcome-right")).to_have_count(1)
    expect(page.locator(".pair").first).to_have_attribute("aria-current", "true")
