"""What was said on a page that was left goes on from the next one, which says so where that takes its time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.judging import Judged, chip, judge, stored, wait_until_saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CUT = """
const send = window.fetch;
window.fetch = (address, given) => {
  const back = localStorage.getItem("cut-until");
  const isCut = given?.method === "POST" && back && !location.pathname.endsWith(back);
  return isCut ? Promise.reject(new TypeError("no line")) : send(address, given);
};
"""


def judged_without_a_line(page: Page, judged: Judged, until: str) -> list[tuple[int, str]]:
    """Four steps judged; no page sends anything before one whose address ends so.

    What is sent as a page closes no route sees, so the line is cut where it begins.
    """
    page.add_init_script(CUT)
    judged.open(page)
    page.evaluate("(until) => localStorage.setItem('cut-until', until)", until)
    given = judge(page, "3214")
    expect(chip(page)).to_contain_text("Offline (4)")
    return given


def test_what_was_not_sent_goes_on_from_whatever_page_comes_next(page: Page, team: Team, judged: Judged) -> None:
    given = judged_without_a_line(page, judged, until="no page")
    page.goto(f"/t/{team.slug}/datasets/")
    notice = page.locator("[data-behaviour=unsent]")
    expect(notice).to_have_text("What you said on another page: ◌Offline (4)Offline")
    assert faults(page) == []
    visit.take_pictures(page, "unsent")
    assert stored(judged.run) == []
    page.evaluate("localStorage.removeItem('cut-until')")
    wait_until_saved(page)
    assert stored(judged.run) == given
    page.goto(f"/t/{team.slug}/datasets/")
    page.wait_for_load_state("networkidle")
    expect(notice).to_be_hidden()
    expect(chip(page)).to_have_count(0)


def test_of_what_is_sent_within_a_moment_the_next_page_says_nothing(page: Page, team: Team, judged: Judged) -> None:
    given = judged_without_a_line(page, judged, until="/datasets/")
    # From here on no time passes on the page but what is told.
    page.clock.install()
    page.clock.pause_at("2030-01-01")
    page.goto(f"/t/{team.slug}/datasets/")
    wait_until_saved(page)
    assert stored(judged.run) == given
    page.clock.run_for(5_000)
    expect(page.locator("[data-behaviour=unsent]")).to_be_hidden()
