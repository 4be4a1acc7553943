"""The tree page: for members only, with the label bar for those who may label, in queries that do not grow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.problems.models import Problem
from apps.runs.models import Run
from tests.factories import make_run_with_tree
from tests.people import make_member

SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


def test_members_see_the_page_and_strangers_nothing(
    run: Run, owner: User, colleague: User, stranger: User, client_of: SignIn
) -> None:
    page = f"/t/demo/runs/{run.pk}/"
    assert [client_of(person).get(page).status_code for person in (owner, colleague, stranger)] == [200, 200, 404]
    assert client_of(stranger).get(f"/t/elsewhere/runs/{run.pk}/").status_code == 404
    assert Client().get(page).status_code == 302


def test_a_step_is_a_link_to_the_same_page_and_a_step_that_is_not_there_is_not_found(
    run: Run, owner: User, client_of: SignIn
) -> None:
    client = client_of(owner)
    assert client.get(f"/t/demo/runs/{run.pk}/steps/{run.step_count}/").status_code == 200
    assert client.get(f"/t/demo/runs/{run.pk}/steps/{run.step_count + 1}/").status_code == 404


def test_who_may_only_look_gets_no_buttons_to_label(run: Run, team: Team, colleague: User, client_of: SignIn) -> None:
    viewer = make_member(team, "viewer@example.org", Role.VIEWER)
    page = f"/t/demo/runs/{run.pk}/"
    assert 'data-part="label"' in client_of(colleague).get(page).content.decode()
    shown = client_of(viewer).get(page).content.decode()
    assert 'data-part="label"' not in shown
    assert "Your role can look at trees, not label them." in shown


def test_text_of_a_problem_is_never_markup(run: Run, owner: User, client_of: SignIn) -> None:
    Problem.objects.filter(pk=run.problem_id).update(statement='<img src=x onerror="alert(1)">')
    shown = client_of(owner).get(f"/t/demo/runs/{run.pk}/").content.decode()
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_a_bigger_tree_takes_no_more_queries(team: Team, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    counts = []
    for run in (make_run_with_tree(team, [["one"]]), make_run_with_tree(team, [["a", "b", "c"]] * 20)):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/t/demo/runs/{run.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11


def test_the_facts_that_scroll_sideways_in_a_narrow_window_can_be_reached_by_keyboard(
    run: Run, owner: User, client_of: SignIn
) -> None:
    page = client_of(owner).get(f"/t/demo/runs/{run.pk}/").content.decode()
    assert '<dl class="run-facts" tabindex="0" aria-label="Facts of this run"' in page
    assert '<nav class="button-group" aria-label="Runs of this experiment">' in page
