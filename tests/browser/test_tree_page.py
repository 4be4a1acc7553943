"""The tree page in a real browser: labels by key are stored, undone, kept while the server is away; text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from apps.accounts.models import Team, User
from apps.labels.models import Label
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.judging import wait_until_saved
from tests.browser.replaying import Replay
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRANCHES = [
    ["Let $x = 3$.", "<img src=x onerror=alert(1)> and \\(y^2\\)", "It costs $5 and $6.", "so 9"],
    ["Guess.", "so 8"],
]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, BRANCHES)


@pytest.fixture
def open_tree(page: Page, server: str, owner: User, run: Run) -> Callable[[str], None]:
    """Sign in and open the run's page, or what stands below it."""
    visit.sign_in(page, server, owner)

    def opened(tail: str = "") -> None:
        page.goto(f"/t/demo/runs/{run.pk}/{tail}")
        expect(steps_of(page)).not_to_have_count(0)
        expect(page.locator("[data-part=step] strong").first).to_be_visible()

    return opened


def steps_of(page: Page) -> Locator:
    """The steps of the branch in the panel."""
    return page.get_by_role("listbox", name="Branch").get_by_role("option")


def stored(run: Run) -> list[tuple[int, str, bool | None]]:
    rows = Label.objects.filter(run=run).order_by("id")
    return list(rows.values_list("number", "verdict", "scores_in_view"))


def test_each_step_of_a_branch_is_labelled_by_one_key(page: Page, run: Run, open_tree: Callable[..., None]) -> None:
    open_tree()
    for key in "3214":
        page.keyboard.press(key)
    wait_until_saved(page)
    expect(page.locator(".label-state")).to_have_text("4 verdicts of yours here")
    assert stored(run) == [(1, "good", True), (2, "neutral", True), (3, "bad", True), (4, "unsure", True)]
    expect(page).to_have_url(re.compile(r"/steps/4/\?colour=score$"))
    expect(page.locator(".branch-verdict")).to_have_text(["✓", "○", "✕", "?"])


def test_undo_brings_an_earlier_verdict_back_as_it_was_given(
    page: Page, run: Run, open_tree: Callable[..., None]
) -> None:
    open_tree()
    for key in ("3", "k", "s", "1", "u"):
        page.keyboard.press(key)
    expect(page.locator(".label-state")).to_have_text("1 verdict of yours here")
    wait_until_saved(page)
    assert stored(run) == [(1, "good", True), (1, "bad", False), (1, "good", True)]


def test_undo_takes_back_one_verdict_after_the_other(page: Page, run: Run, open_tree: Callable[..., None]) -> None:
    open_tree()
    for key in ("3", "1"):
        page.keyboard.press(key)
    expect(page.locator(".label-state")).to_have_text(re.compile("2 verdicts"))
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(page.locator(".label-state")).to_have_text("No verdict of yours here yet")
    wait_until_saved(page)
    assert [row[:2] for row in stored(run)] == [(1, "good"), (2, "bad"), (2, ""), (1, "")]
    expect(page).to_have_url(re.compile("/steps/1/"))


def test_a_label_says_whether_scores_were_hidden(page: Page, run: Run, open_tree: Callable[..., None]) -> None:
    open_tree()
    expect(page.get_by_text("0.01").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator(".score-bearing:visible")).to_have_count(0)
    page.keyboard.press("3")
    wait_until_saved(page)
    assert stored(run) == [(1, "good", False)]


def test_verdicts_wait_while_the_server_is_away(
    page: Page, run: Run, open_tree: Callable[..., None], page_notices: visit.Notices
) -> None:
    open_tree()
    page_notices.expect(r"status 503|console error .*Failed to load resource")
    away = re.compile(r"/labels$")
    page.route(away, lambda route: refuse(route))
    for key in ("3", "1"):
        page.keyboard.press(key)
    chip = page.locator("[data-part=saved]")
    expect(chip).to_contain_text("Not saved yet (2)")
    assert stored(run) == []
    chip.click()
    # It tries by itself too, and there is nothing to press once it came through: so it is pressed before that.
    with page.expect_request(away):
        page.get_by_role("button", name="Try again").click()
    page.unroute(away)
    wait_until_saved(page)
    assert [row[:2] for row in stored(run)] == [(1, "good"), (2, "bad")]


def refuse(route: Route) -> None:
    if route.request.method == "POST":
        route.fulfill(status=503, content_type="text/plain", body="away")
    else:
        route.continue_()


def test_text_is_text_and_mathematics_is_rendered(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree()
    options = steps_of(page)
    expect(options.nth(1)).to_contain_text("<img src=x onerror=alert(1)>")
    expect(options.nth(0).locator(".katex")).to_have_count(1)
    expect(options.nth(1).locator(".katex")).to_have_count(1)
    expect(options.nth(2)).to_contain_text("It costs $5 and $6.")
    expect(page.locator(".branch img")).to_have_count(0)


def test_a_link_to_a_step_opens_that_step_and_keys_move_from_there(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree("steps/5/")
    selected = page.locator("[role=option][aria-selected=true]")
    expect(selected).to_contain_text("Guess.")
    page.keyboard.press("j")
    expect(selected).to_contain_text("so 8")
    page.keyboard.press("h")
    page.keyboard.press("[")
    expect(selected).to_contain_text("Let")
    expect(page).to_have_url(re.compile("/steps/1/"))


def test_a_click_on_the_picture_selects(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree()
    # What stands around the picture has come, so that it keeps its size.
    Replay(page).ready()
    canvas = page.get_by_role("application")
    box = canvas.bounding_box()
    assert box is not None
    selected = page.locator("[role=option][aria-selected=true]")
    # Fitted, the four columns start 36 px from the left and end 72 px from the right, at most 160 px apart.
    column = min(160, (box["width"] - 108) / 4)
    left = 36 + max(0, (box["width"] - 108 - 4 * column) / 2)
    middle = 36 + (box["height"] - 64) / 2
    canvas.click(position={"x": left + 2 * column, "y": middle + 17})
    expect(selected).to_contain_text("so 8")


def test_the_page_fits_every_width(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree()
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0
        expect(page.get_by_role("button", name="Good")).to_be_in_viewport()


def test_the_panel_follows_the_theme(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree()
    swatch = page.locator(".branch-swatch").first
    colour = "element => getComputedStyle(element).backgroundColor"
    before = swatch.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({colour})(document.querySelector('.branch-swatch')) !== before", arg=before)
    assert swatch.evaluate(colour) != before
