"""The labelling page on a telephone: how much of the window is the task, and that nothing is lost for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Guideline
from tests.browser import visit
from tests.browser.faults import CONTRAST, faults
from tests.browser.labelling import TEN_STEPS, a_queue, begin, rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How much of the window lies between what stands above the task and what stands below it.
LEFT = """() => {
  const strip = document.querySelector("[data-part=strip]").getBoundingClientRect();
  const foot = document.querySelector("[data-part=foot]").getBoundingClientRect();
  return (Math.min(foot.top, innerHeight) - Math.max(strip.bottom, 0)) / innerHeight;
}"""
# Buttons of strip and foot that are too small to be hit.
SMALL = """() => [...document.querySelectorAll(".label-strip button, .label-foot button")]
  .filter((one) => one.checkVisibility())
  .filter((one) => { const { width, height } = one.getBoundingClientRect(); return width < 24 || height < 24; })
  .map((one) => one.textContent)"""


@pytest.mark.parametrize("height", [700, 844])
@pytest.mark.parametrize("mode", ["every-step", "phase-one"])
def test_two_thirds_of_a_narrow_window_are_the_task(
    page: Page, server: str, team: Team, colleague: User, height: int, mode: str
) -> None:
    guideline = Guideline.objects.create(team=team, name="How to judge")
    version = guideline.versions.create(number=1, text="Judge each step by itself.")
    version.readings.create(user=colleague)
    queue = a_queue(team, mode=mode, guideline=guideline, name="Convincing wrong answers of small models, round 3")
    page.set_viewport_size({"width": 390, "height": height})
    visit.PICTURES.mkdir(parents=True, exist_ok=True)
    begin(page, server, colleague, queue)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=visit.PICTURES / f"labelling-narrow-{mode}-{height}-{scheme}.png")
    assert (page.evaluate(LEFT) >= 2 / 3, visit.overflow(page)) == (True, 0)
    page.evaluate("scrollTo(0, 400)")
    assert page.evaluate(LEFT) >= 2 / 3
    assert page.evaluate(SMALL) == []
    for name in ("Undo", "Flag", "Critique", "Own step", "Skip", "Give up", "Bad problem"):
        way = page.locator(".label-ways").get_by_role("button", name=name)
        way.scroll_into_view_if_needed()
        expect(way).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("button", name="Submit and next")).to_be_in_viewport(ratio=1)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, CONTRAST) == []


def test_the_pace_and_what_is_missing_leave_two_thirds_to_the_task(
    page: Page, server: str, team: Team, colleague: User
) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    begin(page, server, colleague, a_queue(team, [TEN_STEPS[:2], TEN_STEPS]))
    for key in ("3", "3", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-part=progress]")).to_contain_text("s a step")
    expect(rows(page)).to_have_count(10)
    page.screenshot(path=visit.PICTURES / "labelling-narrow-pace-light.png")
    assert page.evaluate(LEFT) >= 2 / 3
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator("[data-part=foot-said]")).to_have_text("10 rows still to be judged.")
    expect(page.locator("[data-part=foot-said]")).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, 400)")
    page.screenshot(path=visit.PICTURES / "labelling-narrow-scrolled-light.png")
    assert (page.evaluate(LEFT) >= 2 / 3, visit.overflow(page)) == (True, 0)
