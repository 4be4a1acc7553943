"""The tree page while its run is played: it grows by itself, and what the reader has set stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.playing import PlayedRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLLOW = "Follow"


@pytest.fixture
def played(team: Team) -> PlayedRun:
    return PlayedRun(team)


@pytest.fixture
def open_run(page: Page, server: str, owner: User, played: PlayedRun) -> Callable[..., None]:
    """Sign in and open the run's page, or what stands below it, until it is live."""
    visit.sign_in(page, server, owner)

    def opened(tail: str = "") -> None:
        page.goto(f"/t/demo/runs/{played.run.pk}/{tail}")
        expect(page.locator("[data-part=live]")).to_contain_text("live")

    return opened


def steps_of(page: Page) -> Locator:
    """The steps of the branch in the panel."""
    return page.get_by_role("listbox", name="Branch").get_by_role("option")


def selected(page: Page) -> Locator:
    """The selected step of the branch."""
    return page.locator("[role=option][aria-selected=true]")


def test_an_empty_run_shows_its_first_step_and_all_that_follow_to_the_end(
    page: Page, played: PlayedRun, open_run: Callable[..., None]
) -> None:
    open_run()
    expect(page.get_by_text("No worker has taken this run yet")).to_be_visible()
    played.claim()
    expect(page.get_by_text("A worker plays this run")).to_be_visible()
    first = played.step(0, "first words", 0.5)
    expect(steps_of(page)).to_have_count(1)
    expect(page.get_by_text("No steps yet")).to_be_hidden()
    expect(page.get_by_role("application")).to_have_attribute("aria-label", re.compile("Tree of 1 steps"))
    last = played.step(first, "the answer is 1", 0.75, terminal=True)
    expect(steps_of(page)).to_have_count(2)
    expect(page.locator("[data-part=legend]")).to_contain_text("factory-scorer")
    played.finish(last, "1")
    expect(page.locator("[data-part=facts]")).to_contain_text("✓ right")
    expect(page.locator("[data-part=live]")).to_be_hidden()
    expect(page.get_by_role("button", name=FOLLOW)).to_be_hidden()
    expect(page.locator(".step-why")).to_contain_text("the highest score")


def test_who_follows_goes_with_the_branch_until_they_select_by_hand(
    page: Page, played: PlayedRun, open_run: Callable[..., None]
) -> None:
    played.claim()
    one = played.step(0, "one", 0.5)
    open_run()
    follow = page.get_by_role("button", name=FOLLOW)
    expect(follow).to_have_attribute("aria-pressed", "true")
    two = played.step(one, "two", 0.6)
    expect(selected(page)).to_contain_text("two")
    page.keyboard.press("k")
    expect(follow).to_have_attribute("aria-pressed", "false")
    played.step(two, "three", 0.7)
    expect(page.get_by_role("application")).to_have_attribute("aria-label", re.compile("Tree of 3 steps"))
    expect(selected(page)).to_contain_text("one")
    follow.click()
    expect(selected(page)).to_contain_text("three")


def test_a_branch_that_is_given_up_is_left_for_one_that_grows(
    page: Page, played: PlayedRun, open_run: Callable[..., None]
) -> None:
    played.claim()
    bad = played.step(0, "bad start", 0.9)
    played.step(0, "good start", 0.1)
    open_run()
    expect(selected(page)).to_contain_text("bad start")
    played.prune(bad, "below the top 1")
    expect(selected(page)).to_contain_text("good start")


def test_selection_camera_and_focus_stay_while_the_tree_grows(
    page: Page, played: PlayedRun, open_run: Callable[..., None]
) -> None:
    played.claim()
    one = played.step(0, "one", 0.5)
    for place in range(6):
        played.step(one, f"child {place}", 0.5)
    open_run(f"steps/{one + 3}/")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_text("Plain text").click()
    page.locator(".sibling").nth(2).focus()
    focused = page.evaluate("document.activeElement.textContent")
    played.step(0, "another root, far above or below", 0.9)
    played.step(one, "one more child", 0.4)
    expect(page.get_by_role("application")).to_have_attribute("aria-label", re.compile("Tree of 9 steps"))
    expect(page.locator(".sibling")).to_have_count(7)
    expect(selected(page)).to_contain_text("child 2")
    expect(page).to_have_url(re.compile(rf"/steps/{one + 3}/"))
    expect(page.locator(".plain-text-body")).to_have_text("child 2")
    assert page.evaluate("document.activeElement.textContent") == focused


def test_the_selected_step_says_what_befalls_it(page: Page, played: PlayedRun, open_run: Callable[..., None]) -> None:
    played.claim()
    played.step(0, "one")
    open_run("steps/1/")
    expect(page.locator(".step-why")).to_have_count(0)
    played.prune(1, "the score is below 0.5")
    expect(page.locator(".step-why")).to_have_text("Pruned at event 3: the score is below 0.5")


def test_the_selected_step_stays_in_view_while_formulas_above_it_are_set_and_the_branch_grows(
    page: Page, played: PlayedRun, open_run: Callable[..., None]
) -> None:
    played.claim()
    display = "\\[ \\sum_{i=1}^n i = \\frac{n(n+1)}{2} \\]"
    for parent in range(20):
        played.step(parent, f"step {parent + 1} {display}", 0.5)
    open_run()
    # Formulas come with the scroll: the last is set where the step stands.
    expect(selected(page).locator(".katex")).to_have_count(1)
    expect(selected(page)).to_be_in_viewport(ratio=0.9)
    for parent in range(20, 25):
        played.step(parent, f"step {parent + 1} {display}", 0.5)
    expect(selected(page)).to_contain_text("step 25")
    expect(selected(page).locator(".katex")).to_have_count(1)
    expect(selected(page)).to_be_in_viewport(ratio=0.9)
