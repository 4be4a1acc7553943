"""Forking from the tree page with the small models and a real worker: what is forked grows beside its parent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import Role, Team, User
from apps.problems.services import add_problems
from apps.runs.models import Run, Step, StepText
from tests.browser import visit
from tests.browser.hands import opened
from tests.faults.worker import started
from tests.people import make_member
from tests.runs.forking import played

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

OPENED_MS = 40_000
MODELS_MS = 90_000


@pytest.fixture
def run(team: Team) -> Run:
    """A beam of the small models over one puzzle."""
    rows = [{"statement": "8?2?6?9?8?6=43", "checker": "puzzle"}]
    problem_set = add_problems(team=team, slug="puzzle", name="Puzzle", description="", rows=rows)
    return played(team, problem_set=problem_set, engine="tiny-policy", scorer="tiny-prm")


def open_at(page: Page, run: Run, tail: str) -> None:
    """Open the run's page, until a step is selected."""
    page.goto(f"/t/demo/runs/{run.pk}/{tail}")
    expect(page.locator("[data-part=branch] [aria-selected=true]")).to_have_count(1, timeout=OPENED_MS)


def refused_beside_the_field(dialog: Locator, field: Locator) -> None:
    """Send what is wrong: it is told beside its field, with everything typed still there."""
    dialog.get_by_label("N", exact=True).fill("many")
    field.fill("10*6=60\n")
    dialog.get_by_role("button", name="Fork and compare").click()
    expect(dialog.get_by_text("Expected a whole number; found 'many'.")).to_be_visible(timeout=OPENED_MS)
    expect(field).to_have_value("10*6=60\n")


def test_a_step_is_edited_and_what_grows_from_it_stands_beside_its_parent(
    page: Page,
    page_notices: visit.Notices,
    server: str,
    owner: User,
    run: Run,
    child_environment: Mapping[str, str],
    tmp_path: Path,
) -> None:
    page_notices.expect("400")  # the form that comes back with what is wrong
    step = Step.objects.filter(run=run, terminal=False, depth=2).order_by("number")[0]
    text = StepText.objects.get(run=run, number=step.number).text
    visit.sign_in(page, server, owner)
    open_at(page, run, f"steps/{step.number}/")
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog", name=f"Fork run {run.pk}")
    field = dialog.get_by_label(f"Text of step {step.number}")
    expect(field).to_have_value(text, timeout=OPENED_MS)
    refused_beside_the_field(dialog, field)
    dialog.get_by_label("N", exact=True).fill("2")
    dialog.get_by_label("Width", exact=True).fill("1")
    dialog.get_by_role("button", name="Fork and compare").press("Enter")
    page.wait_for_url(re.compile(rf"/runs/{run.pk}/beside/\d+/\?left={step.number}$"), timeout=OPENED_MS)
    fork = Run.objects.get(parent_run=run)
    right = page.locator("[data-part=right]")
    expect(right.locator("[data-part=live]")).to_contain_text("event 2", timeout=OPENED_MS)
    expect(page.locator(".pair-first .pair-right")).to_contain_text("10*6=60")
    with started(child_environment, tmp_path / "log"):
        expect(right.locator("[data-part=facts]")).to_contain_text(
            re.compile("right|wrong|no answer"), timeout=MODELS_MS
        )
    fork.refresh_from_db()
    expect(right.locator("[data-part=live]")).to_be_hidden()
    expect(page.locator(".pair-right")).to_have_count(Step.objects.get(run=fork, number=fork.chosen or 1).depth)
    right.get_by_role("link", name=f"run {run.pk}", exact=True).click()
    expect(page.get_by_text("Forks of this run")).to_be_attached(timeout=OPENED_MS)


def test_a_run_is_continued_from_the_event_of_the_time_cursor(page: Page, server: str, owner: User, run: Run) -> None:
    visit.sign_in(page, server, owner)
    seq = run.seq - 4
    open_at(page, run, f"?at={seq}")
    page.get_by_role("link", name="Fork").click()
    dialog = page.get_by_role("dialog", name=f"Fork run {run.pk}")
    dialog.get_by_label(f"Continue from event {seq}").check(timeout=OPENED_MS)
    expect(dialog.get_by_label("Scorer", exact=True)).to_be_hidden()
    dialog.get_by_role("button", name="Fork and open it").click()
    # What the page shows it writes into its address, as soon as it can.
    expect(page).to_have_url(re.compile(rf"/runs/(?!{run.pk}/)\d+/"), timeout=OPENED_MS)
    fork = Run.objects.get(parent_run=run)
    expect(page).to_have_url(re.compile(rf"/runs/{fork.pk}/"))
    assert fork.parent_seq is not None
    assert fork.parent_seq <= seq


def test_who_may_not_launch_has_no_button_and_no_key(page: Page, server: str, team: Team, run: Run) -> None:
    visit.sign_in(page, server, make_member(team, "viewer@example.org", Role.VIEWER))
    open_at(page, run, "")
    opened(page)
    expect(page.get_by_role("link", name="Fork")).to_have_count(0)
    page.keyboard.press("f")
    # Keys act in the order in which they are pressed.
    page.keyboard.press("o")
    expect(page.get_by_role("tree")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
