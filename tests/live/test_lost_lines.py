"""A page whose line is cut, or whose broker dies, ends up knowing what it would have known."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page

from apps.accounts.models import Role, User
from apps.common.announce import tell
from apps.config.embedded import Services
from apps.runs import leases
from apps.runs.models import Run
from apps.runs.news import run_group
from apps.runs.sink import RunSink
from tests.browser import visit
from tests.browser.conftest import browser, page, page_notices, quiet_page  # noqa: F401  # used as fixtures
from tests.faults.test_services_crash import killed
from tests.live.listening import facts, news, opened, session_of
from tests.live.proxy import Line
from tests.people import make_member
from tests.runs.logs import log, waiting_runs

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """async (address) => {
  const { listen } = await import("/static/js/net/live.js");
  window.told = [];
  window.states = [];
  const waiting = new Set();
  const look = () => waiting.forEach((isSo) => isSo());
  window.until = (isSo) => new Promise((done, fail) => {
    const tried = () => isSo() && done();
    waiting.add(tried);
    setTimeout(() => fail(new Error(`It never came: ${isSo}. ${JSON.stringify({ told, states })}`)), 60_000);
    tried();
  });
  window.line = listen(address, {
    told(facts) { told.push(facts); look(); },
    state(name) { states.push(name); look(); },
  });
}"""


def wait_for_state(page: Page, state: str) -> None:  # noqa: F811
    page.evaluate("(state) => until(() => states.at(-1) === state)", state)


def wait_for_seq(page: Page, seq: int) -> None:  # noqa: F811
    page.evaluate("(seq) => until(() => told.some((facts) => facts?.seq === seq))", seq)


@pytest.fixture
def claim(db: None) -> leases.Claim:
    [claim] = leases.claim(1, waiting_runs().pk)
    return claim


@pytest.fixture
def member(claim: leases.Claim) -> User:
    return make_member(Run.objects.get(pk=claim.run_id).team, "viewer@example.org", Role.VIEWER)


def path(claim: leases.Claim) -> str:
    return f"/ws/t/{Run.objects.get(pk=claim.run_id).team.slug}/runs/{claim.run_id}"


@pytest.fixture
def line(server: str) -> Iterator[Line]:
    with Line(server) as line:
        yield line


@pytest.mark.browser
def test_a_page_whose_line_is_cut_asks_by_itself_and_hears_again_once_it_is_mended(
    page: Page,  # noqa: F811
    page_notices: visit.Notices,  # noqa: F811
    line: Line,
    claim: leases.Claim,
    member: User,
) -> None:
    # The page behind, a list of experiments, asks for its rows all the while; an answer may break off half-way.
    page_notices.expect(f"WebSocket|ERR_|Failed to fetch|network error|htmx|foreign host asked for {line.address}/")
    visit.sign_in(page, line.address, member)
    page.evaluate(LISTEN, path(claim))
    wait_for_state(page, "live")
    events = log()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    sink.take(events[:4])
    wait_for_seq(page, 4)
    line.cut()
    wait_for_state(page, "polling")
    sink.take(events[4:])
    page.evaluate("() => until(() => told.includes(null))")
    assert page.evaluate("told.filter(Boolean).at(-1).seq") == 4
    line.mend()
    wait_for_state(page, "live")
    wait_for_seq(page, 14)
    assert page.evaluate("states") == ["connecting", "live", "polling", "live"]
    page.evaluate("line.close()")


@pytest.mark.browser
def test_a_page_that_is_refused_is_told_once_and_asks_no_more(
    page: Page,  # noqa: F811
    server: str,
    claim: leases.Claim,
    member: User,
) -> None:
    visit.sign_in(page, server, member)
    page.evaluate(LISTEN, path(claim).replace("/runs/", "/experiments/9"))
    wait_for_state(page, "refused")
    assert page.evaluate("[states, told]") == [["connecting", "refused"], []]


@pytest.mark.faults
def test_a_reader_knows_all_though_the_broker_was_killed(server: str, claim: leases.Claim, member: User) -> None:
    if settings.SERVICES.is_empty:
        pytest.skip("the broker is not ours to kill: BROKER_URL names another")
    events = log()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    with opened(server, path(claim), session=session_of(member)) as socket:
        assert facts(socket) == {"run": claim.run_id, "seq": 0}
        killed(settings.SERVICES.valkey.process())
        sink.take(events[:4])
        assert news(socket) == {"run": claim.run_id, "seq": 4}
        again = Services(settings.BRANCHWISE.data_dir, postgres=False)
        again.hold()
        sink.take(events[4:])
        assert news(socket)["seq"] == 14
        # No row says so, so it is the broker again that brings it.
        with contextlib.suppress(TimeoutError):
            while True:
                tell(run_group(claim.run_id), {"run": claim.run_id, "seq": 4242})
                if news(socket)["seq"] == 4242:
                    break
        again.let_go()
