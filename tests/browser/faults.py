"""What axe finds on a page; it asserts nothing by itself."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})
OF_ANY_WEIGHT = SERIOUS | {"moderate", "minor"}
# What the colours of a theme decide, the one thing the other theme may break.
CONTRAST: dict[str, Any] = {"runOnly": ["color-contrast"]}
# Nobody reads what holds, and no rule that runs looks into the style sheets, which axe would fetch anew each time.
QUICK = {"resultTypes": ["violations"], "preload": False}
RUN = "async ([within, options]) => (await axe.run(within ?? document, options)).violations"


def faults(
    page: Page,
    options: dict[str, Any] | None = None,
    within: str | None = None,
    *,
    impacts: frozenset[str] = SERIOUS,
) -> list[str]:
    """The serious findings of the page, or of the part that a selector names, as it stands, each with the first element
    it is about."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [within, {**QUICK, **(options or {})}])
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in impacts]
