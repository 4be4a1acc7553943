"""A real Chromium in front of the real web server; a page that complains in its console fails its test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium, visit
from tests.browser.serving import serving


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Address of the web server, without a slash at its end."""
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the tests of one file.

    Playwright keeps an event loop in this thread while it is open, which Django takes for asynchronous code; so it is
    open for one file, and Django is told, for as long, that nothing here runs beside anything else.
    """
    path = chromium.present()
    if path is None:
        pytest.fail("Found no Chromium: run 'python -m tests.browser.chromium', which gets one or says how.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            launched = playwright.chromium.launch(executable_path=path, args=chromium.flags(), headless=True)
            yield launched
            launched.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page of a fresh visitor at 1440 × 900.

    A test that writes rows for it says `django_db(transaction=True)`: the server sees only what is committed.
    """
    context = browser.new_context(
        base_url=server,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="UTC",
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_notices(page: Page, server: str) -> visit.Notices:
    """What goes wrong on the page; a test that means it to says `page_notices.expect(pattern)`."""
    return visit.watch(page, server)


@pytest.fixture(autouse=True)
def quiet_page(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a page whose console, answers or requests were not as they should be."""
    notices = request.getfixturevalue("page_notices") if "page" in request.fixturenames else None
    yield
    assert notices is None or notices.seen == []
