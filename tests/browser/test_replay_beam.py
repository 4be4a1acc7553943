"""A beam search that the small models grew, replayed: the page's figures are those of the rows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Team, User
from apps.problems.services import add_problems
from apps.runs.launching import launch_experiment
from apps.runs.models import Run, RunEvent, Score, Step
from tests.browser import visit
from tests.browser.replaying import Replay, Row, printed
from workers.play import play_some

pytestmark = [pytest.mark.browser, pytest.mark.torch, pytest.mark.django_db(transaction=True)]


def grow_tree(team: Team) -> Run:
    """A beam of the two small models on one puzzle of four operators, branches scored by their worst step."""
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
        strategy="beam",
        parameters={"n": 12, "width": 4, "aggregation": "min", "temperature": 2.0},
        engine="tiny-policy",
        scorer="tiny-prm",
        seed=3,
    )
    while play_some(experiment.pk):
        pass
    run: Run = experiment.runs.get()
    assert run.status == "finished", run.failure
    return run


def prunes_of(run: Run) -> list[list[RunEvent]]:
    """The prunes of a run, those of one move together."""
    moves: dict[int, list[RunEvent]] = {}
    for event in RunEvent.objects.filter(run=run, kind="step-pruned").order_by("seq"):
        moves.setdefault(event.data["move"], []).append(event)
    return list(moves.values())


def worst_of_branch(run: Run, number: int) -> float:
    """The lowest score on the way to a step."""
    parents = dict(Step.objects.filter(run=run).values_list("number", "parent"))
    scores = dict(Score.objects.filter(run=run).values_list("number", "value"))
    worst = scores[number]
    while number := parents[number]:
        worst = min(worst, scores[number])
    return worst


def cost_by(run: Run, seq: int) -> str:
    """Tokens and steps of the events up to one, as they are printed."""
    events = RunEvent.objects.filter(run=run, seq__lte=seq)
    tokens = sum(event.data.get("generated", 0) for event in events)
    return f"{tokens:,} tokens · {events.filter(kind='step-added').count():,} steps"


def check_prune(run: Run, group: list[RunEvent], replay: Replay) -> None:
    """What the page shows of a prune is what the rows say of it."""
    pruned = {event.data["number"] for event in group}
    expect(replay.why).to_have_text(group[0].data["why"])
    expect(replay.cost).to_contain_text(cost_by(run, group[-1].seq))
    rows = replay.rows()
    replay.at(re.compile(rf": prune {len(pruned)} of {len(rows)}$" if len(rows) > len(pruned) else r": prune all "))
    assert {row.step for row in rows if row.fate.startswith("✕")} == pruned
    assert [row.branch for row in rows] == [printed(worst_of_branch(run, row.step)) for row in rows]
    scores = dict(Score.objects.filter(run=run).values_list("number", "value"))
    assert [row.score for row in rows] == [printed(scores[row.step]) for row in rows]
    # The strategy says among how many it ranked, and how many of them go on.
    if said := re.match(r"Not among the best (\d+) of (\d+):", group[0].data["why"]):
        assert (len(rows) - len(pruned), len(rows)) == (int(said[1]), int(said[2]))
        assert [kept(row) for row in rows] == sorted([kept(row) for row in rows], reverse=True)


def kept(row: Row) -> bool:
    return row.fate.startswith("→")


def test_every_decision_of_a_beam_is_shown_with_the_numbers_by_which_it_was_made(
    page: Page, server: str, owner: User, team: Team
) -> None:
    run = grow_tree(team)
    visit.sign_in(page, server, owner)
    page.goto(f"/t/demo/runs/{run.pk}/")
    replay = Replay(page).ready()
    prunes = prunes_of(run)
    assert prunes
    for group in reversed(prunes):
        # Draws that were dropped are decisions too, and stand between the prunes.
        replay.back()
        while replay.moment() != group[-1].seq:
            replay.back()
        check_prune(run, group, replay)
    chosen = RunEvent.objects.get(run=run, kind="answer-chosen")
    page.goto(f"/t/demo/runs/{run.pk}/?at={chosen.seq}")
    replay.ready().at(re.compile(rf": choose step {chosen.data['number']} among "))
    ended = Step.objects.filter(run=run, terminal=True, born__lt=chosen.seq)
    assert {row.step for row in replay.rows()} == set(ended.values_list("number", flat=True))
