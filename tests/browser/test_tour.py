"""One tour of the tree page on four real trees: what a reader sees of each is what its rows say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.imports.services import import_file
from apps.runs.models import Run, Score, Step, StepText
from tests.browser import visit
from tests.browser.large import make_large_run
from tests.browser.replaying import PATIENCE_MS, Replay, printed
from tests.browser.test_replay_beam import grow_tree

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

DEMO = settings.BRANCHWISE.fixtures_dir / "demo"


def imported(name: str) -> Callable[[Team], Run]:
    def make(team: Team) -> Run:
        report = import_file(team, DEMO / name, name)
        return Run.objects.filter(experiment_id=report.experiment).order_by("-step_count", "pk")[0]

    return make


def large(team: Team) -> Run:
    return make_large_run(team, 100_000)


TREES = {
    "small-models": (grow_tree, "2"),
    "tree-of-thoughts": (imported("tree-of-thoughts-game24.json"), "left:"),
    "mcts": (imported("rap-blocksworld.json"), "Blue block"),
    "100,000-steps": (large, "step 9999"),
}


@pytest.mark.parametrize("tree", TREES)
def test_a_tour_of_the_tree_page(page: Page, server: str, owner: User, team: Team, tree: str) -> None:
    make, words = TREES[tree]
    run = make(team)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/{team.slug}/runs/{run.pk}/")
    expect(page.locator("[data-part=step] strong").first).to_contain_text("Step", timeout=PATIENCE_MS)
    see_the_picture(page, run)
    found = search(page, run, words)
    see_the_step(page, run, found)
    come_back_by_the_link(page, found)
    replay_to_the_last_decision(page, run)
    read_the_outline(page, run)
    compare_two_branches(page, run)
    find_it_in_its_list(page, run)


def see_the_picture(page: Page, run: Run) -> None:
    """The whole tree is in view; hiding what was pruned hides that and all below it."""
    canvas = page.locator("[data-part=canvas]")
    expect(canvas).to_have_attribute("aria-label", re.compile(rf"^Tree of {run.step_count:,} steps"))
    kept = kept_steps(run)
    canvas.focus()
    page.keyboard.press("p")
    said = f"{len(kept):,} of {run.step_count:,} steps shown" if len(kept) < run.step_count else ""
    expect(page.locator("[data-part=shown]")).to_contain_text(said)
    page.keyboard.press("p")
    expect(page.locator("[data-part=shown]")).to_have_text("")


def kept_steps(run: Run) -> set[int]:
    """The steps that were not pruned, nor anything above them; parents are born before their children."""
    kept = {0}
    for number, parent, pruned in (
        Step.objects.filter(run=run).order_by("number").values_list("number", "parent", "pruned")
    ):
        if pruned is None and parent in kept:
            kept.add(number)
    return kept - {0}


def search(page: Page, run: Run, words: str) -> int:
    """Find steps with all of some words, walk to the first; answer which one that is."""
    texts = StepText.objects.filter(run=run)
    for word in words.split():
        texts = texts.filter(text__icontains=word)
    numbers = set(texts.values_list("number", flat=True))
    assert numbers
    visit.wait_for_keys(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find steps by words")).to_be_focused()
    page.keyboard.type(words)
    # Who types slowly is told of more steps before, whose count may hold these digits.
    count = re.compile(rf"^(\d[\d,]* of )?{len(numbers):,}( steps?)?$")
    expect(page.locator("[data-part=find-count]")).to_have_text(count, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Next match").click()
    expect(page).to_have_url(re.compile(r"/steps/\d+/"))
    found = int(re.findall(r"/steps/(\d+)/", page.url)[0])
    assert found in numbers
    return found


def see_the_step(page: Page, run: Run, number: int) -> None:
    """The panel has the step's text and the number its scorer gave it."""
    panel = page.locator("[data-part=step]")
    expect(panel.locator("strong").first).to_have_text(f"Step {number:,}")
    score = Score.objects.filter(run=run, number=number).order_by("seq").first()
    if score is not None:
        expect(panel).to_contain_text(printed(score.value))


def come_back_by_the_link(page: Page, number: int) -> None:
    """What is selected and what was searched for stand in the address."""
    page.reload()
    expect(page.locator("[data-part=step] strong").first).to_have_text(f"Step {number:,}", timeout=PATIENCE_MS)
    expect(page.locator("[data-part=find-words]")).not_to_have_value("")


def replay_to_the_last_decision(page: Page, run: Run) -> None:
    """One decision back from now is the last one there was."""
    page.locator("[data-part=canvas]").focus()
    page.locator("[data-part=replay]").hover()
    replay = Replay(page).ready()
    page.locator("[data-part=canvas]").focus()
    page.keyboard.press(",")
    replay.at(re.compile(r"^Decision (\d[\d,]*) of \1\b"))
    expect(replay.cost).to_contain_text(f"{run.step_count:,} steps")
    expect(page).to_have_url(re.compile(r"[?&]at=\d+"))
    replay.now.click()
    expect(page).not_to_have_url(re.compile(r"[?&]at=\d+"))


def read_the_outline(page: Page, run: Run) -> None:
    """The same tree as rows: the last one is the last of the last branch."""
    parents = dict(Step.objects.filter(run=run).values_list("number", "parent"))
    last_child = {parent: number for number, parent in sorted(parents.items())}
    last = 0
    while last in last_child:
        last = last_child[last]
    page.locator("[data-part=canvas]").focus()
    page.keyboard.press("o")
    outline = page.get_by_role("tree", name="Outline of the tree")
    expect(outline).to_be_focused()
    page.keyboard.press("End")
    expect(outline.get_by_role("treeitem", selected=True)).to_have_id(f"outline-{last}")
    page.keyboard.press("o")


def compare_two_branches(page: Page, run: Run) -> None:
    """The first and the last step that end something, side by side."""
    ends = Step.objects.filter(run=run).exclude(number__in=Step.objects.filter(run=run).values("parent"))
    first, last = ends.order_by("number")[0].number, ends.order_by("-number")[0].number
    page.goto(f"{page.url.partition('/runs/')[0]}/runs/{run.pk}/beside/{run.pk}/?left={first}&right={last}")
    expect(page.get_by_text("first difference").first).to_be_visible(timeout=PATIENCE_MS)


def find_it_in_its_list(page: Page, run: Run) -> None:
    """The list of its experiment says how many steps it has."""
    page.goto(f"{page.url.partition('/runs/')[0]}/experiments/{run.experiment_id}/?sort=-steps")
    expect(page.locator(f"#run-{run.pk}")).to_contain_text(f"{run.step_count:,}")
