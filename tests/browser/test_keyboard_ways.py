"""From a tree without a mouse: its outline, the palette, what is copied, two branches side by side, and a fork."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Run, Step
from tests.browser import visit
from tests.browser.hands import OPENED_MS, Hands, opened
from tests.runs.forking import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_tree_to_its_outline_its_comparison_and_its_fork(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = played(team)
    hands = Hands(page)
    step = Step.objects.filter(run=run, depth=1).earliest("number").number
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run.pk}/steps/{step}/")
    opened(page)
    outline(hands, step)
    ask_for_keys_and_words(hands)
    take_along(hands)
    compare(hands, step)
    fork(hands, run)


def outline(hands: Hands, step: int) -> None:
    """Without the picture: the outline is the same tree, and Escape leads back to it."""
    page = hands.page
    hands.go_to(page.locator("[data-part=outline-toggle]"))
    hands.press("Enter")
    outline = page.get_by_role("tree", name="Outline of the tree")
    expect(outline).to_be_focused()
    hands.press("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight")
    expect(outline.get_by_role("treeitem", selected=True)).to_have_id(f"outline-{step}")
    hands.press("/", "Escape")
    hands.press("o")
    hands.press("o")


def ask_for_keys_and_words(hands: Hands) -> None:
    """Whatever has a key has words too."""
    page = hands.page
    hands.press("Control+k")
    hands.write("whole tree")
    hands.press("Enter")
    hands.press("Control+k")
    hands.press("Escape")
    hands.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    hands.press("Escape")


def take_along(hands: Hands) -> None:
    """Copy the step; where the browser lends no clipboard, close what shows it instead."""
    page = hands.page
    hands.go_to(page.locator(".run-share > summary"), by="Shift+Tab")
    hands.press("Enter")
    hands.go_to(page.get_by_role("button", name="Copy the step as Markdown"))
    hands.press("Enter")
    shown = page.get_by_role("dialog", name="Copy this")
    expect(shown.or_(page.get_by_text(re.compile("copied as Markdown$")))).to_be_visible()
    hands.look("the step was copied")
    if shown.is_visible():
        hands.press("Escape")


def compare(hands: Hands, step: int) -> None:
    """Set a step aside, see it beside another, come back, and drop it by the button that then goes away."""
    page = hands.page
    hands.press("v")
    expect(page.get_by_text(f"Compare with step {step}")).to_be_visible()
    hands.press("]")
    page.keyboard.press("v")
    page.wait_for_url(re.compile(r"/beside/"), timeout=OPENED_MS)
    expect(page.locator("[data-part=summary]")).not_to_have_text("Loading both branches", timeout=OPENED_MS)
    hands.press("d", "j", "k", "s", "s")
    hands.go_to(page.get_by_role("combobox", name="Branch on the right"), by="Shift+Tab")
    page.go_back()
    opened(page)

    hands.go_to(page.get_by_role("button", name="Compare with no step"))
    hands.press("Enter")
    hands.look("nothing is set aside any more")


def fork(hands: Hands, run: Run) -> None:
    """Look, think better of it, and then do it."""
    page = hands.page
    hands.press("f")
    dialog = page.get_by_role("dialog", name=f"Fork run {run.pk}")
    expect(dialog.locator("#fork-form")).to_be_visible(timeout=OPENED_MS)
    hands.look("the form has come")
    hands.press("Escape")
    expect(dialog).to_be_hidden()
    hands.press("f")
    send = dialog.get_by_role("button", name="Fork and open it")
    expect(send).to_be_visible(timeout=OPENED_MS)
    hands.go_to(send)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/runs/(?!{run.pk}/)\d+/"), timeout=OPENED_MS)
    assert Run.objects.filter(parent_run=run).count() == 1
