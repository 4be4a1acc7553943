"""The page of one experiment: who sees what, what its address asks, and what it says of each kind of experiment."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.runs.models import Experiment, Run
from apps.runs.run_table import COLUMNS
from apps.runs.states import RunStatus
from tests.factories import make_experiment, make_problem, make_run_with_tree
from tests.people import make_member

SignIn = Callable[[User], Client]
WHY = "EngineError: the endpoint answered 500 three times. " + "Launch it again with a smaller width. " * 5


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """One run in each state, the failed one with a long reason."""
    made = make_experiment(team)
    for status in RunStatus:
        failure = WHY if status == RunStatus.FAILED else ""
        Run.objects.create(
            team=team, experiment=made, problem=make_problem(team), status=status, failure=failure, correct=True
        )
    return made


@pytest.fixture
def client(owner: User, client_of: SignIn) -> Client:
    return client_of(owner)


def page(experiment: Experiment, query: str = "") -> str:
    return f"/t/demo/experiments/{experiment.pk}/" + (f"?{query}" if query else "")


def shown(client: Client, experiment: Experiment, query: str = "") -> str:
    answer = client.get(page(experiment, query))
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> list[str]:
    return re.findall(r'<tr id="run-(\d+)"', html)


def test_each_person_gets_what_their_place_allows(
    experiment: Experiment, team: Team, stranger: User, client_of: SignIn
) -> None:
    for role, steers in ((Role.OWNER, True), (Role.REVIEWER, True), (Role.ANNOTATOR, False), (Role.VIEWER, False)):
        html = shown(client_of(make_member(team, f"{role}@example.org", role)), experiment)
        assert ("Pause" in html, 'id="cancel-experiment"' in html) == (steers, steers)
        assert len(rows(html)) == 5
    assert client_of(stranger).get(page(experiment)).status_code == 404
    assert client_of(stranger).get(f"/t/elsewhere/experiments/{experiment.pk}/").status_code == 404
    assert Client().get(page(experiment)).status_code == 302


def test_a_filter_shows_the_runs_like_that_and_the_chips_lead_on(client: Client, experiment: Experiment) -> None:
    html = shown(client, experiment, "outcome=failed&outcome=waiting&sort=-tokens")
    assert len(rows(html)) == 2
    assert html.count('class="chip" href="?outcome=') == 5
    assert 'href="?outcome=waiting&amp;sort=-tokens" aria-current="true"' in html
    assert '<input type="hidden" name="sort" value="-tokens">' in html
    assert "No run is like that" in shown(client, experiment, "text=zebra")


def test_the_head_of_the_sorted_column_says_so(client: Client, experiment: Experiment) -> None:
    for key in set(COLUMNS):
        assert shown(client, experiment, f"sort=-{key}").count('aria-sort="descending"') == 1
        assert shown(client, experiment, f"sort={key}").count('aria-sort="ascending"') == 1
    assert "aria-sort" not in shown(client, experiment)


@pytest.mark.parametrize(
    "query", ["__regex=zebra", "_connector=zebra", "owner__password=zebra", "sort=zebra", "page=zebra"]
)
def test_what_the_table_does_not_know_is_said_and_reaches_no_query(
    client: Client, experiment: Experiment, query: str
) -> None:
    with CaptureQueriesContext(connection) as plain:
        all_runs = rows(shown(client, experiment))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page(experiment, query))
    html = answer.content.decode()
    assert (answer.status_code, rows(html)) == (400, all_runs)
    assert "This address asks for what the table does not know" in html
    assert "zebra" in html or "Unknown field" in html
    assert len(asked) == len(plain)
    assert not [q for q in asked if "zebra" in q["sql"]]


def test_hostile_text_is_shown_as_text(client: Client, experiment: Experiment) -> None:
    html = shown(client, experiment, "text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert "<b>" not in client.get(page(experiment, "sort=%3Cb%3E")).content.decode()


def test_a_failed_run_keeps_its_whole_reason_at_hand(client: Client, experiment: Experiment) -> None:
    html = shown(client, experiment)
    run = experiment.runs.get(status=RunStatus.FAILED)
    assert f'popovertarget="failure-{run.pk}"' in html
    assert f'<p class="failure-words" dir="auto">{WHY}</p>' in html
    assert html.count("popover ") == 1


def test_what_was_asked_of_the_table_is_still_asked_after_a_pause(client: Client, experiment: Experiment) -> None:
    html = shown(client, experiment, "outcome=failed&sort=-time")
    action = f"{page(experiment)}pause/?outcome=failed&amp;sort=-time"
    assert f'action="{action}"' in html
    answer = client.post(action.replace("&amp;", "&"))
    assert answer.headers["Location"] == page(experiment, "outcome=failed&sort=-time")
    assert client.post(f"{page(experiment)}resume/?next=//evil.example").status_code == 400
    assert "paused" in shown(client, experiment)


def test_a_page_is_live_until_all_runs_have_ended(client: Client, experiment: Experiment) -> None:
    html = shown(client, experiment, "sort=-time")
    assert f'hx-get="{page(experiment)}?sort=-time"' in html
    assert f'data-socket="/ws/t/demo/experiments/{experiment.pk}"' in html
    experiment.runs.update(status=RunStatus.FINISHED)
    ended = shown(client, experiment)
    assert not [word for word in ("hx-", "data-socket", "htmx", "time left") if word in ended]


def test_an_imported_experiment_has_sources_and_no_pace(client: Client, experiment: Experiment) -> None:
    Experiment.objects.filter(pk=experiment.pk).update(kind=Experiment.Kind.IMPORTED, strategy="prm800k")
    experiment.runs.update(status=RunStatus.FINISHED, source="phase2.jsonl:7")
    html = shown(client, experiment)
    assert "imported from <code>prm800k</code>" in html
    assert html.count("phase2.jsonl:7") == 5
    assert not [
        word for word in ("problems done", "run-bar", 'id="accuracy"', "seed <code>", "sort=-time") if word in html
    ]


def test_a_fork_names_the_run_it_came_from(client: Client, team: Team) -> None:
    parent = make_run_with_tree(team)
    fork = make_experiment(team, parent.problem.problem_set, name="Fork")
    Experiment.objects.filter(pk=fork.pk).update(kind=Experiment.Kind.FORK)
    Run.objects.create(
        team=team, experiment=fork, problem=parent.problem, parent_run=parent, parent_step=2, source=str(parent.pk)
    )
    assert f'<a href="/t/demo/runs/{parent.pk}/steps/2/">run {parent.pk}</a> from step <code>2</code>' in shown(
        client, fork
    )
    parent.delete()
    assert f"run {fork.runs.get().source} (deleted)" in shown(client, fork)
