"""The main job, as one person does it: bring a record in, judge it by key, look at a grown tree, freeze, export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.labels.models import Label
from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Run, StepText
from tests.browser import visit
from tests.browser.judging import wait_until_saved
from workers.play import play_some

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "fixtures" / "demo" / "prm800k.jsonl"
KEYS = {1: "3", 0: "2", -1: "1"}


def test_from_a_record_to_exported_labels_and_past_a_tree_the_models_grew(
    page: Page, server: str, owner: User, team: Team, tmp_path: Path
) -> None:
    grown = grow_tree(team)
    visit.sign_in(page, server, owner)
    import_record(page, server, team, tmp_path)

    page.get_by_role("link", name="prm800k-one.jsonl").first.click()
    page.locator("tbody a").first.click()
    clicked = judge_the_branch(page, expected_ratings())
    assert len(clicked) == len(expected_ratings())
    look_at(page, server, team, grown)
    judged = judge_the_branch(page, [1, -1])

    rows = freeze_and_export(page, server, team, tmp_path)
    mine = [row for row in rows if row["completions"] == [text for text, _ in clicked]]
    assert [row["ratings"] for row in mine] == [[rating for _, rating in clicked]]
    assert [row["labels"] for row in mine] == [[rating >= 0 for _, rating in clicked]]
    of_the_tree = [row for row in rows if row["prompt"] == grown.problem.statement]
    assert [(row["completions"], row["ratings"]) for row in of_the_tree] == [
        ([text for text, _ in judged], [rating for _, rating in judged])
    ]
    given = Label.objects.filter(labeller__user=owner)
    assert {label.scores_in_view for label in given.filter(run=grown)} == {True}
    assert {label.scores_in_view for label in given.exclude(run=grown)} == {False}


def grow_tree(team: Team) -> Run:
    """A tree of the two small models, best of twelve on one puzzle of four operators."""
    problem_set = add_problems(
        team=team,
        slug="one-puzzle",
        name="One puzzle",
        description="",
        rows=[{"statement": "8?2?6?9?8=37", "answer": "-*+-", "checker": "puzzle", "difficulty": 4, "source": "test"}],
    )
    experiment = launch_experiment(
        team=team,
        problem_set=problem_set,
        strategy="best_of_n",
        parameters={"n": 12},
        engine="tiny-policy",
        scorer="tiny-prm",
        seed=3,
    )
    while play_some(experiment.pk):
        pass
    run = experiment.runs.select_related("problem").get()
    assert run.status == "finished", run.failure
    return run


def import_record(page: Page, server: str, team: Team, folder: Path) -> None:
    """Bring the first record of the sample in by the upload page, under a name that says nothing of its format."""
    one = folder / "prm800k-one.jsonl"
    one.write_text(RECORD.read_text().splitlines()[0] + "\n")
    page.goto(f"{server}/t/{team.slug}/imports/")
    page.set_input_files("input[type=file]", one)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("main")).to_contain_text("PRM800K")


def expected_ratings() -> list[int]:
    """The ratings along the first record's branch: the file's where it has one, neutral for the step a person wrote.

    Another verdict than the file's would leave the step without a standing one.
    """
    steps = json.loads(RECORD.read_text().splitlines()[0])["label"]["steps"]
    chosen = [(step["completions"], step["chosen_completion"]) for step in steps]
    return [0 if number is None else completions[number]["rating"] for completions, number in chosen]


def judge_the_branch(page: Page, ratings: Sequence[int]) -> list[tuple[str, int]]:
    """Give the branch's steps these ratings by keyboard alone, from its first step on; what was judged, in order."""
    branch = page.get_by_role("listbox", name="Branch")
    expect(branch.get_by_role("option").first).to_be_visible()
    run = int(page.url.rstrip("/").split("/runs/")[1].split("/")[0])
    page.keyboard.press("Home")
    numbers = [int(option.get_attribute("data-number") or 0) for option in branch.get_by_role("option").all()]
    texts = dict(StepText.objects.filter(run=run).values_list("number", "text"))
    for number, rating in zip(numbers, ratings, strict=False):
        expect(branch.locator("[aria-selected=true]")).to_have_attribute("data-number", str(number))
        page.keyboard.press(KEYS[rating])
    wait_until_saved(page)
    return [(texts[number], rating) for number, rating in zip(numbers, ratings, strict=False)]


def look_at(page: Page, server: str, team: Team, run: Run) -> None:
    """Open the grown tree and keep its pictures; the one of the README is among them."""
    page.goto(f"{server}/t/{team.slug}/runs/{run.pk}/")
    expect(page.get_by_role("listbox", name="Branch").get_by_role("option").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    visit.take_pictures(page, "tree")
    assert visit.overflow(page) == 0
    # The number beside a step is the one that is coloured; without a colour it is the score.
    beside = page.locator(".branch-value").first
    score = beside.text_content() or ""
    for colour in ("entropy", "none", "score"):
        page.select_option("[data-part=colour]", colour)
        if colour == "entropy":
            expect(beside).not_to_have_text(score)
        else:
            expect(beside).to_have_text(score)


def freeze_and_export(page: Page, server: str, team: Team, folder: Path) -> list[dict[str, list[int]]]:
    """Freeze a snapshot, make a stepwise export and download it; its rows."""
    page.goto(f"{server}/t/{team.slug}/datasets/")
    page.get_by_label("Name").fill("First light")
    page.get_by_role("button", name="Freeze snapshot").click()
    expect(page.get_by_role("heading", level=1, name="First light")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(folder / "stepwise.jsonl")
    return [json.loads(line) for line in (folder / "stepwise.jsonl").read_text().splitlines()]
