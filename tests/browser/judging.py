"""The two pages on which one person judges the steps of one run, by the same keys; it asserts only that they open."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Team
from apps.labels.models import Label
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.labelling import a_queue_over, address_of
from tests.factories import make_run_with_tree

VERDICTS = {"1": "bad", "2": "neutral", "3": "good", "4": "unsure"}
# Longer than an outbox waits before it tries again, which is 30 s at most.
SLOW_MS = 60_000


class Judged(Protocol):
    """One of the two pages, with a run of 35 steps on it."""

    run: Run

    def open(self, tab: Page) -> None:
        """Come to the page, ready for keys."""

    def shows(self, tab: Page, count: int) -> None:
        """Wait until the page shows so many verdicts of its reader's."""


class TreePage:
    """The page of the run itself."""

    def __init__(self, team: Team) -> None:
        self.run = thirty_five_steps(team)

    def open(self, tab: Page) -> None:
        tab.goto(f"/t/demo/runs/{self.run.pk}/steps/1/")
        expect(tab.locator("[data-part=step] strong").first).to_be_visible(timeout=SLOW_MS)
        expect(chip(tab)).to_be_visible(timeout=SLOW_MS)
        # One that misses a module loads itself anew once it is online, in the middle of whatever a test does then.
        visit.wait_for_features(tab)

    def shows(self, tab: Page, count: int) -> None:
        words = f"{count} verdicts of yours here" if count else "No verdict of yours here yet"
        expect(tab.locator(".label-state")).to_have_text(words, timeout=SLOW_MS)


class LabellingPage:
    """The page of a queue in which the run is one task, for two people."""

    def __init__(self, team: Team) -> None:
        self.run = thirty_five_steps(team)
        self.queue = a_queue_over(self.run, 35, wanted=2)

    def open(self, tab: Page) -> None:
        tab.goto(address_of(self.queue))
        expect(tab.locator(".label-row[aria-current=true]")).to_be_focused(timeout=SLOW_MS)
        expect(chip(tab)).to_be_visible(timeout=SLOW_MS)

    def shows(self, tab: Page, count: int) -> None:
        expect(tab.locator(".label-row:not([data-verdict=none])")).to_have_count(count, timeout=SLOW_MS)


def thirty_five_steps(team: Team) -> Run:
    """A run of one branch."""
    return make_run_with_tree(team, [[f"Step {number}." for number in range(1, 36)]])


def chip(page: Page) -> Locator:
    """What says whether all is saved."""
    return page.locator("[data-part=saved]")


def wait_until_saved(page: Page) -> None:
    """Until the chip says nothing but that; an outbox waits up to 30 s before it tries again.

    What is only spoken leaves out that the last verdict is on its way.
    """
    expect(chip(page)).to_have_text("✓Saved", timeout=SLOW_MS)


def stored(run: Run) -> list[tuple[int, str]]:
    """Every label of the run as step and verdict, in the order of coming."""
    return list(Label.objects.filter(run=run).order_by("id").values_list("number", "verdict"))


def judge(page: Page, keys: str) -> list[tuple[int, str]]:
    """Judge one step after the other by these keys, from step 1 on; what should be stored of that."""
    for key in keys:
        page.keyboard.press(key)
    return [(number, VERDICTS[key]) for number, key in enumerate(keys, start=1)]
