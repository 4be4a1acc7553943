"""Pages while their line is dead for 30 s, or their server is started anew: afterwards they show what the API answers.

The first test lasts as long as its dead line: about 45 s.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apps.accounts.models import Team, User
from apps.trees.columns import read_columns
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.playing import PlayedRun
from tests.browser.serving import serving
from tests.live.proxy import Line

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.django_db(transaction=True)]

LOST = "ERR_|WebSocket connection|Failed to fetch|htmx|status 50"
DEAD_MS = 30_000
# The longest the page waits between two attempts is 30 s.
AGAIN_MS = 45_000


@pytest.fixture
def played(team: Team) -> PlayedRun:
    played = PlayedRun(team)
    played.claim()
    played.step(0, "one", 0.5)
    return played


def opened(page: Page, line: Line, owner: User, played: PlayedRun) -> tuple[Page, Page]:
    """The run's page and its experiment's, both live, over the line."""
    visit.sign_in(page, line.address, owner)
    experiment = page.context.new_page()
    experiment.goto(f"{line.address}/t/demo/experiments/{played.run.experiment_id}/")
    expect(experiment.locator("#freshness")).to_have_text("live")
    page.goto(f"{line.address}/t/demo/runs/{played.run.pk}/")
    expect(page.locator("[data-part=live]")).to_contain_text("live")
    for watching in (page, experiment):
        watching.evaluate("document.body.dataset.mine = 'the same page'")
    return page, experiment


def shows_what_the_api_answers(page: Page, played: PlayedRun) -> None:
    """The picture, the branch and the line of the page are those of the tree that the API answers now."""
    path = f"/api/t/demo/runs/{played.run.pk}/tree"
    answer = page.context.request.get(page.url.split("/t/")[0] + path)
    header, columns = read_columns(answer.body())
    assert header["step_count"] == len(columns["parent"]) == played.steps
    said = f"Tree of {header['step_count']} steps"
    expect(page.get_by_role("application")).to_have_attribute("aria-label", re.compile(said), timeout=AGAIN_MS)
    expect(page.locator("[data-part=live]")).to_contain_text(f"live · event {header['seq']}", timeout=AGAIN_MS)
    branch = page.get_by_role("listbox", name="Branch").get_by_role("option")
    expect(branch).to_have_count(max(played.depths.values()))
    shown = [int(option.get_attribute("data-number") or 0) for option in branch.all()]
    assert [int(columns["parent"][number - 1]) for number in shown] == [0, *shown[:-1]]


def row_of(experiment: Page, played: PlayedRun) -> Locator:
    """How many steps the table of runs says the run has."""
    return experiment.locator(f"#run-{played.run.pk} td").nth(8)


def grow(played: PlayedRun) -> None:
    """A step at the end of the branch, another beside it that is given up, both committed."""
    tip = max(played.depths, key=lambda number: (played.depths[number], -number))
    played.step(tip, f"step below {tip}", 0.9)
    played.prune(played.step(tip, f"beside it below {tip}", 0.1), "below the best")


def test_after_thirty_seconds_without_a_line_the_pages_show_all_that_was_stored(
    browser: Browser, server: str, owner: User, played: PlayedRun
) -> None:
    with Line(server) as line, another(browser, line.address, expected=LOST) as page:
        run, experiment = opened(page, line, owner, played)
        grow_over_a_dead_line(run, experiment, line, played)
        shows_what_the_api_answers(run, played)
        expect(experiment.locator("#freshness")).to_have_text("live", timeout=AGAIN_MS)
        expect(row_of(experiment, played)).to_have_text(str(played.steps))
        grow(played)
        shows_what_the_api_answers(run, played)
        for watching in (run, experiment):
            assert watching.evaluate("document.body.dataset.mine") == "the same page"


def grow_over_a_dead_line(run: Page, experiment: Page, line: Line, played: PlayedRun) -> None:
    """Commit two steps before each vain attempt of the page, until it has been cut off for 30 s by its own clock."""
    run.evaluate("window.cutAt = performance.now()")
    line.cut()
    expect(run.locator("[data-part=live]")).to_contain_text("reconnecting")
    expect(experiment.locator("#freshness")).not_to_have_text("live")
    while run.evaluate("performance.now() - window.cutAt") < DEAD_MS:
        with run.expect_event("requestfailed"):
            grow(played)
    line.mend()


def test_pages_go_on_by_themselves_when_the_server_was_started_anew(
    browser: Browser, owner: User, played: PlayedRun
) -> None:
    with serving() as first, Line(first) as line, another(browser, line.address, expected=LOST) as page:
        run, experiment = opened(page, line, owner, played)
        line.cut()
        grow(played)
        with serving() as second:
            line.lead_to(second)
            line.mend()
            grow(played)
            shows_what_the_api_answers(run, played)
            expect(experiment.locator("#freshness")).to_have_text("live", timeout=AGAIN_MS)
            expect(row_of(experiment, played)).to_have_text(str(played.steps))
            for watching in (run, experiment):
                assert watching.evaluate("document.body.dataset.mine") == "the same page"
