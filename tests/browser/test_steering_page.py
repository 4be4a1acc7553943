"""Pausing, resuming and cancelling an experiment in a real browser, by mouse and by keys, on every width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.runs.models import Experiment, Run
from tests.browser import visit
from tests.factories import make_experiment, make_problem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def experiment(team: Team) -> Experiment:
    made = make_experiment(team, name="Beam over puzzles")
    Experiment.objects.filter(pk=made.pk).update(budget={"tokens": 2000, "seconds": 30.5})
    for status in ("finished", "running", "waiting", "waiting"):
        Run.objects.create(team=team, experiment=made, problem=make_problem(team), status=status)
    return made


def test_an_experiment_is_paused_resumed_and_cancelled(
    page: Page, server: str, owner: User, experiment: Experiment
) -> None:
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/experiments/{experiment.pk}/")
    visit.take_pictures(page, "experiment-active")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The experiment is paused.")).to_be_visible()
    expect(page.get_by_text("paused 1/4")).to_be_visible()
    visit.take_pictures(page, "experiment-paused")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("The experiment goes on.")).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel…")
    dialog = page.get_by_role("dialog", name="Cancel this experiment?")
    cancel.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("3 runs that have not ended")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    visit.take_pictures(page, "experiment-cancel")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cancel).to_be_focused()
    cancel.click()
    dialog.get_by_role("button", name="Cancel the experiment").click()
    expect(page.get_by_text(re.compile("The experiment is cancelled"))).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    visit.take_pictures(page, "experiment-cancelled")
    for width in visit.WIDTHS:
        page.set_viewport_size({"width": width, "height": visit.WIDTHS[width]})
        assert visit.overflow(page) == 0
