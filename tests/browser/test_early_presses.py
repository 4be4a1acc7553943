"""What is pressed on the tree page before all of it is there: it is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from tests.browser import visit
from tests.browser.hands import OPENED_MS, selected
from tests.browser.judging import stored, wait_until_saved
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Keeps every frame back until the test says `paint()`.
HOLD_FRAMES = """
const [frame, held] = [requestAnimationFrame, []];
window.requestAnimationFrame = (act) => held.push(act);
window.paint = () => {
  window.requestAnimationFrame = frame;
  for (const act of held) frame(act);
};
"""


def test_a_key_acts_though_it_is_pressed_before_the_first_picture_is_painted(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    page.add_init_script(HOLD_FRAMES)
    page.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    expect(selected(page)).to_have_count(1, timeout=OPENED_MS)
    page.keyboard.press("f")
    page.evaluate("paint()")
    expect(page.locator("#fork-form")).to_be_visible(timeout=OPENED_MS)


def test_comments_that_are_opened_before_their_module_has_come_are_there_when_it_has(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    held: list[Route] = []
    page.route("**/tree", lambda route: held.append(route))
    page.goto(f"/t/demo/runs/{run.pk}/steps/2/", wait_until="domcontentloaded")
    page.locator(".comments > summary").click()
    expect(page.locator(".comments[open]")).to_have_count(1)
    for each in held:
        each.continue_()
    page.unroute("**/tree")
    expect(page.get_by_role("textbox", name="Comment on step 2")).to_be_visible(timeout=OPENED_MS)
    expect(page.get_by_text("Nobody has commented on this yet.")).to_be_visible()


def test_who_leaves_before_anything_keeps_their_verdict_is_asked_first(
    page: Page, server: str, team: Team, owner: User
) -> None:
    run = make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    held: list[Route] = []
    page.route("**/net/outbox.js", lambda route: held.append(route))
    page.goto(f"/t/demo/runs/{run.pk}/steps/1/")
    expect(selected(page)).to_have_count(1, timeout=OPENED_MS)
    page.keyboard.press("3")
    expect(page.locator(".label-state")).to_have_text("1 verdict of yours here")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    for each in held:
        each.continue_()
    page.unroute("**/net/outbox.js")
    wait_until_saved(page)
    assert stored(run) == [(1, "good")]
    with page.expect_event("close"):
        page.close(run_before_unload=True)
