"""The page that searches a team: what it shows, what it says where there is nothing, who may see it, at what cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.trees.indexing import index_a_round
from tests.factories import make_run_with_tree
from tests.people import make_member

HOSTILE = "needle <script>alert(1)</script> & \"quotes\" 'n' \u202eright to left"


@pytest.fixture
def client(owner: User, client_of: Any) -> Client:
    return client_of(owner)


def page(client: Client, **query: str) -> str:
    answer = client.get("/t/demo/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_step_is_shown_with_its_words_marked_and_a_link_that_searches_its_tree(client: Client, team: Team) -> None:
    run = make_run_with_tree(team, [["first", "Un CAFÉ noir"]])
    index_a_round()
    said = page(client, q="cafe noir")
    assert "Un <mark>CAFÉ</mark> <mark>noir</mark>" in said
    assert f'/t/demo/runs/{run.pk}/steps/2/?find=CAF%C3%89+noir"' in said


def test_hostile_text_stays_text(client: Client, team: Team) -> None:
    make_run_with_tree(team, [[HOSTILE]])
    index_a_round()
    said = page(client, q="needle")
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert "<mark>needle</mark>" in said
    assert "<mark>&lt;script&gt;</mark>" in page(client, q="<script> needle")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("", "Search everything the team has"), ("   ", "Search everything the team has"), ("absent", "Nothing found")],
)
def test_a_page_without_results_says_what_to_do(client: Client, query: str, sentence: str) -> None:
    assert sentence in page(client, q=query)


@pytest.mark.parametrize(("query", "sentence"), [("q=" + "x" * 201, "found 201"), ("words=x", "takes q, once")])
def test_what_cannot_be_asked_is_said_on_the_page(client: Client, query: str, sentence: str) -> None:
    answer = client.get(f"/t/demo/search/?{query}")
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_a_run_that_is_not_searched_yet_is_told_of(client: Client, team: Team) -> None:
    make_run_with_tree(team, [["needle"]])
    assert "not searched yet" in page(client, q="needle")


def test_more_hits_take_no_more_queries(client: Client, team: Team) -> None:
    counts = []
    for runs in (1, 12):
        for _ in range(runs):
            make_run_with_tree(team, [["needle", "needle"]] * runs)
        index_a_round()
        page(client, q="needle What")
        with CaptureQueriesContext(connection) as captured:
            page(client, q="needle")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_role_of_the_team_may_search_and_nobody_else(
    team: Team, stranger: User, client_of: Any, client: Client
) -> None:
    for role in Role:
        member = make_member(team, f"{role.value}@search.example.org", role)
        assert client_of(member).get("/t/demo/search/?q=x").status_code == 200
    assert client_of(stranger).get("/t/demo/search/?q=x").status_code == 404
    assert Client().get("/t/demo/search/?q=x").status_code == 302
