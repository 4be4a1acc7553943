"""Every page there is, at two widths, light and dark: nothing serious is found by axe, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Page

from tests.attacks.hostile import poison
from tests.attacks.world import World, build
from tests.browser import visit
from tests.browser.faults import CONTRAST, faults
from tests.browser.test_hostile_everywhere import WORDS
from tests.browser.world import enter, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = (
    "Antidisestablishmentarianism" * 12,
    "שלום עולם, זהו טקסט שנכתב מימין לשמאל، عربي ١٢٣ with some 12.5 English in it. " * 4,
    "x",
)
REFUSED = ("/t/ours/experiments/987654321/", "/t/nowhere/experiments/")


@pytest.fixture
def world() -> World:
    return build()


def walked(page: Page, server: str, world: World) -> Iterator[str]:
    """Open every page of the owner, then every one of somebody who has not signed in; gives each address once open."""
    for name in ("owner", "nobody"):
        page.context.clear_cookies()
        person = world.people[name]
        enter(page.context, server, person)
        for address in [*pages_of(world, person), *REFUSED]:
            page.goto(address)
            page.wait_for_load_state("load")
            yield f"{address} as {name}"


def test_no_page_has_a_serious_finding_at_any_width_in_light_or_dark(
    page: Page, server: str, world: World, page_notices: visit.Notices
) -> None:
    page_notices.expect("404")
    seen: list[str] = []
    count = 0
    for where in walked(page, server, world):
        count += 1
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            seen += [f"{where} at {width}, light: {fault}" for fault in faults(page)]
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            seen += [f"{where} at {width}, dark: {fault}" for fault in faults(page, CONTRAST)]
    assert seen == []
    assert count > 30


def test_nothing_is_cut_off_whatever_the_length_and_direction_of_its_words(
    page: Page, server: str, world: World, page_notices: visit.Notices
) -> None:
    page_notices.expect("404")
    poison(cycle(LONG), WORDS)
    seen = []
    for where in walked(page, server, world):
        for width in (1024, 390):
            page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
            if over := visit.overflow(page):
                seen.append(f"{where} at {width} is {over} px too wide")
    assert seen == []
