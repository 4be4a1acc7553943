"""What is worth showing a colleague stands in the address: opened anew, each link brings the same picture and panel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.hands import OPENED_MS, opened, selected
from tests.browser.replaying import Replay
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRANCHES = [["Count the apples", "then two", "so 7"], ["Guess", "no apples", "so 8"], ["Wait"]]
# What the page shows of itself: everything that a state of the address decides, and no time of day.
SHOWN = """() => {
  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  const words = (name) => part(name)?.innerText.replace(/\\s+/g, " ").trim() ?? "";
  return {
    branch: words("branch"), step: part("step").querySelector("strong").innerText, shown: words("shown"),
    selected: part("branch").querySelector("[aria-selected=true]")?.dataset.number,
    found: words("find-count"), replay: words("replay-words"),
    rows: document.querySelectorAll("[role=treeitem]").length, aside: words("aside"),
    colour: part("colour").value, size: part("size").value, only: part("only").value,
    pruned: part("hide-pruned").checked, words: part("find-words").value, kind: part("find-kind").value,
  };
}"""


@dataclass(frozen=True, slots=True)
class State:
    """Something set by hand. set: how; holds: what the address says then."""

    set: Callable[[Page], Any]
    holds: str


def key(*keys: str) -> Callable[[Page], None]:
    """These keys, one after the other."""

    def press(page: Page) -> None:
        for one in keys:
            page.keyboard.press(one)

    return press


def view(part: str, value: str) -> Callable[[Page], None]:
    """A choice in the menu of the view."""

    def choose(page: Page) -> None:
        page.locator(".run-view > summary").click()
        page.locator(f"[data-part={part}]").select_option(value)
        page.keyboard.press("Escape")

    return choose


def find(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("apples")
    expect(page.locator("[data-part=find-count]")).to_have_text(re.compile(r"\b2\b"))
    page.locator("[data-part=canvas]").focus()


STATES = {
    "a step": State(key("]"), r"/steps/4/"),
    "a colour": State(lambda page: page.select_option("[data-part=colour]", "depth"), r"colour=depth"),
    "no colour": State(lambda page: page.select_option("[data-part=colour]", "none"), r"colour=none"),
    "a size": State(view("size", "tokens"), r"size=tokens"),
    "hidden steps": State(key("p"), r"hide=pruned"),
    "some branches": State(view("only", "right"), r"only=right"),
    "what is folded": State(key("e"), r"collapsed=1\b"),
    "a moment": State(key(","), r"at=\d+"),
    "a search": State(find, r"find=apples"),
    "the outline": State(key("o"), r"view=outline"),
    "a step set aside": State(key("v", "]"), r"/steps/4/.*aside=1\b"),
}


@pytest.fixture
def run(page: Page, server: str, owner: User, team: Team) -> Run:
    visit.sign_in(page, server, owner)
    return make_run_with_tree(team, BRANCHES)


def settled(page: Page) -> dict[str, Any]:
    """What the page shows once its panel shows the step that the address names."""
    opened(page)
    # Asked of the page, as Playwright hears of it only later.
    step = re.search(r"/steps/(\d+)/", page.evaluate("location.href"))
    assert step is not None
    expect(page.locator("[data-part=step] strong").first).to_have_text(f"Step {step[1]}")
    expect(selected(page)).to_have_attribute("data-number", step[1])
    # Words that are looked for stand in their field from the beginning; what they find is asked for.
    if page.locator("[data-part=find-words]").input_value():
        expect(page.locator("[data-part=find-count]")).not_to_be_empty()
        expect(page.locator("[data-part=find]")).not_to_have_attribute("aria-busy", "true")
    return dict(page.evaluate(SHOWN))


@pytest.mark.parametrize("name", STATES)
def test_a_state_of_the_tree_page_is_in_its_address(page: Page, run: Run, name: str) -> None:
    page.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    plain = settled(page)
    STATES[name].set(page)
    expect(page).to_have_url(re.compile(STATES[name].holds), timeout=OPENED_MS)
    before = settled(page)
    page.reload()
    assert settled(page) == before
    if name != "hidden steps":  # this tree has none that were pruned
        assert before != plain


def test_all_of_them_together_are_in_one_address(page: Page, run: Run) -> None:
    page.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    opened(page)
    for name in ("a step set aside", "a colour", "a size", "a search", "a moment"):
        STATES[name].set(page)
    Replay(page).at(re.compile("^Decision 1 of 1"))
    expect(page).to_have_url(re.compile("at="))
    before = settled(page)
    page.reload()
    assert settled(page) == before


def test_two_branches_and_what_is_between_them_are_in_the_address(page: Page, run: Run) -> None:
    page.goto(f"/t/demo/runs/{run.pk}/beside/{run.pk}/?left=3&right=6")
    rows = page.locator(".pair")
    expect(rows).not_to_have_count(0, timeout=OPENED_MS)
    page.keyboard.press("X")
    expect(page).to_have_url(re.compile(r"left=6&right=3$"))
    expect(page.locator(".pair-left").last).to_contain_text("so 8")
    before = rows.all_inner_texts()
    page.reload()
    expect(page.locator(".pair-left").last).to_contain_text("so 8", timeout=OPENED_MS)
    assert rows.all_inner_texts() == before
