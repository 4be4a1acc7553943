"""The tree page says what a run was forked from and lists its forks, with a link either way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.forks import branch_run, continue_run
from apps.runs.models import Experiment, Run
from tests.runs.forking import played

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return played(team)


@pytest.fixture
def page(owner: User, client_of: SignIn) -> Callable[[Run], str]:
    client = client_of(owner)
    return lambda run: " ".join(client.get(f"/t/demo/runs/{run.pk}/").content.decode().split())


def test_a_run_without_forks_says_nothing_of_them(run: Run, page: Callable[[Run], str]) -> None:
    shown = page(run)
    assert "Forks of this run" not in shown
    assert "forked from" not in shown


def test_a_branch_and_its_parent_link_to_each_other(run: Run, page: Callable[[Run], str]) -> None:
    fork = branch_run(run, 1, hint=False)
    assert f'forked from</dt><dd><a href="/t/demo/runs/{run.pk}/steps/1/">run {run.pk}</a>, step 1</dd>' in page(fork)
    assert (
        f'<a href="/t/demo/runs/{fork.pk}/">Run {fork.pk}</a> from <a href="/t/demo/runs/{run.pk}/steps/1/">'
        in page(run)
    )


def test_a_continuation_and_a_branch_of_the_question_say_where_they_begin(run: Run, page: Callable[[Run], str]) -> None:
    continued, whole = continue_run(run, run.seq, seed=1, hint=False), branch_run(run, 0, hint=False)
    assert f'<a href="/t/demo/runs/{run.pk}/">run {run.pk}</a>, event {continued.parent_seq}</dd>' in page(continued)
    assert f'<a href="/t/demo/runs/{run.pk}/">run {run.pk}</a>, its question</dd>' in page(whole)
    assert f"from event {continued.parent_seq}, " in page(run)


def test_a_parent_that_was_deleted_is_named_as_such(run: Run, page: Callable[[Run], str]) -> None:
    fork, parent_id = branch_run(run, 1, hint=False), run.pk
    Experiment.objects.get(pk=run.experiment_id).delete()
    assert f"<dd>run {parent_id} (deleted), step 1</dd>" in page(fork)


def test_many_forks_take_no_more_queries(run: Run, owner: User, client_of: SignIn) -> None:
    client, counts = client_of(owner), []
    for more in (1, 4):
        for _ in range(more):
            branch_run(run, 1, hint=False)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/t/demo/runs/{run.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11


def test_the_list_of_experiments_marks_forks(run: Run, owner: User, client_of: SignIn) -> None:
    branch_run(run, 1, hint=False)
    name = f"Run {run.pk} from step 1"
    # Forks would flood the list, so they are shown on request alone.
    assert name not in client_of(owner).get("/t/demo/experiments/").content.decode()
    shown = client_of(owner).get("/t/demo/experiments/?kind=fork").content.decode()
    assert name in shown
    assert '<span class="quiet">fork:</span> beam' in shown
