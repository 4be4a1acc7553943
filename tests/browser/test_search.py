"""Search: inside a tree, by keys and from the address; over the team, and from what was found into its tree."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.services import add_label
from apps.runs.models import Run
from apps.trees.indexing import index_a_round
from tests.browser import visit
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A page of many modules takes its time on a machine that does other things too.
OPENS_MS = 30_000
BRANCHES = [
    [r"Take $\frac{1}{2}$ of the apples", "<b>then</b> it is 100%", "the answer is 7"],
    ["Count apples: مرحبا", "w" * 400],
    ["take two apples", "so 12"],
]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, BRANCHES)


@pytest.fixture
def open_tree(page: Page, server: str, owner: User, run: Run) -> Callable[[str], None]:
    visit.sign_in(page, server, owner)

    def opened(tail: str = "") -> None:
        page.goto(f"/t/demo/runs/{run.pk}/{tail}")
        expect(page.locator("[data-part=step] strong").first).to_be_visible(timeout=OPENS_MS)

    return opened


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Find steps by words")


def count(page: Page) -> Locator:
    return page.locator("[data-part=find-count]")


def test_words_are_found_and_walked_by_keys(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree("steps/2/")
    visit.wait_for_keys(page)
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    field(page).press_sequentially("APPLES")
    expect(count(page)).to_have_text("3 steps")
    expect(page).to_have_url(re.compile(r"/steps/2/\?.*find=APPLES"))
    field(page).press("Enter")
    expect(count(page)).to_have_text("2 of 3")
    expect(page).to_have_url(re.compile(r"/steps/4/"))
    page.locator("[data-part=canvas]").focus()
    page.keyboard.press("n")
    expect(count(page)).to_have_text("3 of 3")
    page.keyboard.press("n")
    expect(count(page)).to_have_text("1 of 3")
    page.keyboard.press("N")
    expect(count(page)).to_have_text("3 of 3")
    page.keyboard.press("Escape")
    expect(count(page)).to_be_empty()
    expect(field(page)).to_have_value("")
    expect(page).not_to_have_url(re.compile("find="))


def test_a_link_brings_its_search_along(page: Page, open_tree: Callable[..., None]) -> None:
    open_tree(r"?find=%5Cfrac%7B1%7D%7B2%7D")
    expect(field(page)).to_have_value(r"\frac{1}{2}")
    expect(count(page)).to_have_text("1 of 1")
    open_tree("?find=7&in=answer&kind=right")
    expect(count(page)).to_have_text("1 step")
    expect(page.locator("[data-part=find-more]")).to_have_attribute("data-on", "")
    open_tree("?find=absent")
    expect(count(page)).to_have_text("no step")
    expect(page.get_by_role("button", name="Next match")).to_be_disabled()


def test_scores_labels_and_events_are_found_without_the_server(
    page: Page, team: Team, owner: User, run: Run, open_tree: Callable[..., None]
) -> None:
    sent = "00000000-0000-0000-0000-000000000001"
    given = {"verdict": "bad", "client_uuid": sent, "scores_in_view": False, "reason": ""}
    add_label(team=team, labeller=labeller_of(team, owner), run=run.pk, number=6, **given)
    open_tree()
    page.route("**/search?*", lambda route: route.abort())
    page.locator("[data-part=find-more]").click()
    page.get_by_label("At least").fill("0.05")
    expect(count(page)).to_have_text("3 steps")
    page.get_by_label("Label", exact=True).select_option("bad")
    expect(count(page)).to_have_text("1 step")
    page.get_by_label("Whose label").select_option("mine")
    expect(count(page)).to_have_text("1 step")
    page.get_by_label("At least").fill("")
    page.get_by_label("Label", exact=True).select_option("")
    page.get_by_label("Step was").select_option("wrong")
    expect(count(page)).to_have_text("2 steps")
    expect(page).to_have_url(re.compile("kind=wrong"))
    page.get_by_role("button", name="Clear the search").click()
    expect(count(page)).to_be_empty()


def test_a_search_that_does_not_reach_the_server_says_so_and_can_be_made_again(
    page: Page, open_tree: Callable[..., None], page_notices: visit.Notices
) -> None:
    page_notices.expect("Failed to load resource|ERR_")
    open_tree()

    def away(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/search?*", away)
    field(page).fill("apples")
    said = page.locator("[data-part=find-said]")
    expect(said).to_contain_text("could not be reached")
    expect(count(page)).to_be_empty()
    page.unroute("**/search?*", away)
    said.get_by_role("button", name="Try again").click()
    expect(count(page)).to_have_text("1 of 3")
    expect(said).to_be_hidden()


def test_from_the_team_one_comes_to_the_step_with_the_same_search(
    page: Page, server: str, owner: User, run: Run
) -> None:
    index_a_round()
    visit.sign_in(page, server, owner)
    page.goto("/t/demo/experiments/")
    visit.wait_for_keys(page)
    page.keyboard.press("g")
    page.keyboard.press("s")
    box = page.get_by_role("searchbox", name="Words in problems and steps")
    expect(box).to_be_focused()
    box.fill("two apples")
    box.press("Enter")
    expect(page.locator("mark")).to_have_text(["two", "apples"])
    assert visit.overflow(page) == 0
    page.get_by_role("link", name="Step 6").click()
    expect(page).to_have_url(re.compile(r"/steps/6/"))
    expect(field(page)).to_have_value("two apples", timeout=OPENS_MS)
    expect(count(page)).to_have_text("1 of 1")


def test_a_narrow_window_keeps_the_search_within_it(page: Page, open_tree: Callable[..., None]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_tree("?find=apples")
    expect(count(page)).to_have_text("1 of 3")
    page.locator("[data-part=find-more]").click()
    expect(page.get_by_label("Words are in")).to_be_in_viewport()
    assert visit.overflow(page) == 0
