"""Two people on one experiment at once: what one does is seen by the other, and disturbs nothing of what they do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Role, Team, User
from apps.runs.models import Experiment, Run
from apps.runs.states import RunStatus
from tests.browser import visit
from tests.browser.beside import another
from tests.browser.playing import end_runs
from tests.factories import make_experiment, make_problem_set
from tests.people import make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """Thirty runs that wait."""
    problems = make_problem_set(team, 30)
    made = make_experiment(team, problems, name="Beam over puzzles")
    Run.objects.bulk_create(
        Run(team=team, experiment=made, problem=one) for one in problems.problems.order_by("position")
    )
    return made


def opened(page: Page, server: str, person: User, experiment: Experiment) -> None:
    """The person's page of the experiment, once it hears of changes."""
    visit.sign_in(page, server, person)
    page.goto(f"/t/demo/experiments/{experiment.pk}/")
    expect(page.locator("#freshness")).to_have_text("live")
    page.evaluate("document.body.dataset.mine = 'the same page'")


def test_one_filters_and_sorts_while_it_grows_and_the_other_cancels(
    page: Page, browser: Browser, server: str, team: Team, owner: User, experiment: Experiment
) -> None:
    opened(page, server, owner, experiment)
    with another(browser, server) as beside:
        opened(beside, server, make_member(team, "reviewer@example.org", Role.REVIEWER), experiment)
        end_runs(experiment, 4, right=True)
        for watching in (page, beside):
            expect(watching.locator("#figures")).to_contain_text("4 of 30")
        page.get_by_role("link", name="✓ right 4").click()
        page.get_by_role("columnheader", name="problem").get_by_role("link").click()
        page.get_by_role("columnheader", name="problem").get_by_role("link").click()
        expect(page).to_have_url(re.compile(r"\?outcome=right&sort=-problem$"))
        expect(page.locator("#freshness")).to_have_text("live")
        page.evaluate("document.body.dataset.mine = 'the same page'")
        end_runs(experiment, 3, right=True)
        expect(page.locator("tbody tr[id]")).to_have_count(7)
        expect(page.locator("tbody tr[id]").first).to_contain_text("What is 7?")
        expect(beside.locator("tbody tr[id]")).to_have_count(30)

        beside.get_by_role("button", name="Cancel…").click()
        expect(beside.get_by_role("dialog")).to_contain_text("23 runs that have not ended")
        beside.get_by_role("button", name="Cancel the experiment").click()
        expect(beside.get_by_text("The experiment is cancelled.")).to_be_visible()
        for watching in (page, beside):
            expect(watching.locator("#experiment-head .state")).to_have_text("cancelled 7/30")
            expect(watching.get_by_role("button", name="Cancel…")).to_have_count(0)
        expect(page.locator("tbody tr[id]")).to_have_count(7)
        expect(page).to_have_url(re.compile(r"\?outcome=right&sort=-problem$"))
        assert page.evaluate("document.body.dataset.mine") == "the same page"
    assert experiment.runs.filter(status=RunStatus.CANCELLED).count() == 23


def test_a_dialog_that_another_person_has_overtaken_does_no_harm(
    page: Page, browser: Browser, server: str, team: Team, owner: User, experiment: Experiment
) -> None:
    opened(page, server, owner, experiment)
    page.get_by_role("button", name="Cancel…").click()
    with another(browser, server) as beside:
        opened(beside, server, make_member(team, "reviewer@example.org", Role.REVIEWER), experiment)
        beside.get_by_role("button", name="Pause").click()
        expect(page.locator("#experiment-head .state")).to_have_text("paused 0/30")
        expect(beside.locator("#freshness")).to_have_text("live")
        beside.get_by_role("button", name="Cancel…").click()
        beside.get_by_role("button", name="Cancel the experiment").click()
        expect(beside.get_by_text("The experiment is cancelled.")).to_be_visible()
    expect(page.locator("#experiment-head .state")).to_have_text("cancelled 0/30")
    page.get_by_role("button", name="Cancel the experiment").click()
    expect(page.get_by_text("The experiment is cancelled.")).to_be_visible()
    assert set(experiment.runs.values_list("status", flat=True)) == {RunStatus.CANCELLED}
