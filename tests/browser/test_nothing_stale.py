"""Nothing shown is of something else: another step, a comment that was sent, a tree before its scores or choice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Role, Team, User
from tests.browser import visit
from tests.browser.playing import PlayedRun
from tests.people import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOADED_MS = 40_000
# The colour of a score of 0, which is neither that of the branch shown nor of a step without a score.
REDS = """(canvases) => canvases.reduce((found, canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 200 && data[at] - data[at + 1] > 90 && data[at] - data[at + 2] > 90) found++;
  return found;
}, 0)"""


@pytest.fixture
def played(team: Team) -> PlayedRun:
    run = PlayedRun(team)
    run.claim()
    first = run.step(0, "The first.", 0.5)
    run.step(first, "The second.", 0.25)
    run.step(first, "The third.", 0.75)
    return run


def opened(page: Page, server: str, owner: User, address: str) -> None:
    visit.sign_in(page, server, owner)
    page.goto(address)
    expect(page.locator("[data-part=branch] [aria-selected=true]")).to_have_count(1, timeout=LOADED_MS)


def test_a_step_that_does_not_come_shows_nothing_of_another_and_comes_by_itself(
    page: Page, server: str, owner: User, played: PlayedRun, page_notices: visit.Notices
) -> None:
    page_notices.expect("ERR_INTERNET_DISCONNECTED|WebSocket")
    other = played.step(0, "The fourth.", 0.5)
    below = played.step(other, "The fifth.", 0.5)
    played.finish(below, "1")
    opened(page, server, owner, f"/t/demo/runs/{played.run.pk}/steps/2/")
    panel, branch = page.locator("[data-part=step]"), page.locator("[data-part=branch]")
    expect(panel.locator(".step-head")).to_contain_text("Step 2")
    visit.wait_for_features(page)
    page.context.set_offline(True)
    page.evaluate("document.querySelector('[data-part=canvas]').focus()")
    page.keyboard.press("k")
    page.keyboard.press("]")
    page.keyboard.press("l")
    expect(panel).to_contain_text(f"Step {below} is selected, and its text did not come.")
    expect(panel).not_to_contain_text("depth")
    expect(branch).not_to_contain_text("The first.")
    page.context.set_offline(False)
    expect(panel.locator(".step-head")).to_contain_text(f"Step {below}", timeout=LOADED_MS)
    expect(branch).to_contain_text("The fifth.")
    expect(page.locator("[data-part=failure]")).to_be_hidden()


def test_the_list_of_members_goes_with_the_comment_that_was_sent(
    page: Page, server: str, team: Team, owner: User, played: PlayedRun
) -> None:
    User.objects.filter(pk=make_member(team, "ada@example.org", Role.REVIEWER).pk).update(name="Ada Lovelace")
    opened(page, server, owner, f"/t/demo/runs/{played.run.pk}/steps/2/")
    page.keyboard.press("c")
    field = page.get_by_role("textbox", name="Comment on step 2")
    field.press_sequentially("right, @ada")
    expect(page.get_by_role("option", name="Ada Lovelace")).to_be_visible()
    field.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("right, @ada")
    expect(field).to_have_value("")
    expect(page.locator(".mention-option")).to_have_count(0)


def test_a_run_that_had_no_score_when_it_was_opened_beside_another_is_coloured_once_it_has(
    page: Page, server: str, owner: User, team: Team, played: PlayedRun, page_notices: visit.Notices
) -> None:
    page_notices.expect("willReadFrequently")  # said of this test's own reading
    grows = PlayedRun(team)
    grows.claim()
    first = grows.step(0, "Not scored yet.")
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{played.run.pk}/beside/{grows.run.pk}/")
    expect(page.locator(".pair-right")).to_have_count(1, timeout=LOADED_MS)
    picture = page.locator("[data-part=right] canvas")
    assert picture.evaluate_all(REDS) == 0
    grows.step(first, "Scored.", 0.0)
    expect(page.locator(".pair-right").nth(1)).to_contain_text("Scored.", timeout=LOADED_MS)
    page.wait_for_function(f"() => ({REDS})([...document.querySelectorAll('[data-part=right] canvas')]) > 0")


def test_the_outline_stars_no_branch_before_the_event_that_chose_it(
    page: Page, server: str, owner: User, played: PlayedRun
) -> None:
    played.finish(3, "1")
    address = f"/t/demo/runs/{played.run.pk}/?view=outline"
    opened(page, server, owner, address)
    stars = page.get_by_role("img", name="on the chosen branch")
    expect(stars).to_have_count(2)
    page.goto(f"{address}&at={played.seq - 3}")
    expect(page.get_by_role("treeitem")).to_have_count(3, timeout=LOADED_MS)
    expect(stars).to_have_count(0)
