"""What goes wrong on a page while nobody looks is noticed, each kind of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import visit
from tests.browser.faults import CONTRAST, faults

pytestmark = pytest.mark.browser

ADD_SCRIPT = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.head.append(script);
}"""
ADD_STYLE = "() => document.body.setAttribute('style', 'color: red')"


@pytest.fixture
def seen(page: Page, page_notices: visit.Notices) -> Iterator[list[str]]:
    """Notices of the sign-in page, wiped at the end because they were meant."""
    page.goto("/sign-in/")
    assert page_notices.seen == []
    yield page_notices.seen
    page_notices.seen.clear()


def test_an_error_in_the_console_is_noticed(page: Page, seen: list[str]) -> None:
    page.evaluate("console.error('the tree fell')")
    assert any("the tree fell" in notice for notice in seen)


def test_an_inline_script_is_refused_and_noticed(page: Page, seen: list[str]) -> None:
    page.evaluate(ADD_SCRIPT)
    page.wait_for_function("true")
    assert page.evaluate("window.ran") is None
    assert any("script-src" in notice for notice in seen)


def test_an_inline_style_is_refused_and_noticed(page: Page, seen: list[str]) -> None:
    page.evaluate(ADD_STYLE)
    page.wait_for_function("true")
    assert any("style-src" in notice for notice in seen)


def test_a_script_error_is_noticed(page: Page, seen: list[str]) -> None:
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('no such step'); }, 0); }")
    assert any("no such step" in notice for notice in seen)


def test_a_failed_answer_is_noticed(page: Page, seen: list[str]) -> None:
    page.evaluate("async () => { await fetch('/static/nothing.js'); }")
    assert any("status 404" in notice for notice in seen)


def test_a_page_that_leads_to_a_foreign_host_is_stopped_and_noticed(page: Page, seen: list[str]) -> None:
    with page.expect_event("requestfailed"):
        page.evaluate("() => { location.href = 'http://127.0.0.2:9/elsewhere'; }")
    assert any("foreign host" in notice for notice in seen)


def test_what_is_hard_to_see_or_has_no_name_is_found(page: Page, seen: list[str]) -> None:
    assert faults(page) == []
    page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["button-name"]
    assert faults(page, CONTRAST) == []
    page.evaluate("() => document.querySelector('main h1').style.setProperty('color', 'rgb(225 225 225)')")
    assert [fault.split(":")[0] for fault in faults(page, CONTRAST)] == ["color-contrast"]
    assert faults(page, within="main form") == []
