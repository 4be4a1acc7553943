"""Somebody else's browser beside the one of a test; it asserts only that nothing went wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import visit


@contextmanager
def another(browser: Browser, address: str, *, expected: str = "") -> Iterator[Page]:
    """A page of another visitor, with cookies of its own, whose server is at `address`.

    expected: pattern of what may go wrong on it. Raises AssertionError for anything else that did.
    """
    size = ViewportSize(width=1440, height=visit.WIDTHS[1440])
    with browser.new_context(base_url=address, viewport=size, locale="en-GB", timezone_id="UTC") as context:
        context.set_default_timeout(15_000)
        page = context.new_page()
        notices = visit.watch(page, address)
        if expected:
            notices.expect(expected)
        yield page
        assert notices.seen == []
