"""The tree page while its line is cut, its reader signed out or sent away, or its run gone: said, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from apps.accounts.models import Membership, Role, Team, User
from apps.runs.services import cancel_experiment, pause_experiment
from tests.browser import visit
from tests.browser.playing import PlayedRun
from tests.people import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFF = r"ERR_INTERNET_DISCONNECTED|WebSocket connection"


@pytest.fixture
def played(team: Team) -> PlayedRun:
    played = PlayedRun(team)
    played.claim()
    played.step(0, "one", 0.5)
    return played


@pytest.fixture
def open_run(page: Page, server: str, played: PlayedRun) -> Callable[[User], None]:
    """Sign the person in and open the run's page until it is live."""

    def opened(person: User) -> None:
        visit.sign_in(page, server, person)
        page.goto(f"/t/demo/runs/{played.run.pk}/")
        expect(line(page)).to_contain_text("live · event 3")
        expect(page.locator(".step-head")).to_be_visible()

    return opened


def line(page: Page) -> Locator:
    """What the page says of its line."""
    return page.locator("[data-part=live]")


def branch(page: Page) -> Locator:
    """The steps of the branch in the panel."""
    return page.get_by_role("listbox", name="Branch").get_by_role("option")


def tree_of(page: Page, steps: int) -> None:
    """Wait until the page shows a tree of so many steps."""
    expect(page.get_by_role("application")).to_have_attribute("aria-label", re.compile(f"Tree of {steps} steps"))


def test_what_came_while_the_reader_was_offline_is_there_when_they_are_back(
    page: Page, played: PlayedRun, owner: User, open_run: Callable[[User], None], page_notices: visit.Notices
) -> None:
    page_notices.expect(OFF)
    open_run(owner)
    visit.wait_for_features(page)
    page.context.set_offline(True)
    expect(line(page)).to_contain_text("offline · last seen at event 3")
    for number in range(1, 40):
        played.step(number, f"step {number + 1}", 0.5)
    played.prune(3, "given up meanwhile")
    page.context.set_offline(False)
    tree_of(page, 40)
    expect(line(page)).to_contain_text("live · event 82")
    page.goto(page.url.split("?")[0] + "steps/3/")
    expect(page.locator(".step-why")).to_contain_text("given up meanwhile")


def test_where_no_socket_can_be_had_the_page_asks_by_itself(
    page: Page, played: PlayedRun, owner: User, server: str, page_notices: visit.Notices
) -> None:
    page_notices.expect(OFF)

    def cut(socket: WebSocketRoute) -> None:
        socket.close(code=1011)

    page.route_web_socket(re.compile("/ws/"), cut)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{played.run.pk}/")
    expect(line(page)).to_contain_text("looks every 5 s")
    played.step(1, "two", 0.5)
    tree_of(page, 2)


def test_who_is_signed_out_meanwhile_keeps_the_page_and_goes_on_after_signing_in(
    page: Page,
    played: PlayedRun,
    owner: User,
    open_run: Callable[[User], None],
    page_notices: visit.Notices,
    server: str,
) -> None:
    page_notices.expect("401|403|" + OFF)
    open_run(owner)
    Session.objects.all().delete()
    played.step(1, "two", 0.5)
    expect(page.get_by_text("Your session has ended.").first).to_be_visible()
    link = page.get_by_role("link", name="Sign in", exact=True)
    expect(link).to_have_attribute("href", re.compile(rf"/sign-in/\?next=%2Ft%2Fdemo%2Fruns%2F{played.run.pk}%2F"))
    expect(branch(page)).to_have_count(1)
    other = page.context.new_page()
    visit.sign_in(other, server, owner)
    other.close()
    # Headless tabs are never hidden, so the reader's coming back to the tab is said by its event alone.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tree_of(page, 2)
    expect(line(page)).to_contain_text("live")


def test_who_has_no_right_any_more_is_told_so_and_hears_nothing(
    page: Page, played: PlayedRun, team: Team, open_run: Callable[[User], None], page_notices: visit.Notices
) -> None:
    page_notices.expect("404|403|" + OFF)
    viewer = make_member(team, "viewer@example.org", Role.VIEWER)
    open_run(viewer)
    Membership.objects.filter(user=viewer).delete()
    played.step(1, "two", 0.5)
    expect(page.locator(".notice-error").first).to_contain_text(re.compile("no longer"))
    expect(branch(page)).to_have_count(1)


def test_a_run_that_is_deleted_meanwhile_stays_to_be_read_and_is_said_to_be_gone(
    page: Page, played: PlayedRun, owner: User, open_run: Callable[[User], None], page_notices: visit.Notices
) -> None:
    page_notices.expect("404|" + OFF)
    open_run(owner)
    played.run.experiment.delete()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("This run is gone").first).to_be_visible()
    expect(branch(page)).to_have_count(1)


def test_a_pause_and_a_cancellation_are_said_without_a_reload(
    page: Page, played: PlayedRun, owner: User, open_run: Callable[[User], None]
) -> None:
    open_run(owner)
    pause_experiment(played.run.experiment)
    expect(page.locator("[data-part=notice]")).to_contain_text("Its experiment is paused")
    cancel_experiment(played.run.experiment)
    expect(page.get_by_text("This run was cancelled; its tree up to then was kept.")).to_be_visible()
    expect(line(page)).to_be_hidden()
