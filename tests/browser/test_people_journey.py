"""Invite, join, act by a token, and leave again: two people in two browsers, and a program without one."""

from __future__ import annotations

import json
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Membership, Team, User
from apps.runs.models import Run
from tests.browser import visit
from tests.browser.faults import faults
from tests.factories import make_run_with_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GUEST = "guest@example.org"
PASSWORD = "four words in a row"


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


def look_at(page: Page, name: str) -> None:
    """Take the pictures, and see that nothing is cut off at any width and that no serious fault of access is there."""
    visit.take_pictures(page, name)
    for width, height in visit.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert visit.overflow(page) == 0, width
    assert faults(page) == []


def invited_link(page: Page) -> str:
    """Invite the guest as an annotator by keys alone, and return the link that is shown."""
    page.goto("/t/demo/people/")
    page.get_by_label("E-mail address").fill(GUEST)
    page.keyboard.press("Tab")
    page.keyboard.type("Annotator")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return page.get_by_label("Link of the invitation").input_value()


def test_who_is_invited_joins_by_the_link_and_is_gone_when_removed(
    page: Page, browser: Browser, server: str, owner: User, team: Team, run: Run
) -> None:
    visit.sign_in(page, server, owner)
    link = invited_link(page)
    assert link.startswith(f"{server}/invitations/")
    page.get_by_role("button", name="Copy").click()
    look_at(page, "people-invited")
    with browser.new_context(base_url=server) as context:
        guest = context.new_page()
        notices = visit.watch(guest, server)
        guest.goto(link)
        look_at(guest, "invitation")
        guest.get_by_label("Your name").fill("Guest")
        guest.get_by_label("Password", exact=True).fill(PASSWORD)
        guest.get_by_label("The same password again").fill(PASSWORD)
        guest.get_by_role("button", name="Make an account and join").click()
        expect(guest.get_by_text("Welcome to Demo. Your role is annotator.")).to_be_visible()
        expect(guest.get_by_role("navigation", name="Pages").get_by_role("link", name="People")).to_have_count(0)
        assert notices.seen == []
        notices.expect("40[34]|410")
        guest.goto("/t/demo/people/")
        expect(guest.get_by_role("heading", name="Your role does not allow this")).to_be_visible()
        guest.goto(link)
        expect(guest.get_by_role("heading", name="No invitation is open at this link")).to_be_visible()
        look_at(guest, "invitation-gone")
        page.goto("/t/demo/people/")
        page.get_by_role("link", name="Remove Guest").click()
        look_at(page, "people-remove")
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(page.get_by_text("Guest does not belong to Demo any more. Their labels stay.")).to_be_visible()
        guest.goto(f"/t/demo/runs/{run.pk}/")
        expect(guest.get_by_role("heading", name="Nothing is at this address")).to_be_visible()
    assert not Membership.objects.filter(user__email=GUEST).exists()


def test_a_program_acts_by_a_token_until_it_is_withdrawn(
    page: Page, server: str, owner: User, team: Team, run: Run
) -> None:
    visit.sign_in(page, server, owner)
    page.goto("/t/demo/tokens/")
    page.get_by_label("Name").fill("Nightly")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_label("The token").input_value()
    look_at(page, "tokens-made")

    def asked(path: str, body: object = None) -> int:
        program = HTTPConnection(server.removeprefix("http://"))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        program.request("GET" if body is None else "POST", path, json.dumps(body), headers)
        return program.getresponse().status

    tree, forks = f"/api/t/demo/runs/{run.pk}/tree", f"/api/t/demo/runs/{run.pk}/forks"
    assert (asked(tree), asked(forks, {}), asked(tree.replace("demo", "elsewhere"))) == (200, 403, 404)
    page.goto("/t/demo/tokens/")
    expect(page.get_by_text(token)).to_have_count(0)
    page.get_by_role("link", name="Withdraw Nightly").click()
    page.get_by_role("button", name="Withdraw the token").click()
    expect(page.get_by_text("The token Nightly is withdrawn")).to_be_visible()
    assert asked(tree) == 401
