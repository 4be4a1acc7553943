"""Panel, colours and plot at a time cursor and with several scorers, against the events that were stored."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.playing import PlayedRun
from tests.browser.test_step_panel import fact
from tests.datasets.stored_trees import judge
from tests.factories import JUDGE
from workers.search.events import Maker, StepScored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOADED_MS = 30_000
OTHER = Maker(kind="scorer", key="second-scorer", version="2", revision="f00d")


@pytest.fixture
def played(team: Team) -> PlayedRun:
    """Step 2 is scored 0.25 at event 5 and 0.75 at event 8, by another at event 7, and pruned at event 9."""
    run = PlayedRun(team)
    run.claim()
    run.step(0, "one", 0.5)
    run.step(1, "two", 0.25)
    run.step(1, "three")
    run.take(StepScored, 2, OTHER, 4.5, 70)
    run.take(StepScored, 2, JUDGE, 0.75, 30)
    run.prune(2, "below the top 1")
    return run


@pytest.fixture
def reader(page: Page, server: str, owner: User, played: PlayedRun) -> Page:
    visit.sign_in(page, server, owner)
    return page


def read(page: Page, played: PlayedRun, step: int, query: str = "") -> None:
    """Open the run at a step, and wait until the step is there."""
    page.goto(f"/t/demo/runs/{played.run.pk}/steps/{step}/{query}")
    expect(page.locator(".step-head strong")).to_have_text(f"Step {step}", timeout=LOADED_MS)


def reload(page: Page) -> None:
    page.reload()
    expect(page.locator(".step-head strong")).to_be_visible(timeout=LOADED_MS)


def test_at_a_cursor_the_panel_says_what_was_known_then_and_at_none_what_is_known_now(
    reader: Page, played: PlayedRun
) -> None:
    panel = reader.locator("[data-part=step]")
    read(reader, played, 2, "?at=6")
    expect(panel.locator(".step-head")).to_contain_text("as of event 6")
    expect(fact(panel, "factory-scorer")).to_have_text("0.250 event 5")
    expect(fact(panel, "second-scorer 2")).to_have_text("not given yet; the first comes at event 7")
    expect(panel.locator(".step-why")).to_have_text("Not pruned yet; that is event 9")
    expect(reader.locator("#step-2 .branch-value")).to_have_text("0.25")
    read(reader, played, 2, "?at=3")
    expect(panel.locator(".step-head")).to_contain_text("as of event 3: not born yet")
    expect(panel.locator("[data-section=siblings] .sibling .number").first).to_have_text("not yet")
    read(reader, played, 2)
    expect(fact(panel, "factory-scorer")).to_contain_text("before 0.250 at event 5")
    expect(panel.locator(".step-why")).to_have_text("Pruned at event 9: below the top 1")
    expect(fact(panel, "spent by its birth")).to_contain_text("2 steps")


def test_any_scorer_colours_the_steps_and_the_legend_says_whose_numbers_they_are(
    reader: Page, played: PlayedRun
) -> None:
    read(reader, played, 2)
    menu, legend = reader.locator("[data-part=colour]"), reader.locator("[data-part=legend]")
    expect(menu.locator("optgroup")).to_have_count(4)
    expect(menu.locator("optgroup").nth(1)).to_have_attribute("label", "Scores of second-scorer")
    menu.select_option(label="second-scorer 2")
    expect(legend).to_contain_text("score by second-scorer 2 (f00d)")
    expect(reader.locator("#step-2 .branch-value")).to_have_text("4.50")
    expect(reader.locator("#step-1 .branch-value")).to_have_text("")
    reload(reader)
    expect(reader.locator("#step-2 .branch-value")).to_have_text("4.50")
    menu.select_option("origin")
    expect(legend).to_contain_text(re.compile("G.?generated"))
    expect(reader.locator("#step-2 .branch-value")).to_have_text("G")


def test_scores_have_other_colours_for_who_wants_them_and_keep_them(reader: Page, played: PlayedRun) -> None:
    read(reader, played, 2)
    swatch = reader.locator("#step-1 .branch-swatch")
    expect(swatch).to_have_css("background-color", "rgb(213, 215, 218)")
    second = reader.locator("#step-2 .branch-swatch")
    before = second.evaluate("element => element.style.background")
    reader.get_by_role("button", name="Other colours for scores").click()
    expect(second).not_to_have_attribute("style", f"background: {before};")
    reload(reader)
    expect(second).to_be_visible()
    assert second.evaluate("element => element.style.background") != before


def test_the_history_of_labels_says_what_was_replaced(reader: Page, played: PlayedRun, team: Team, owner: User) -> None:
    labeller = labeller_of(team, owner)
    for verdict in ("bad", "good"):
        judge(played.run, labeller, {2: verdict})
    read(reader, played, 2)
    reader.get_by_text("History of its labels").click()
    rows = reader.locator(".label-history li")
    expect(rows).to_have_text([re.compile("bad by owner.*replaced since"), re.compile("good by owner")])
    reader.keyboard.press("k")
    expect(reader.locator(".label-history")).to_contain_text("Nobody has labelled it yet.")


def test_the_plot_selects_by_key_says_its_numbers_and_hides_scores(reader: Page, played: PlayedRun) -> None:
    read(reader, played, 1)
    slider = reader.get_by_role("slider", name="Step of the branch")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("step 1, 1 of 2, factory-scorer 0.50"))
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("step 2, 2 of 2, factory-scorer 0.75"))
    expect(slider).to_be_focused()
    expect(reader.locator(".step-head strong")).to_have_text("Step 2")
    expect(reader.get_by_role("table", name="Numbers along the branch").locator("td")).to_have_text(["0.50", "0.75"])
    assert faults(reader) == []
    reader.keyboard.press("s")
    expect(reader.locator("[data-part=plot]")).to_be_hidden()
