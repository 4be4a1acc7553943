"""Somebody who has a keyboard and no mouse: every press asks whether one still sees where one is."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import visit

# Where the focus is and why it cannot be seen; empty where it can.
UNSEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return "nothing has the focus";
  const name = at.outerHTML.slice(0, 140);
  const box = at.getBoundingClientRect();
  if (!at.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return `not seen: ${name}`;
  const isIn = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  if (!isIn || !box.width || !box.height) return `out of view: ${name}`;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const isMarked = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  return isMarked ? "" : `not marked: ${name}`;
}"""
# What follows from a key may take a frame, in which the browser takes the focus from what has gone; the page then gives
# it on in a timer (run_parts/focus.js), and one that is set later comes later.
FOLLOWED = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
})"""
TABS_MOST = 90
OPENED_MS = 40_000


class Hands:
    """Keys pressed on a page, one after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press each, and find the focus where it can be seen. Raises AssertionError where it was lost."""
        for key in keys:
            self.page.keyboard.press(key)
            self.look(key)

    def look(self, after: str) -> None:
        """Find the focus marked and in view. Raises AssertionError, which says after what it was not."""
        self.page.wait_for_load_state()
        self.page.evaluate(FOLLOWED)
        unseen = self.page.evaluate(UNSEEN)
        assert unseen == "", f"after {after!r}: {unseen}"

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)

    def go_to(self, place: Locator, *, by: str = "Tab") -> None:
        """Press Tab until the place has the focus. Raises AssertionError where it never has."""
        expect(place).to_be_visible()
        for _ in range(TABS_MOST):
            if place.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press(by)
            # Past its last place a page hands the focus to the browser, and the next Tab comes back.
            if not self.page.evaluate("() => document.activeElement === document.body"):
                self.look(by)
        raise AssertionError(f"Tab does not come to {place}.")

    def leave_for(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)


def selected(page: Page) -> Locator:
    """The step of the branch that is selected."""
    return page.locator("[data-part=branch] [aria-selected=true]")


def opened(page: Page) -> None:
    """Wait until the tree page shows a step and all keys act: its own, and those of every page."""
    visit.wait_for_keys(page)
    expect(selected(page)).to_have_count(1, timeout=OPENED_MS)
    expect(page.locator("[data-part=replay][data-state=ready]")).to_have_count(1, timeout=OPENED_MS)
