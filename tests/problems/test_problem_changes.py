"""The pages that change problem sets: by whom, and what they say of what they did not do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.problems.models import Problem, ProblemSet
from tests import people
from tests.factories import make_experiment, make_problem_set

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
IMPORT = "/t/demo/problems/import/"
CONTENT = b"statement,answer\nWhat?,5\nWhy?\n"


@pytest.fixture
def browser(client_of: ClientOf, owner: User) -> Client:
    return client_of(owner)


def sent(content: bytes = CONTENT, **fields: str) -> dict[str, object]:
    return {"upload": SimpleUploadedFile("problems.csv", content), "keep": "good", **fields}


def test_a_file_makes_a_new_set_and_says_what_it_left_out(browser: Client) -> None:
    page = browser.post(IMPORT, sent(name="Some questions")).content.decode()
    made = ProblemSet.objects.get()
    assert (made.slug, made.name, made.problems.count()) == ("some-questions", "Some questions", 1)
    assert "1 problem added" in page
    assert "/t/demo/problems/some-questions/" in page
    assert "1 row rejected" in page
    assert "2 cells, one a column" in page


def test_it_goes_into_a_set_that_is_there(browser: Client, team: Team) -> None:
    made = make_problem_set(team, 2)
    browser.post(IMPORT, sent(problem_set="made"))
    assert made.problems.count() == 3
    assert 'value="made" selected' in browser.get(f"{IMPORT}?set=made").content.decode()


@pytest.mark.parametrize(
    ("name", "slug"), [("Import", "import-2"), ("Made", "made-2"), ("أسئلة", "set"), ("_-_", "set")]
)
def test_a_new_set_gets_an_address_that_is_free(browser: Client, team: Team, name: str, slug: str) -> None:
    make_problem_set(team)
    browser.post(IMPORT, sent(name=name))
    assert ProblemSet.objects.get(slug=slug).name == name


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Expected the name of the new set; found none"),
        ({"problem_set": "made", "name": "New"}, "Expected either a set that is there or the name of a new one"),
        ({"problem_set": "theirs"}, "theirs is not one of the available choices"),
        ({"name": "New", "format": "xml"}, "xml is not one of the available choices"),
        ({"name": "New", "checker": "me"}, "me is not one of the available choices"),
        ({"name": "New", "keep": "some"}, "some is not one of the available choices"),
        ({"name": "New", "upload": ""}, "Choose a file"),
        ({"name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_stored(
    browser: Client, team: Team, stranger: User, fields: dict[str, str], sentence: str
) -> None:
    make_problem_set(team)
    make_problem_set(Team.objects.get(slug="elsewhere"), slug="theirs")
    response = browser.post(IMPORT, sent(**fields))
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert Problem.objects.count() == 2


def test_a_file_over_the_limit_and_one_of_no_format_are_refused(browser: Client) -> None:
    large = browser.post(IMPORT, sent(b"statement\n" + b"x" * 1024 * 1024, name="New"))
    assert "expected at most 1 MiB" in large.content.decode()
    packed = browser.post(IMPORT, sent(b"PK\x03\x04", name="New"))
    assert (packed.status_code, "a zip file; unpack it first" in packed.content.decode()) == (400, True)


def test_name_and_description_are_saved(browser: Client, team: Team) -> None:
    make_problem_set(team)
    answer = browser.post("/t/demo/problems/made/describe/", {"name": "<b>Sums</b>", "description": "Small ones."})
    assert answer.headers["Location"] == "/t/demo/problems/made/"
    page = browser.get("/t/demo/problems/made/").content.decode()
    assert "&lt;b&gt;Sums" in page
    assert "Small ones." in page


def test_a_set_in_use_is_not_deleted_and_another_is(browser: Client, team: Team) -> None:
    experiment = make_experiment(team, make_problem_set(team))
    assert "is used by experiments" in browser.post("/t/demo/problems/made/delete/", follow=True).content.decode()
    experiment.delete()
    assert "is deleted, with 1 problem." in browser.post("/t/demo/problems/made/delete/", follow=True).content.decode()
    assert not ProblemSet.objects.exists()


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("import/", {Role.REVIEWER, Role.OWNER}),
        ("made/describe/", {Role.REVIEWER, Role.OWNER}),
        ("made/delete/", {Role.OWNER}),
    ],
)
def test_a_change_needs_its_right(client_of: ClientOf, team: Team, stranger: User, path: str, may: set[Role]) -> None:
    make_problem_set(team)
    for role in Role:
        if role not in may:
            member = people.make_member(team, f"{role}@example.org", role)
            assert client_of(member).post(f"/t/demo/problems/{path}").status_code == 403
    assert client_of(stranger).post(f"/t/demo/problems/{path}").status_code == 404
    assert Client().post(f"/t/demo/problems/{path}").status_code == 302
    assert Problem.objects.filter(problem_set__slug="made", problem_set__name="Made").count() == 1
