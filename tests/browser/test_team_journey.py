"""A team at work with real parts: one invites, the other joins and launches, both watch, pause, go on, see it end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.db.models import Sum
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Team, User
from apps.problems.services import add_problems
from apps.runs.models import Experiment, Run
from apps.runs.states import RunStatus
from tests.browser import visit
from tests.browser.beside import another
from tests.faults.worker import Worker, started

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

GUEST = "guest@example.org"
PASSWORD = "four words in a row"
PUZZLES = Path(__file__).resolve().parents[2] / "fixtures" / "problems" / "puzzle-heldout.jsonl"
# Loading two models and drawing on a laden machine takes longer than a page does.
MODELS_MS = 60_000


def join(page: Page, guest: Page) -> None:
    """The owner invites; the guest opens the link, says who they are, and belongs to the team."""
    page.goto("/t/demo/people/")
    page.get_by_label("E-mail address").fill(GUEST)
    page.get_by_label("Role", exact=True).select_option("reviewer")
    page.get_by_role("button", name="Invite").click()
    guest.goto(page.get_by_label("Link of the invitation").input_value())
    guest.get_by_label("Your name").fill("Guest")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_label("The same password again").fill(PASSWORD)
    guest.get_by_role("button", name="Make an account and join").click()
    expect(guest.get_by_text("Welcome to Demo. Your role is reviewer.")).to_be_visible()


def launch(guest: Page) -> Experiment:
    """The guest launches a great beam over six of the puzzles."""
    guest.get_by_role("link", name="Launch an experiment").click()
    guest.wait_for_load_state()
    expect(guest.get_by_label("Strategy", exact=True)).to_have_value("beam")
    guest.get_by_label("Engine").select_option("tiny-policy")
    guest.get_by_label("Scorer").select_option("tiny-prm")
    guest.get_by_role("button", name=re.compile("^High")).click()
    expect(guest.get_by_label("N", exact=True)).to_have_value("64")
    guest.get_by_label("Distinct").select_option("false")  # so that the trees are large: the small models say one thing
    guest.get_by_label("First", exact=True).fill("6")
    expect(guest.locator("#outlook dd").first).to_have_text("6")
    guest.get_by_role("button", name="Launch").click()
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Beam search on")
    return Experiment.objects.get()


def tree_steps(page: Page) -> int:
    """How many steps the picture of the tree says it has."""
    name = page.get_by_role("application").get_attribute("aria-label") or ""
    found = re.search(r"Tree of ([\d,\u202f ]+) steps", name)
    return int(re.sub(r"\D", "", found[1])) if found else 0


def steps_of(experiment: Experiment) -> int:
    """How many steps all its runs have."""
    return int(experiment.runs.aggregate(steps=Sum("step_count"))["steps"])


def figures_equal_the_rows(page: Page, experiment: Experiment) -> None:
    """What the strip says is what the rows say."""
    runs = experiment.runs.all()
    stored = runs.aggregate(tokens=Sum("tokens_generated"), steps=Sum("step_count"))
    strip = page.locator("#figures")
    expect(strip).to_contain_text("6 of 6")
    expect(strip).to_contain_text(f"{runs.filter(correct=True).count()} of 6")
    said = strip.inner_text().split()
    assert {f"{stored['tokens']:,}", f"{stored['steps']:,}"} <= set(said)


def test_two_people_go_from_an_invitation_to_a_finished_experiment_without_a_reload(
    page: Page,
    browser: Browser,
    server: str,
    owner: User,
    team: Team,
    child_environment: dict[str, str],
    tmp_path: Path,
) -> None:
    puzzles = [json.loads(line) for line in PUZZLES.read_text().splitlines()]
    rows = sorted(puzzles, key=lambda puzzle: -puzzle["difficulty"])[:8]
    add_problems(team=team, slug="puzzles", name="Puzzles", description="", rows=rows)
    visit.sign_in(page, server, owner)
    with another(browser, server) as guest:
        join(page, guest)
        experiment = launch(guest)
        first = experiment.runs.order_by("id")[0]
        tree = page.context.new_page()
        watch(page, guest, tree, first)
        with started(child_environment, tmp_path / "log") as worker:
            grown = re.compile(r"Tree of [1-9]")
            expect(tree.get_by_role("application")).to_have_attribute("aria-label", grown, timeout=MODELS_MS)
            page.get_by_role("button", name="Pause").click()
            paused(guest, tree, worker, experiment)
            at_pause, shown_at_pause = steps_of(experiment), tree_steps(tree)
            guest.get_by_role("button", name="Resume").click()
            expect(page.locator("#experiment-head .state")).not_to_contain_text("paused")
            ended(page, guest, tree, experiment)
        assert steps_of(experiment) > at_pause
        # The pause may come when this one run, of six, has just ended.
        assert tree_steps(tree) == Run.objects.get(pk=first.pk).step_count >= shown_at_pause > 0
        assert tree.evaluate("document.body.dataset.mine") == "the same page"


def watch(page: Page, guest: Page, tree: Page, run: Run) -> None:
    """Both people have the experiment open, and the owner the tree of one of its runs beside it; none has begun yet."""
    tree.goto(f"/t/demo/runs/{run.pk}/")
    page.goto(f"/t/demo/experiments/{run.experiment_id}/")
    for watching in (page, guest):
        expect(watching.locator("#freshness")).to_have_text("live")
    expect(tree.get_by_text("No worker has taken this run yet")).to_be_visible()
    tree.evaluate("document.body.dataset.mine = 'the same page'")


def ended(page: Page, guest: Page, tree: Page, experiment: Experiment) -> None:
    """All three pages say so, and both of the experiment have the figures of the rows."""
    for watching in (page, guest):
        expect(watching.locator("#experiment-head .state")).to_have_text("finished", timeout=MODELS_MS)
        figures_equal_the_rows(watching, experiment)
    expect(tree.locator("[data-part=live]")).to_be_hidden()
    assert experiment.runs.filter(status=RunStatus.FINISHED).count() == 6


def paused(guest: Page, tree: Page, worker: Worker, experiment: Experiment) -> None:
    """Both other pages say so by themselves, and the worker lets go of the runs it had."""
    expect(guest.locator("#experiment-head .state")).to_contain_text("paused")
    expect(guest.get_by_role("button", name="Resume")).to_be_visible()
    expect(tree.locator("[data-part=notice]")).to_contain_text("Its experiment is paused")
    held = experiment.runs.filter(status=RunStatus.RUNNING)
    worker.wait_until(lambda: not held.exists(), "the worker has let the paused runs go")
    assert experiment.runs.exclude(status=RunStatus.FINISHED).exists()
