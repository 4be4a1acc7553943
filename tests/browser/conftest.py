"""A real Chromium in front of the real web server; a page that complains in its console fails its test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from apps.accounts.models import Team, User
from tests.browser import chromium, visit
from tests.browser.ending import emptied_beside_readers, end_what_nobody_waits_for
from tests.browser.judging import Judged, LabellingPage, TreePage
from tests.browser.serving import serving

# Long beside what a page takes: several browsers share the processors here, and a test says what comes, not how soon.
WAITS_MS = 20_000


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Address of the web server, without a slash at its end."""
    with serving() as address, emptied_beside_readers():
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
    expect.set_options(timeout=WAITS_MS)
    try:
        with sync_playwright() as playwright:
            launched = playwright.chromium.launch(executable_path=path, args=chromium.flags(), headless=True)
            yield launched
            launched.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        # Beside a running loop Django has had another connection. The one that waited here may have ended with the
        # database meanwhile.
        connections.close_all()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
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
    context.set_default_timeout(WAITS_MS)
    yield context.new_page()
    context.close()
    if request.node.get_closest_marker("django_db"):
        end_what_nobody_waits_for()


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


@pytest.fixture(params=[TreePage, LabellingPage], ids=["tree", "labelling"])
def judged(request: pytest.FixtureRequest, page: Page, server: str, team: Team, owner: User) -> Judged:
    """One of the two pages, open before the owner."""
    made: Judged = request.param(team)
    visit.sign_in(page, server, owner)
    made.open(page)
    return made
