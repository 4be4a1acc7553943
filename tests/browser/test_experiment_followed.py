"""The page of an experiment in a real browser: it follows the rows by itself, keeps what its reader does, and obeys
keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from apps.accounts.models import Membership, Team, User
from apps.runs.models import Experiment, Run
from apps.runs.states import RunStatus
from tests.browser import visit
from tests.browser.faults import OF_ANY_WEIGHT, faults
from tests.browser.playing import end_runs
from tests.factories import make_experiment, make_problem_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE_MS = 40_000
WHY = "EngineError: the endpoint answered 500 three times. " + "Launch it again with a smaller width. " * 5


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """Twelve runs: one failed, the others waiting."""
    problems = make_problem_set(team, 12)
    made = make_experiment(team, problems, name="Beam over puzzles")
    for n, problem in enumerate(problems.problems.order_by("position")):
        status = RunStatus.FAILED if n == 11 else RunStatus.WAITING
        Run.objects.create(team=team, experiment=made, problem=problem, status=status, failure=WHY if n == 11 else "")
    return made


@pytest.fixture
def opened(page: Page, server: str, owner: User, experiment: Experiment) -> Page:
    """The page of the experiment, once it hears of changes."""
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/experiments/{experiment.pk}/")
    expect(page.locator("#freshness")).to_have_text("live")
    return page


def test_the_page_follows_the_rows_without_a_reload_and_keeps_what_its_reader_does(
    opened: Page, experiment: Experiment
) -> None:
    opened.evaluate("document.body.dataset.mine = 'the same page'")
    end_runs(experiment, 2, right=True)
    expect(opened.locator("#figures")).to_contain_text("3 of 12")
    opened.get_by_text("As numbers").click()
    opened.get_by_label("Text in the problem").press_sequentially("What is")
    opened.get_by_role("button", name="In full").click()
    opened.get_by_label("Text in the problem").focus()
    end_runs(experiment, 4, right=False)
    expect(opened.locator("#figures")).to_contain_text("7 of 12")
    expect(opened.locator("#figures")).to_contain_text("2 of 6")
    expect(opened.get_by_role("region", name="Accuracy as numbers")).to_be_visible()
    expect(opened.locator(".failure")).to_be_visible()
    expect(opened.get_by_label("Text in the problem")).to_be_focused()
    expect(opened.get_by_label("Text in the problem")).to_have_value("What is")
    end_runs(experiment, 5, right=True)
    expect(opened.locator("#figures")).to_contain_text("12 of 12")
    expect(opened.locator("#freshness")).to_have_count(0)
    expect(opened.locator("[data-socket]")).to_have_count(0)
    assert opened.evaluate("document.body.dataset.mine") == "the same page"


def test_an_answer_that_is_another_page_does_not_take_its_place(
    opened: Page, experiment: Experiment, page_notices: visit.Notices
) -> None:
    page_notices.expect("status 500|500 \\(Internal|htmx")
    opened.route("**/experiments/*/", lambda route: route.fulfill(status=500, body="<html><body>broken</body></html>"))
    end_runs(experiment, 1, right=True)
    expect(opened.locator("#freshness")).to_contain_text("the server does not answer as it should")
    expect(opened.get_by_role("table", name="12 runs")).to_be_visible()
    opened.unroute("**/experiments/*/")
    # The next attempt comes after 5 s.
    expect(opened.locator("#figures")).to_contain_text("2 of 12", timeout=PATIENCE_MS)
    expect(opened.locator("#freshness")).to_have_text("live")


def test_an_attempt_that_gets_no_answer_is_made_again_until_one_comes(
    opened: Page, experiment: Experiment, page_notices: visit.Notices
) -> None:
    page_notices.expect("ERR_FAILED|Failed to fetch|htmx")
    asked: list[Route] = []

    def cut_off(route: Route) -> None:
        asked.append(route)
        route.abort() if len(asked) < 4 else route.continue_()

    opened.route("**/experiments/*/", cut_off)
    end_runs(experiment, 1, right=True)
    expect(opened.locator("#figures")).to_contain_text("2 of 12", timeout=PATIENCE_MS)
    expect(opened.locator("#freshness")).to_have_text("live")


def test_a_page_without_connection_says_when_it_was_last_seen(
    opened: Page, experiment: Experiment, page_notices: visit.Notices
) -> None:
    page_notices.expect("ERR_INTERNET_DISCONNECTED|Failed to fetch|WebSocket|htmx")
    opened.context.set_offline(True)
    expect(opened.locator("#freshness")).to_contain_text("offline · last seen")
    end_runs(experiment, 3, right=True)
    opened.context.set_offline(False)
    expect(opened.locator("#figures")).to_contain_text("4 of 12")
    expect(opened.locator("#freshness")).to_have_text("live")


def test_who_is_no_member_any_more_keeps_what_was_seen_and_is_told(
    opened: Page, experiment: Experiment, owner: User, team: Team, page_notices: visit.Notices
) -> None:
    page_notices.expect("status 40[134]|40[134] \\(")
    Membership.objects.filter(team=team, user=owner).delete()
    end_runs(experiment, 3, right=True)
    expect(opened.locator("#freshness")).to_contain_text("you may no longer look at this")
    expect(opened.get_by_role("table", name="12 runs")).to_be_visible()
    expect(opened.locator("#figures")).to_contain_text("1 of 12")


def test_who_signs_in_anew_in_another_tab_goes_on_in_this_one(
    opened: Page, server: str, owner: User, experiment: Experiment, page_notices: visit.Notices
) -> None:
    page_notices.expect("status 40[134]|40[134] \\(")
    other = opened.context.new_page()
    visit.sign_in(other, server, owner)
    other.close()
    expect(opened.locator("#experiment")).to_have_attribute("data-live", "live")
    end_runs(experiment, 2, right=True)
    expect(opened.locator("#figures")).to_contain_text("3 of 12")
    expect(opened.locator("#freshness")).to_have_text("live")


def test_the_table_is_filtered_sorted_and_left_by_keys_alone(opened: Page, experiment: Experiment) -> None:
    end_runs(experiment, 4, right=True)
    expect(opened.locator("#figures")).to_contain_text("5 of 12")
    opened.get_by_role("link", name="✓ right 4").focus()
    opened.keyboard.press("Enter")
    expect(opened).to_have_url(re.compile(r"\?outcome=right$"))
    expect(opened.locator("tbody tr[id]")).to_have_count(4)
    opened.get_by_role("columnheader", name="problem").get_by_role("link").press("Enter")
    expect(opened).to_have_url(re.compile(r"\?outcome=right&sort=problem$"))
    expect(opened.get_by_role("columnheader", name="problem")).to_have_attribute("aria-sort", "ascending")
    opened.get_by_label("Text in the problem").fill("What is 3?")
    opened.keyboard.press("Enter")
    expect(opened.locator("tbody tr[id]")).to_have_count(1)
    opened.go_back()
    expect(opened.locator("tbody tr[id]")).to_have_count(4)


def test_the_dialog_keeps_the_focus_until_it_is_closed(opened: Page) -> None:
    cancel = opened.get_by_role("button", name="Cancel…")
    dialog = opened.get_by_role("dialog", name="Cancel this experiment?")
    cancel.press("Enter")
    keep = dialog.get_by_role("button", name="Keep it")
    expect(keep).to_be_focused()
    for _ in range(7):
        opened.keyboard.press("Tab")
        assert opened.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#cancel-experiment')"
        )
    assert faults(opened, impacts=OF_ANY_WEIGHT) == []
    opened.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cancel).to_be_focused()


def test_the_page_has_no_serious_findings_and_fits_its_window(opened: Page, experiment: Experiment) -> None:
    end_runs(experiment, 6, right=True)
    expect(opened.locator("#accuracy")).to_be_visible()
    visit.take_pictures(opened, "experiment-live")
    for width in visit.WIDTHS:
        opened.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        assert visit.overflow(opened) == 0
        assert faults(opened, impacts=OF_ANY_WEIGHT) == []
