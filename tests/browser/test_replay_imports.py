"""Imported searches, replayed: each decision with its candidates, numbers and reasons as the file has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.imports.services import import_file
from apps.runs.models import Run, RunEvent, Score
from tests.browser import visit
from tests.browser.replaying import Replay, printed
from tests.imports.test_rap_tree import snapshots

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIXTURES = settings.BRANCHWISE.fixtures_dir
MCTS = [FIXTURES / "demo" / "rap-blocksworld.json", FIXTURES / "traces" / "rap_tree" / "two_ends.json"]
THOUGHTS = FIXTURES / "demo" / "tree-of-thoughts-game24.json"


def first_run(team: Team, file: Path) -> Run:
    report = import_file(team, file, file.name)
    assert report.experiment is not None
    return Run.objects.filter(experiment_id=report.experiment).earliest("pk")


@pytest.mark.parametrize("file", MCTS, ids=lambda file: file.name)
def test_visits_and_values_of_a_simulation_are_those_of_the_files_snapshot(
    page: Page, server: str, owner: User, team: Team, file: Path
) -> None:
    run = first_run(team, file)
    visit.sign_in(page, server, owner)
    said = snapshots(run, file)
    # From the first simulation on, as somebody would walk them.
    page.goto(f"/t/demo/runs/{run.pk}/?at={said[0][0]}")
    replay = Replay(page).ready()
    for place, (seq, nodes) in enumerate(said, start=1):
        replay.at(re.compile(f"^Decision {place} of "))
        end = RunEvent.objects.get(run=run, seq=seq).data["number"]
        expect(replay.words).to_contain_text(f"to step {end}")
        rows = replay.rows()
        assert rows[-1].step == end
        for row in rows:
            assert (row.visits, row.value) == (str(nodes[row.step]["visits"]), printed(nodes[row.step]["Q"]))
        expect(replay.cost).to_contain_text(f"{len(nodes) - 1} steps")
        page.keyboard.press(".")


def test_a_level_of_thoughts_shows_who_was_kept_by_which_value_and_why_the_others_were_not(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = first_run(team, THOUGHTS)
    visit.sign_in(page, server, owner)
    prunes = RunEvent.objects.filter(run=run, kind="step-pruned").order_by("seq")
    reasons = {event.data["number"]: event.data["why"] for event in prunes}
    page.goto(f"/t/demo/runs/{run.pk}/")
    replay = Replay(page).ready().at(re.compile("^Now: 5 decisions"))
    page.keyboard.press(",")
    chosen = RunEvent.objects.get(run=run, kind="answer-chosen")
    replay.at(re.compile(f"^Decision 5 of 5: choose step {chosen.data['number']} among "))
    expect(replay.why).to_have_text(chosen.data["why"])
    assert [row.step for row in replay.rows() if row.fate.startswith("★")] == [chosen.data["number"]]
    for level in (4, 3, 2, 1):
        page.keyboard.press(",")
        replay.at(re.compile(f"^Decision {level} of 5: prune "))
        rows = replay.rows()
        values = dict(
            Score.objects.filter(run=run, number__in=[row.step for row in rows]).values_list("number", "value")
        )
        assert [row.score for row in rows] == [printed(values[row.step]) for row in rows]
        assert sorted(values.values(), reverse=True) == [values[row.step] for row in rows]
        for row in rows:
            assert row.fate.endswith(reasons[row.step]) if row.fate.startswith("✕") else row.step not in reasons
        assert sum(row.fate.startswith("→") for row in rows) == 5
    page.keyboard.press(",")
    replay.at("The beginning")
    expect(replay.cost).to_have_text("0 steps")


def test_a_candidate_selects_its_step_and_a_link_shows_the_same_moment(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = first_run(team, THOUGHTS)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run.pk}/")
    replay = Replay(page).ready()
    replay.slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    replay.at(re.compile("^Decision 2 of 5: prune "))
    row = replay.rows()[3]
    listed = RunEvent.objects.filter(run=run, data__number__in=[each.step for each in replay.rows()])
    seq = listed.filter(kind="step-pruned").latest("seq").seq
    replay.table.get_by_role("button", name=f"Step {row.step}", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/steps/{row.step}/\?.*at={seq}\b"))
    words, rows = replay.words.inner_text(), replay.rows()
    page.reload()
    again = Replay(page).ready().at(words)
    assert again.rows() == rows
    expect(again.table.locator("[aria-current]")).to_have_text(str(row.step))
    again.now.click()
    again.at(re.compile("^Now: "))
    expect(page).not_to_have_url(re.compile("at="))
    expect(again.table).to_be_hidden()


def test_hidden_scores_are_hidden_in_a_replay_too(page: Page, server: str, owner: User, team: Team) -> None:
    run = first_run(team, THOUGHTS)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run.pk}/")
    replay = Replay(page).ready()
    page.keyboard.press(",")
    page.keyboard.press(",")
    page.keyboard.press("s")
    replay.at(re.compile("^Decision 4 of 5: prune "))
    rows = replay.rows()
    assert [row.step for row in rows] == sorted(row.step for row in rows)
    expect(replay.table.locator("tbody tr")).to_have_count(len(rows))
    expect(replay.table.locator(".score-bearing:visible")).to_have_count(0)
    expect(replay.why).to_be_hidden()
