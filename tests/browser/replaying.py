"""The replay of a tree page as a reader sees it: where it stands, what it lists; it asserts nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# A machine under load brings a page's fifty modules one after the other.
PATIENCE_MS = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate of a decision, as it is printed; empty where the table has no such column."""

    step: int
    score: str
    branch: str
    visits: str
    value: str
    fate: str


class Replay:
    """The bar below a tree, once the events of its run are there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.words = page.locator("[data-part=replay-words]")
        self.why = page.locator("[data-part=replay-why]")
        self.cost = page.locator("[data-part=replay-cost]")
        self.slider = page.get_by_role("slider", name="Decision")
        self.now = page.get_by_role("button", name="Now", exact=True)
        self.table = page.get_by_role("region", name="Candidates of the decision")

    def ready(self) -> Replay:
        """Wait until the events are there."""
        expect(self.page.locator("[data-part=replay][data-state=ready]")).to_have_count(1, timeout=PATIENCE_MS)
        return self

    def at(self, words: str | re.Pattern[str]) -> Replay:
        """Wait until the bar says that."""
        expect(self.words).to_have_text(words)
        return self

    def back(self) -> None:
        """Go to the decision before by key, and wait until the bar stands there; there must be one."""
        stood = self.slider.input_value()
        assert stood != "0", "the bar is at the beginning"
        self.page.keyboard.press(",")
        expect(self.slider).not_to_have_value(stood)

    def moment(self) -> int | None:
        """The event in the address, None for now; asked of the page, as Playwright hears of it only later."""
        found = re.search(r"[?&]at=(\d+)", self.page.evaluate("location.href"))
        return int(found[1]) if found else None

    def rows(self) -> list[Row]:
        """The candidates, once all has come that says more of them or puts them in another order."""
        expect(self.table).not_to_have_attribute("aria-busy", "true")
        expect(self.table.locator(".skeleton")).to_have_count(0)
        heads = [head.lower() for head in self.table.locator("thead th").all_inner_texts()]
        return [self._row(row, heads) for row in self.table.locator("tbody tr").all()]

    def _row(self, row: Locator, heads: list[str]) -> Row:
        cells = dict(zip(heads, row.locator("td").all_inner_texts(), strict=True))
        branch = next((cells[head] for head in heads if head.endswith(" of branch")), "")
        return Row(
            step=int(cells["step"].replace(",", "")),
            score=cells.get("score", ""),
            branch=branch,
            visits=cells.get("visits", ""),
            value=cells.get("value", ""),
            fate=cells["what became of it"].strip(),
        )


def printed(value: float) -> str:
    """A number as the pages print it, with three digits."""
    return f"{value:.3f}".replace("-", "−")
