"""Who may see the pages of problems, and that these ask no more of the database when there is more to show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.problems.models import ProblemSet
from tests import people
from tests.factories import make_problem_set
from tests.problems.played import play, text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def browser(client_of: ClientOf, owner: User) -> Client:
    return client_of(owner)


@pytest.mark.parametrize(
    ("path", "rows"), [("problems/", "sets"), ("problems/made/", "problems"), ("problems/made/1/", "runs")]
)
def test_queries_do_not_grow_with_the_rows(browser: Client, team: Team, path: str, rows: str) -> None:
    counts = []
    made = make_problem_set(team, 1)
    for many in (10, 1000):
        if rows == "problems":
            make_problem_set(team, many)
        elif rows == "sets":
            ProblemSet.objects.bulk_create(
                ProblemSet(team=team, slug=f"set-{many}-{n}", name=f"Set {n}") for n in range(many)
            )
        else:
            play(team, made.problems.get(position=1), many)
        with CaptureQueriesContext(connection) as queries:
            text(browser, f"/t/demo/{path}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("path", ["", "made/", "made/1/"])
def test_members_look_and_nobody_else(client_of: ClientOf, team: Team, stranger: User, path: str) -> None:
    make_problem_set(team)
    for role in Role:
        member = people.make_member(team, f"{role}@example.org", role)
        text(client_of(member), f"/t/demo/problems/{path}")
    text(client_of(stranger), f"/t/demo/problems/{path}", 404)
    assert Client().get(f"/t/demo/problems/{path}").status_code == 302


@pytest.mark.parametrize(
    "path", ["nothing/", "made/2/", "made/0/", "made/99999999999999999999/", "theirs/", "theirs/1/"]
)
def test_what_is_not_there_or_anothers_is_not_found(browser: Client, team: Team, stranger: User, path: str) -> None:
    make_problem_set(team)
    make_problem_set(Team.objects.get(slug="elsewhere"), slug="theirs")
    text(browser, f"/t/demo/problems/{path}", 404)
