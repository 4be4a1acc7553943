"""The tree page with each of its panels open, wide and narrow, light and dark: axe finds nothing serious anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.discussions.services import open_thread
from apps.labels.services import add_label
from apps.runs.models import Run, Step
from apps.trees.indexing import index_a_round
from tests.browser import visit
from tests.browser.faults import faults
from tests.browser.hands import OPENED_MS, opened
from tests.runs.forking import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 390)
SCHEMES: tuple[visit.Scheme, ...] = ("light", "dark")


@pytest.fixture
def run(team: Team, owner: User) -> Run:
    """A beam search of which a step is judged and talked about."""
    run = played(team)
    given = {"verdict": "good", "client_uuid": str(uuid4()), "scores_in_view": True, "reason": "It is."}
    add_label(team=team, labeller=labeller_of(team, owner), run=run.pk, number=1, **given)
    open_thread(team=team, by=owner, kind="step", key=f"{run.pk}:1", text="Is $x$ @owner?", client_uuid=uuid4())
    index_a_round()
    return run


@contextmanager
def menu(page: Page, name: str) -> Iterator[None]:
    """The menu of the strip, open."""
    summary = page.locator(f"{name} > summary")
    summary.click()
    yield
    summary.click()


@contextmanager
def pressed(page: Page, key: str, shows: str, back: str) -> Iterator[None]:
    """What a key shows, and the key that takes it away again."""
    page.keyboard.press(key)
    expect(page.locator(shows).first).to_be_visible(timeout=OPENED_MS)
    yield
    page.keyboard.press(back)


def states(page: Page) -> Iterator[str]:
    """Bring the tree page into each of its states, and tell in which part of it something has come."""
    for name in (".run-view", ".find-menu", ".run-share", ".run-tools .menu:has([data-part=why-lost])"):
        with menu(page, name):
            yield name
    ways = {
        ".comments": ("c", ".comment", "Escape"),
        "[data-part=fork-dialog]": ("f", "#fork-form", "Escape"),
        "dialog:has(.palette-option)": ("Control+k", ".palette-option", "Escape"),
        "[data-part=keys]": ("?", "[data-part=keys][open]", "Escape"),
        ".run-picture": ("o", ".outline [role=treeitem]", "o"),
        ".replay": (",", ".replay-table tbody tr", "."),
    }
    for name, way in ways.items():
        with pressed(page, *way):
            yield name
    page.keyboard.press("s")
    yield ".run-panel"
    yield ".picture-foot"
    page.keyboard.press("s")


def seen(page: Page, where: str, within: str = "body") -> list[str]:
    """What axe finds in a part of the page at each width in each theme; the page is left wide and light."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            told = f"{where} at {width}, {scheme}"
            found += [f"{told}: {fault}" for fault in faults(page, {"resultTypes": ["violations"]}, within)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1440, "height": visit.WIDTHS[1440]})
    return found


def test_every_panel_of_the_tree_page_is_without_serious_findings(
    page: Page, server: str, owner: User, run: Run
) -> None:
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run.pk}/steps/1/?find=1")
    opened(page)
    found = seen(page, "as it opens")
    for part in states(page):
        found += seen(page, part, part)
    assert found == []


def beside_loaded(page: Page) -> None:
    expect(page.locator(".pair").first).to_be_visible(timeout=OPENED_MS)


def form_shown(page: Page) -> None:
    expect(page.locator("#fork-form")).to_be_visible()


def steps_found(page: Page) -> None:
    expect(page.locator("mark").first).to_be_visible()


def test_the_pages_around_it_are_without_serious_findings(page: Page, server: str, owner: User, run: Run) -> None:
    first = Step.objects.filter(run=run).earliest("number").number
    last = Step.objects.filter(run=run).latest("number").number
    pages: dict[str, Callable[[Page], None]] = {
        f"/t/demo/runs/{run.pk}/beside/{run.pk}/?left={first}&right={last}": beside_loaded,
        f"/t/demo/runs/{run.pk}/fork/?step={first}": form_shown,
        "/t/demo/search/?q=1": steps_found,
    }
    visit.sign_in(page, server, owner)
    found = []
    for address, wait in pages.items():
        page.goto(address)
        wait(page)
        found += seen(page, address)
    assert found == []
