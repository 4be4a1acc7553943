"""A form whose answer takes its time says what goes on and for how long; what is sent again meanwhile is done once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Team, User
from apps.labels.models import LabelQueue
from tests.browser import visit
from tests.browser.faults import faults
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# Playwright does nothing on a page that goes elsewhere, so the answers go to a window of their own.
APART = "() => { window.open('about:blank', 'apart'); document.forms.queue.target = 'apart'; }"
BUILD = "**/queues/new/?key=*"


def test_a_queue_that_is_being_built_says_so_and_is_built_once(
    page: Page, server: str, team: Team, owner: User
) -> None:
    make_run_with_tree(team)
    visit.sign_in(page, server, owner)
    page.goto("/t/demo/labelling/queues/new/?name=Made&unit=step")
    said = page.locator("[data-behaviour=sending][data-attached]")
    expect(said).to_have_text("")
    page.evaluate(APART)
    held: list[Route] = []
    page.context.route(BUILD, lambda route: held.append(route))
    for _ in range(2):
        with page.context.expect_event("request", lambda request: "?key=" in request.url):
            page.get_by_role("button", name="Build").click()
        expect(said).to_have_text(re.compile(r"^Building … [1-9]\d* s$"))
        with page.context.expect_event("response", lambda response: "?key=" in response.url) as answer:
            held.pop().continue_()
        assert answer.value.status == 302
    assert faults(page) == []
    assert LabelQueue.objects.count() == 1
