"""The picture of a tree in a real browser: zoom, pan, fold, filters, map; the address keeps what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.large import make_large_run
from tests.browser.replaying import Replay
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Steps 1 to 4 are the first branch, chosen and right, 5 to 7 the second and 8 the third.
BRANCHES = [["one", "two", "three", "so 9"], ["guess", "again", "so 8"], ["so 7"]]
PICTURE = "() => document.querySelector('.tree-canvas canvas').toDataURL()"


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, BRANCHES)


@pytest.fixture
def open_run(page: Page, server: str, owner: User) -> Callable[..., None]:
    """Sign in and open a run's page, or what stands below it, until the branch is there."""
    visit.sign_in(page, server, owner)

    def opened(run: Run, tail: str = "") -> None:
        page.goto(f"/t/demo/runs/{run.pk}/{tail}")
        expect(page.get_by_role("listbox", name="Branch").get_by_role("option")).not_to_have_count(0, timeout=30_000)

    return opened


def canvas(page: Page) -> Locator:
    """The picture."""
    return page.get_by_role("application")


def shown(page: Page) -> Locator:
    """The words that say how much of the tree is in the picture."""
    return page.locator("[data-part=shown]")


def selected_step(page: Page) -> Locator:
    """The selected step of the branch."""
    return page.get_by_role("listbox", name="Branch").get_by_role("option", selected=True)


def changes(page: Page, act: Callable[[], object]) -> None:
    """Do something that must change the picture, and wait until it has."""
    before = page.evaluate(PICTURE)
    act()
    page.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)


def view(page: Page) -> Locator:
    """The menu of what is shown, opened."""
    menu = page.locator("details.run-view")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return menu


def test_wheel_drag_arrows_and_fit_move_the_picture(page: Page, run: Run, open_run: Callable[..., None]) -> None:
    open_run(run)
    canvas(page).hover()
    changes(page, lambda: page.mouse.wheel(0, 400))
    changes(page, lambda: (page.mouse.down(), page.mouse.move(300, 300), page.mouse.up()))
    canvas(page).focus()
    changes(page, lambda: page.keyboard.press("ArrowLeft"))
    changes(page, lambda: page.keyboard.press("z"))
    expect(page.locator(".minimap")).to_be_hidden()


def test_a_step_is_folded_and_unfolded_by_key_and_by_two_clicks(
    page: Page, run: Run, open_run: Callable[..., None]
) -> None:
    open_run(run, "steps/1/")
    expect(shown(page)).to_have_text("")
    page.keyboard.press("e")
    expect(shown(page)).to_have_text("5 of 8 steps shown")
    expect(page).to_have_url(re.compile("collapsed=1(&|$)"))
    page.reload()
    expect(shown(page)).to_have_text("5 of 8 steps shown")
    page.keyboard.press("E")
    expect(shown(page)).to_have_text("")
    # What stands around the picture has come, so that it keeps its size.
    Replay(page).ready()
    box = canvas(page).bounding_box()
    assert box is not None
    # Fitted, five columns start 36 px from the left, 160 px apart at most; the second branch is in the middle row.
    column = min(160, (box["width"] - 108) / 4)
    left = 36 + max(0, (box["width"] - 108 - 4 * column) / 2)
    canvas(page).dblclick(position={"x": left + column, "y": 36 + (box["height"] - 64) / 2})
    expect(shown(page)).to_have_text("6 of 8 steps shown")


def test_going_below_a_folded_step_unfolds_it(page: Page, run: Run, open_run: Callable[..., None]) -> None:
    open_run(run, "steps/1/")
    page.keyboard.press("e")
    expect(shown(page)).to_have_text("5 of 8 steps shown")
    page.keyboard.press("j")
    expect(selected_step(page)).to_contain_text("two")
    expect(shown(page)).to_have_text("")


def test_only_the_chosen_branch_and_only_right_ones_are_in_the_address(
    page: Page, run: Run, open_run: Callable[..., None]
) -> None:
    open_run(run)
    view(page).get_by_label("Branches").select_option("right")
    expect(shown(page)).to_have_text("4 of 8 steps shown")
    expect(page).to_have_url(re.compile("only=right"))
    page.reload()
    expect(shown(page)).to_have_text("4 of 8 steps shown")
    page.get_by_role("button", name="Show all").click()
    expect(shown(page)).to_have_text("")
    expect(page).not_to_have_url(re.compile("only="))


def test_a_selected_step_is_shown_although_the_filter_hides_it(
    page: Page, run: Run, open_run: Callable[..., None]
) -> None:
    open_run(run, "steps/6/?only=chosen")
    expect(shown(page)).to_have_text("6 of 8 steps shown · step 6 although the filter hides it")
    page.keyboard.press("[")
    page.get_by_role("button", name="Show all").click()
    expect(shown(page)).to_have_text("")


def test_all_is_folded_below_a_depth_and_the_size_is_kept(page: Page, run: Run, open_run: Callable[..., None]) -> None:
    open_run(run)
    view(page).get_by_label("Collapse below depth").fill("2")
    view(page).get_by_role("button", name="Collapse", exact=True).click()
    expect(shown(page)).to_have_text("5 of 8 steps shown")
    changes(page, lambda: view(page).get_by_label("Size by").select_option("tokens"))
    expect(page).to_have_url(re.compile("collapsed=below-2"))
    expect(page).to_have_url(re.compile("size=tokens"))
    page.reload()
    expect(shown(page)).to_have_text("5 of 8 steps shown")


def test_the_map_is_there_while_not_all_is_in_view(page: Page, run: Run, open_run: Callable[..., None]) -> None:
    open_run(run)
    small = page.locator(".minimap")
    expect(small).to_be_hidden()
    canvas(page).hover()
    page.mouse.wheel(0, -3000)
    page.get_by_role("button", name="Pan left").click()
    for _ in range(6):
        page.get_by_role("button", name="Pan up").click()
    expect(small).to_be_visible()
    changes(page, lambda: small.click(position={"x": 20, "y": 20}))
    view(page).get_by_label("Map in the corner").uncheck()
    expect(small).to_be_hidden()
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name="Pan right").click()
    page.get_by_role("button", name="Pan right").click()
    expect(small).to_be_hidden()


def test_a_tree_of_a_hundred_thousand_steps_opens_and_answers(
    page: Page, team: Team, open_run: Callable[..., None]
) -> None:
    page.set_default_timeout(60_000)
    open_run(make_large_run(team, 100_000))
    selected = selected_step(page)
    page.keyboard.press("j")
    expect(selected).to_contain_text("step ")
    canvas(page).hover()
    changes(page, lambda: page.mouse.wheel(0, -600))
    expect(page.locator(".minimap")).to_be_visible()
    page.keyboard.press("p")
    expect(shown(page)).to_contain_text("of 100,000 steps shown")
    page.keyboard.press("p")
    page.keyboard.press("e")
    expect(shown(page)).to_contain_text(re.compile(r"\d+ of 100,000 steps shown"))
    page.keyboard.press("E")
    expect(shown(page)).to_have_text("")
