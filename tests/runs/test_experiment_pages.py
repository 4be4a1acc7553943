"""The lists of experiments and runs: what they say, who sees them, and queries that do not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.problems.models import Problem
from apps.runs.figures import experiment_figures, wilson_interval
from apps.runs.models import Answer, Experiment, Run
from apps.runs.outcomes import outcome_of
from apps.runs.selectors import figures_of
from apps.runs.states import RunStatus
from tests.factories import make_experiment, make_problem, make_run_with_tree

SignIn = Callable[[User], Client]


@pytest.fixture
def experiment(team: Team) -> Experiment:
    return make_run_with_tree(team).experiment


def runs_in(experiment: Experiment, count: int, **fields: object) -> None:
    problem = make_problem(experiment.team)
    Run.objects.bulk_create(
        Run(team=experiment.team, experiment=experiment, problem=problem, **fields) for _ in range(count)
    )


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_members_see_the_pages_and_strangers_nothing(
    experiment: Experiment, owner: User, colleague: User, stranger: User, client_of: SignIn
) -> None:
    for page in ("/t/demo/experiments/", f"/t/demo/experiments/{experiment.pk}/"):
        assert [client_of(person).get(page).status_code for person in (owner, colleague, stranger)] == [200, 200, 404]
        assert Client().get(page).status_code == 302
    assert client_of(stranger).get(f"/t/elsewhere/experiments/{experiment.pk}/").status_code == 404
    assert experiment.name not in client_of(stranger).get("/t/elsewhere/experiments/").content.decode()


def test_a_team_without_experiments_is_told_how_to_start_one(owner: User, client_of: SignIn) -> None:
    assert "manage.py experiment --problems" in client_of(owner).get("/t/demo/experiments/").content.decode()


def test_more_runs_and_experiments_take_no_more_queries(
    experiment: Experiment, team: Team, owner: User, client_of: SignIn
) -> None:
    client = client_of(owner)
    pages = ("/t/demo/experiments/", f"/t/demo/experiments/{experiment.pk}/")
    before = [queries(client, page) for page in pages]
    runs_in(experiment, 30, status=RunStatus.FINISHED)
    for _ in range(5):
        make_experiment(team)
    assert [queries(client, page) for page in pages] == before
    # One of them counts the reader's unseen mentions, for the bar of every page.
    assert max(before) <= 11


def test_a_page_holds_fifty_runs(experiment: Experiment, owner: User, client_of: SignIn) -> None:
    runs_in(experiment, 60, status=RunStatus.FINISHED)
    client, page, link = client_of(owner), f"/t/demo/experiments/{experiment.pk}/", 'href="/t/demo/runs/'
    assert client.get(page).content.decode().count(link) == 50
    assert client.get(f"{page}?page=2").content.decode().count(link) == 11


def test_a_page_asks_again_only_while_something_may_change(
    experiment: Experiment, owner: User, client_of: SignIn
) -> None:
    client = client_of(owner)
    page = f"/t/demo/experiments/{experiment.pk}/"
    assert "hx-trigger" not in client.get(page).content.decode()
    runs_in(experiment, 1, status=RunStatus.WAITING)
    assert "hx-trigger" in client.get(page).content.decode()


def test_figures_count_over_finished_runs(team: Team) -> None:
    experiment = make_experiment(team)
    runs_in(experiment, 3, status=RunStatus.FINISHED, correct=True, right_count=2, tokens_generated=100)
    runs_in(experiment, 1, status=RunStatus.FINISHED, correct=False, right_count=1, tokens_generated=20)
    runs_in(experiment, 1, status=RunStatus.RUNNING)
    figures = figures_of([experiment])[experiment.pk]
    assert (figures.runs, figures.finished, figures.is_over, figures.tokens_a_run) == (5, 4, False, 80)


def test_the_list_and_the_command_tell_the_same_accuracy(team: Team) -> None:
    experiment = make_run_with_tree(team).experiment
    problem = make_problem(team)
    for correct, text in ((True, "1"), (False, "2"), (None, "?"), (None, "")):
        run = Run.objects.create(team=team, experiment=experiment, problem=problem, status=RunStatus.FINISHED)
        if text:
            Answer.objects.create(run=run, number=1, text=text, correct=correct, checker="exact_text", version=1)
            Run.objects.filter(pk=run.pk).update(chosen=1, correct=correct, right_count=int(bool(correct)))
    figures = figures_of([experiment])[experiment.pk]
    told = experiment_figures(experiment).accuracy
    assert (figures.right, figures.known) == (told.right, told.known) == (2, 4)
    assert (figures.accuracy, figures.coverage) == (0.5, 0.5)
    assert figures.interval == wilson_interval(2, 4)


def test_figures_say_nothing_where_nothing_can_be_called_right(team: Team) -> None:
    experiment = make_experiment(team)
    assert figures_of([experiment])[experiment.pk].accuracy is None
    runs_in(experiment, 2, status=RunStatus.FINISHED)
    Problem.objects.update(answer="")
    figures = figures_of([experiment])[experiment.pk]
    assert (figures.accuracy, figures.interval, figures.coverage) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"status": "waiting"}, "waiting", "waiting"),
        ({"status": "failed"}, "failed", "failed"),
        ({"status": "finished", "correct": True}, "right", "✓ right"),
        ({"status": "finished", "correct": False}, "wrong", "✕ wrong"),
        ({"status": "finished", "correct": False, "right_count": 2}, "wrong", "✕ right one lost"),
        ({"status": "finished", "outcome": "no-answer"}, "unknown", "– no answer"),
        ({"status": "finished", "right_count": 1, "answer_count": 3}, "right", "✓ 1 right of 3"),
        ({"status": "finished"}, "unknown", "– unknown"),
    ],
)
def test_an_outcome_is_one_word_with_its_glyph(fields: dict[str, object], kind: str, words: str) -> None:
    run = Run(experiment=Experiment(kind=Experiment.Kind.SEARCH), **fields)
    outcome = outcome_of(run)
    assert (outcome.kind, outcome.words) == (kind, words)


def test_parameters_and_limits_are_written_as_they_are_typed(
    experiment: Experiment, owner: User, client_of: SignIn
) -> None:
    Experiment.objects.filter(pk=experiment.pk).update(
        kind="search", parameters={"distinct": True, "most": None, "temperature": 0.5}, budget={"seconds": 2.0}
    )
    shown = client_of(owner).get(f"/t/demo/experiments/{experiment.pk}/").content.decode()
    for chip in (
        "distinct <code>true<",
        "most <code>none<",
        "temperature <code>0.5<",
        "at most <code>2</code> seconds",
    ):
        assert chip in shown
