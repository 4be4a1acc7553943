"""Verdicts of a page whose connection, session, database or tab goes away: each is stored once, in its order."""

from __future__ import annotations

import os
import signal

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, Error, Page, expect

from apps.accounts.models import Team, User
from apps.accounts.services import make_sign_in_link
from apps.labels.models import Label
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.judging import (
    SLOW_MS,
    VERDICTS,
    Judged,
    LabellingPage,
    TreePage,
    chip,
    judge,
    stored,
    wait_until_saved,
)
from tests.live.proxy import Line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOST = r"console error .*(Failed to load resource|ERR_)|status (401|403|50\d)"


@pytest.mark.parametrize("kind", [TreePage, LabellingPage])
def test_a_minute_offline_a_reload_and_all_thirty_verdicts_are_there_once_in_order(
    browser: Browser, server: str, team: Team, owner: User, kind: type[TreePage] | type[LabellingPage]
) -> None:
    judged: Judged = kind(team)
    with Line(server) as line, another(browser, line.address, expected=LOST) as page:
        visit.sign_in(page, line.address, owner)
        page.clock.install()
        judged.open(page)
        # A browser that is told to be offline still sends what outlives its page, so the line is cut as well.
        line.cut()
        page.context.set_offline(True)
        given = judge(page, "321" * 10)
        expect(chip(page)).to_contain_text("Offline (30)")
        page.clock.fast_forward(60_000)
        expect(chip(page)).to_contain_text("Offline (30)")
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            page.reload()
        assert stored(judged.run) == []
        line.mend()
        page.context.set_offline(False)
        judged.open(page)
        judged.shows(page, 30)
        wait_until_saved(page)
        assert stored(judged.run) == given
        judged.open(page)
        wait_until_saved(page)
        assert len(stored(judged.run)) == 30


def test_verdicts_of_a_tab_that_closes_at_once_are_stored(page: Page, judged: Judged) -> None:
    beside = page.context.new_page()
    judged.open(beside)
    given = judge(page, "3214")
    page.goto("about:blank")
    wait_until_saved(beside)
    judged.open(beside)
    wait_until_saved(beside)
    judged.shows(beside, 4)
    assert stored(judged.run) == given


def test_a_session_that_ends_in_the_middle_costs_no_verdict(
    page: Page, server: str, owner: User, judged: Judged, page_notices: visit.Notices
) -> None:
    page_notices.expect(LOST)
    given = judge(page, "32")
    wait_until_saved(page)
    Session.objects.all().delete()
    given += [(3, VERDICTS["1"])]
    page.keyboard.press("1")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_contain_text("1 thing you said is kept in this browser")
    expect(chip(page)).to_contain_text("Signed out (1)")
    with page.context.expect_page() as opening:
        dialog.get_by_role("link", name="Sign in in a new tab").click()
    tab = opening.value
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.goto(f"{server}/sign-in/{make_sign_in_link(owner)}/")
    wait_until_saved(page)
    expect(dialog).to_have_count(0)
    assert stored(judged.run) == given
    page.keyboard.press("4")
    wait_until_saved(page)
    assert stored(judged.run) == [*given, (4, "unsure")]


def test_nothing_is_sent_in_the_name_of_somebody_else_who_signs_in(
    page: Page, server: str, owner: User, colleague: User, judged: Judged,
    page_notices: visit.Notices,
) -> None:  # fmt: skip
    page_notices.expect(LOST)
    # The answer to a request of the old session ends the new one's cookie, if it comes after it.
    page.wait_for_load_state("networkidle")
    tab = page.context.new_page()
    visit.sign_in(tab, server, colleague)
    page.keyboard.press("3")
    expect(page.get_by_role("dialog", name="Somebody else is signed in")).to_contain_text(
        "not sent in their name", timeout=SLOW_MS
    )
    assert stored(judged.run) == []
    judged.open(tab)
    judged.shows(tab, 0)
    visit.sign_in(tab, server, owner)
    wait_until_saved(page)
    assert list(Label.objects.values_list("labeller__user", "verdict")) == [(owner.pk, "good")]


def test_a_database_that_crashes_in_the_middle_costs_no_verdict(
    page: Page, judged: Judged, page_notices: visit.Notices
) -> None:
    page_notices.expect(LOST)
    given = judge(page, "32")
    wait_until_saved(page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr()")
        backend, address = cursor.fetchone()
    assert address is None, "the database of the tests is on another machine, where no process can be killed"
    # Its other processes end with it, and the server starts anew.
    os.kill(backend, signal.SIGKILL)
    connection.close()
    for key in "143":
        page.keyboard.press(key)
        given.append((len(given) + 1, VERDICTS[key]))
    wait_until_saved(page)
    assert stored(judged.run) == given


def test_a_browser_that_keeps_nothing_says_so_and_sends_all_the_same(
    page: Page, judged: Judged, page_notices: visit.Notices
) -> None:
    page_notices.expect(LOST)
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };")
    judged.open(page)
    page.context.set_offline(True)
    given = judge(page, "32")
    expect(chip(page)).to_contain_text("Offline (2) · kept by this page alone")
    page.context.set_offline(False)
    wait_until_saved(page)
    assert stored(judged.run) == given
