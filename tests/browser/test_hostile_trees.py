"""A tree whose steps want to be more than text, everywhere a step is shown: it stays text, and every key still acts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Run
from apps.trees.indexing import index_a_round
from tests.browser import visit
from tests.browser.hands import OPENED_MS, opened, selected
from tests.browser.judging import wait_until_saved
from tests.browser.test_hostile_everywhere import RUNS_SOMETHING
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = "</script><script>alert(1)</script><img src=x onerror=alert(1)><base href=//127.0.0.2/><plaintext>"
TURNED = "\u202eturned \u2067שלום עולם\u2069 round\u200f \u061cعربي"
INVISIBLE = "seen\u200b\u200d\ufeff\u00adwhole\u0001\u0008\u001b[31m\u2028\u2029end"
BRACES = "$x^" + "{" * 3_000 + "y" + "}" * 3_000 + "$ and $" + "{" * 3_000
LINE = "z" * 1_000_000
FORMULAS = "$x^2$ " * 2_000
LEFT, RIGHT = [TAGS, TURNED, INVISIBLE, BRACES, "7"], [TAGS + "?", LINE, FORMULAS, TURNED, "8"]
# A line of a million letters is laid out when it comes into view.
ANSWERS_MS = 30_000


@pytest.fixture
def run(team: Team) -> Run:
    """Ten steps in two branches; the experiment and its problem are called as badly."""
    run = make_run_with_tree(team, [LEFT, RIGHT])
    run.experiment.name = TAGS[:120]
    run.experiment.engine = run.experiment.scorer = "scripted"  # known here, so that one may fork
    run.experiment.save()
    run.problem.statement = TAGS + BRACES + TURNED
    run.problem.save()
    index_a_round()
    return run


@pytest.fixture
def visitor(page: Page, server: str, owner: User) -> Page:
    """A signed-in page on which any dialog is a failure."""
    visit.sign_in(page, server, owner)
    page.on("dialog", lambda dialog: pytest.fail(f"The page said {dialog.message}."))
    page.set_default_timeout(ANSWERS_MS)
    expect.set_options(timeout=ANSWERS_MS)
    return page


def is_text(page: Page) -> None:
    """Find nothing on the page that texts could have made."""
    assert page.evaluate(RUNS_SOMETHING) == []


def current(page: Page) -> Locator:
    return page.locator(".pair[aria-current]")


def test_every_step_is_read_judged_and_folded(visitor: Page, run: Run) -> None:
    for first in (1, 6):
        visitor.goto(f"/t/demo/runs/{run.pk}/steps/{first}/")
        opened(visitor)
        for number in range(first, first + 5):
            expect(selected(visitor)).to_have_attribute("data-number", str(number))
            expect(visitor.locator("[data-part=step] strong").first).to_have_text(f"Step {number}")
            is_text(visitor)
            visitor.keyboard.press("3")  # which goes on to the next
        wait_until_saved(visitor)
        visitor.keyboard.press("h")
        visitor.keyboard.press("e")
        expect(visitor.locator("[data-part=shown]")).to_contain_text("steps shown")


def test_outline_search_and_palette_show_them_as_text(visitor: Page, run: Run) -> None:
    visitor.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    opened(visitor)
    visitor.keyboard.press("o")
    rows = visitor.get_by_role("treeitem")
    expect(rows.first).to_contain_text("<script>alert(1)</script>")
    expect(rows.nth(6)).to_contain_text("zzzz")
    visitor.keyboard.press("End")
    expect(visitor.get_by_role("treeitem", selected=True)).to_have_id("outline-10")
    is_text(visitor)
    visitor.keyboard.press("/")
    visitor.keyboard.type("<img src=x")
    expect(visitor.locator("[data-part=find-count]")).to_have_text("2 steps")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("treeitem", selected=True)).to_have_id(re.compile("^outline-[16]$"))
    visitor.keyboard.press("Control+k")
    visitor.keyboard.type(TAGS)
    expect(visitor.locator(".palette-option").first).to_contain_text("<script>alert(1)</script>")
    is_text(visitor)
    visitor.keyboard.press("Escape")
    expect(visitor.locator(".palette-option").first).to_be_hidden()


def test_comments_and_the_form_of_a_fork_hold_them_as_text(visitor: Page, run: Run) -> None:
    said = TAGS + "\n\n" + "$x$ " * 2_000 + "\n\n" + TURNED
    visitor.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    opened(visitor)
    visitor.keyboard.press("c")
    visitor.get_by_role("textbox", name="Comment on step 1").fill(said)
    visitor.keyboard.press("Control+Enter")
    expect(visitor.get_by_role("article")).to_contain_text("<script>alert(1)</script>")
    expect(visitor.get_by_role("article").locator(".katex").first).to_be_attached()
    is_text(visitor)
    visitor.keyboard.press("Escape")
    for number in (1, 2, 4, 7):
        visitor.goto(f"/t/demo/runs/{run.pk}/steps/{number}/")
        opened(visitor)
        visitor.keyboard.press("f")
        expect(visitor.locator("#fork-form")).to_be_visible()
        is_text(visitor)
        visitor.keyboard.press("Escape")
        expect(visitor.locator("#fork-form")).to_be_hidden()


def test_two_such_branches_stand_side_by_side(visitor: Page, run: Run) -> None:
    visitor.goto(f"/t/demo/runs/{run.pk}/beside/{run.pk}/?left=5&right=10")
    expect(visitor.locator("[data-part=summary]")).not_to_have_text("Loading both branches", timeout=OPENED_MS)
    visitor.keyboard.press("d")
    expect(current(visitor)).to_have_count(1)
    places = visitor.locator(".pair").count()
    for _ in range(places):
        visitor.keyboard.press("j")
    expect(visitor.locator(".pair").last).to_have_attribute("aria-current", "true")
    expect(visitor.locator(".pair-left").first).to_contain_text("<script>alert(1)</script>")
    is_text(visitor)
    assert visit.overflow(visitor) == 0


def test_the_team_finds_them_as_text(visitor: Page, run: Run) -> None:
    for asked in ("script alert", "turned", "whole", "<img src=x onerror=alert(1)>"):
        visitor.goto("/t/demo/search/")
        visitor.get_by_role("searchbox", name="Words in problems and steps").fill(asked)
        visitor.keyboard.press("Enter")
        visitor.wait_for_url(re.compile(r"\?q="))
        expect(visitor.get_by_role("searchbox", name="Words in problems and steps")).to_have_value(asked)
        is_text(visitor)
    assert visit.overflow(visitor) == 0
