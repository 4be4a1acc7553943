"""The list of experiments: filters, order and page stand in the address, in a closed grammar, forks out of the way."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.common.errors import Refused
from apps.runs.experiment_table import COLUMNS, KINDS, ORDERS, STATES, ExperimentTable, read_experiment_table
from apps.runs.models import Experiment, Run
from tests.factories import make_experiment, make_problem
from tests.people import make_member
from tests.runs.launch_form import SignIn

LIST = "/t/demo/experiments/"
# The order by each column of words, of the experiments of the test below.
WORDS = {"name": "abc", "strategy": "bca", "engine": "cab", "started": "bac", "problems": "cab"}


@pytest.fixture
def client(team: Team, owner: User, client_of: SignIn) -> Client:
    return client_of(owner)


def made(team: Team, name: str, status: str = "", **fields: str) -> Experiment:
    """An experiment, with one run of that status if one is given."""
    experiment = Experiment.objects.create(
        **{"team": team, "kind": "search", "name": name, "strategy": "beam", **fields}
    )
    if status:
        Run.objects.create(team=team, experiment=experiment, problem=make_problem(team), status=status)
    return experiment


def names(team: Team, query: str) -> list[str]:
    return [experiment.name for experiment in read_experiment_table(QueryDict(query)).of(team)]


def shown(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == status
    return unescape(answer.content.decode())


def test_forks_are_hidden_until_their_chip_is_pressed(team: Team, client: Client) -> None:
    for kind in ("search", "imported", "fork", "fork"):
        made(team, f"a {kind}", kind=kind)
    page = shown(client)
    assert ("a search" in page, "a imported" in page, "a fork" in page) == (True, True, False)
    assert '?kind=search&kind=imported&kind=fork">forks <span class="count">2</span>' in page
    assert names(team, "kind=search&kind=imported&kind=fork") == ["a fork", "a fork", "a imported", "a search"]
    assert names(team, "kind=fork") == ["a fork", "a fork"]


def test_a_state_is_that_of_the_experiment_and_its_runs(team: Team) -> None:
    made(team, "waits", "waiting")
    made(team, "runs", "running")
    made(team, "paused", "waiting", state="paused")
    made(team, "paused too late", "finished", state="paused")
    made(team, "done", "finished")
    made(team, "given up", "cancelled", state="cancelled")
    assert names(team, "state=running&sort=name") == ["runs", "waits"]
    assert names(team, "state=paused") == ["paused"]
    assert names(team, "state=finished&sort=name") == ["done", "paused too late"]
    assert names(team, "state=cancelled") == ["given up"]
    assert len(names(team, "&".join(f"state={key}" for key in STATES))) == 6


def test_a_text_is_found_in_name_problems_and_strategy(team: Team) -> None:
    made(team, "100% [new]")
    made(team, "plain", strategy="best_of_n")
    make_experiment(team, name="over a set")
    assert names(team, "text=0%25+%5Bn") == ["100% [new]"]
    assert names(team, "text=BEST_of") == ["over a set", "plain"]
    assert names(team, "text=made") == ["over a set"]


@pytest.mark.parametrize("sort", [order for order in ORDERS if order.removeprefix("-") in WORDS])
def test_every_order_is_that_of_its_column(team: Team, sort: str) -> None:
    for name, strategy, engine in (("b", "beam", "z"), ("a", "worst", "y"), ("c", "best", "x")):
        made(team, name, strategy=strategy, engine=engine)
    key = sort.removeprefix("-")
    order = WORDS[key]
    wanted = order if key == "problems" or not sort.startswith("-") else order[::-1]
    assert names(team, f"sort={sort}") == list(wanted)


def test_the_heads_of_the_columns_turn_the_order_around(team: Team, client: Client) -> None:
    made(team, "one")
    page = shown(client, "sort=name")
    assert 'aria-sort="ascending"><a class="sort" href="?sort=-name"' in page
    assert page.count('class="sort"') == len(COLUMNS)


def test_the_address_is_read_back_as_it_was_written() -> None:
    for table in (
        ExperimentTable(),
        ExperimentTable(tuple(KINDS), ("paused",), "ä & b", "-name", 3),
        ExperimentTable(("fork",)).with_state("running").with_kind("search").sorted_by("engine"),
    ):
        assert read_experiment_table(QueryDict(table.query)) == table


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "Unknown field 'colour'. Known: kind, state, text, sort, page."),
        ("kind=all", "Unknown kind 'all'. Known: search, imported, fork."),
        ("state=lost", "Unknown state 'lost'. Known: running, paused, finished, cancelled."),
        ("sort=secret", "Unknown order 'secret'. Known: name, "),
        ("sort=name&sort=name", "Expected sort once; found it 2 times."),
        ("page=0", "Expected the number of a page, from 1; found '0'."),
        ("page=²", "Expected the number of a page, from 1; found '²'."),
        ("text=%00", "Expected a text of at most 200 characters; found one that no text can hold."),
        (f"text={'a' * 201}", "Expected a text of at most 200 characters; found 201."),
    ],
)
def test_what_the_list_does_not_know_is_refused_by_name_and_the_list_is_shown(
    team: Team, client: Client, query: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read_experiment_table(QueryDict(query))
    assert refusal.value.message.startswith(sentence)
    made(team, "still there")
    page = shown(client, query, status=400)
    assert sentence in page
    assert "still there" in page


def test_a_filter_that_nothing_passes_leads_back(team: Team, client: Client) -> None:
    made(team, "one")
    assert "No experiment is like that." in shown(client, "text=two")


def test_a_page_beyond_the_last_is_the_last(team: Team, client: Client) -> None:
    Experiment.objects.bulk_create(Experiment(team=team, kind="search", name=f"n{n}") for n in range(60))
    assert shown(client, "page=9").count("/t/demo/experiments/") == shown(client, "page=2").count(
        "/t/demo/experiments/"
    )
    assert "page=1&sort=name" in shown(client, "page=2&sort=name")


def test_an_empty_list_leads_to_the_form_for_who_may_launch(team: Team, client: Client, client_of: SignIn) -> None:
    assert f'href="{LIST}new/">Launch an experiment' in shown(client)
    for role in (Role.ANNOTATOR, Role.VIEWER):
        page = shown(client_of(make_member(team, f"{role}@example.org", role)))
        assert ("No experiments yet" in page, f"{LIST}new/" in page) == (True, False)


def test_queries_do_not_grow_with_the_rows(team: Team, client: Client) -> None:
    problem, counts = make_problem(team), []
    for more in (10, 990):
        many = Experiment.objects.bulk_create(Experiment(team=team, kind="search", name="n") for _ in range(more))
        Run.objects.bulk_create(Run(team=team, experiment=one, problem=problem) for one in many)
        with CaptureQueriesContext(connection) as captured:
            shown(client, "state=running")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
