"""The pages of problem sets and problems: what they show, to whom, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs.models import Answer
from apps.runs.selectors import figures_of
from tests.factories import make_experiment, make_problem_set
from tests.problems.played import play, text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def browser(client_of: ClientOf, owner: User) -> Client:
    return client_of(owner)


def test_without_sets_the_list_says_what_would_be_here(browser: Client, client_of: ClientOf, colleague: User) -> None:
    assert "/t/demo/problems/import/" in text(browser, "/t/demo/problems/")
    page = text(client_of(colleague), "/t/demo/problems/")
    assert "A reviewer or an owner of the team can import one" in page
    assert "/problems/import/" not in page


def test_the_list_counts_problems_answers_checkers_and_experiments(browser: Client, team: Team) -> None:
    add_problems(
        team=team,
        slug="mixed",
        name="Mixed",
        description="",
        rows=[
            {"statement": "a", "answer": "1", "checker": "math"},
            {"statement": "b", "checker": "math"},
            {"statement": "c"},
        ],
    )
    make_experiment(team, ProblemSet.objects.get())
    page = text(browser, "/t/demo/problems/")
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    numbers = [part.split("<")[0] for part in row.split('class="number">')[1:]]
    assert numbers == ["3", "1", "1"]
    assert "<code>math</code>" in row
    assert ">none<" in row


def test_a_set_shows_its_problems_with_runs_and_solve_rate(browser: Client, team: Team) -> None:
    first, second = make_problem_set(team, 2).problems.order_by("position")
    play(team, first, 3)
    play(team, first, 1, right=False)
    page = text(browser, "/t/demo/problems/made/")
    assert "0.75 <small>3/4</small>" in page
    assert f"/t/demo/problems/made/{second.position}/" in page


def test_a_run_that_gave_no_answer_failed_where_one_could_have_been_told(browser: Client, team: Team) -> None:
    told, untold = add_problems(
        team=team,
        slug="two",
        name="Two",
        description="",
        rows=[{"statement": "told", "answer": "two", "checker": "exact_text"}, {"statement": "untold"}],
    ).problems.order_by("position")
    for problem in (told, untold):
        play(team, problem, 1)
        silent = play(team, problem, 1).runs.all()
        silent.update(correct=None, chosen=None, answer_count=0, right_count=0, outcome="no-answer")
    rows = browser.get("/t/demo/problems/two/?sort=rate").context["rows"]
    assert [(problem.statement, solved.rate, solved.runs) for problem, solved in rows] == [
        ("told", 0.5, 2),
        ("untold", 1.0, 2),
    ]


def test_a_run_whose_chosen_step_gave_no_answer_failed_whatever_its_other_steps_said(
    browser: Client, team: Team
) -> None:
    [problem] = add_problems(
        team=team,
        slug="one",
        name="One",
        description="",
        rows=[{"statement": "told", "answer": "two", "checker": "exact_text"}],
    ).problems.all()
    silent = play(team, problem, 1)
    run = silent.runs.get()
    Answer.objects.filter(run=run, number=run.chosen).delete()
    silent.runs.update(correct=None)
    assert (run.answer_count, figures_of([silent])[silent.pk].accuracy) == (2, 0.0)
    [(_, solved)] = browser.get("/t/demo/problems/one/?sort=rate").context["rows"]
    assert (solved.rate, solved.judged) == (0.0, 1)


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("", [1, 2, 3]),
        ("sort=-position", [3, 2, 1]),
        ("sort=-difficulty", [3, 1, 2]),
        ("sort=difficulty", [1, 3, 2]),
        ("sort=-runs", [2, 1, 3]),
        ("sort=rate", [1, 2, 3]),
        ("sort=-rate", [2, 1, 3]),
        ("text=THREE", [3]),
        ("difficulty_min=1&difficulty_max=1.5", [1]),
        ("checker=none", [2]),
        ("source=book", [1, 3]),
        ("first=2&sort=-position", [2, 1]),
        ("position=3", [3]),
        ("text=nobody+asks+this", []),
    ],
)
def test_filter_and_order_are_the_addresses(browser: Client, team: Team, query: str, positions: list[int]) -> None:
    made = add_problems(
        team=team,
        slug="three",
        name="Three",
        description="",
        rows=[
            {"statement": "number one", "difficulty": 1, "source": "a Book", "checker": "math"},
            {"statement": "number two"},
            {"statement": "number three", "difficulty": 5, "source": "book 2", "checker": "math"},
        ],
    )
    one, two, _ = made.problems.order_by("position")
    play(team, one, 1, right=False)
    play(team, two, 2)
    response = browser.get(f"/t/demo/problems/three/?{query}")
    assert [problem.position for problem, _ in response.context["rows"]] == positions


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "sort=problem_set__team",
        "page=0",
        "page=x",
        "difficulty_min=hard",
        "text=a&text=b",
        "answer=1",
        "problem_set__team__members__password__regex=a",
        "_connector=OR",
        "page=99999999999",
    ],
)
def test_what_no_table_knows_is_refused_and_all_is_shown(browser: Client, team: Team, query: str) -> None:
    make_problem_set(team, 2)
    page = text(browser, f"/t/demo/problems/made/?{query}", 400)
    assert query.split("=")[0] in page
    assert "/t/demo/problems/made/2/" in page


def test_a_page_beyond_the_last_is_the_last(browser: Client, team: Team) -> None:
    make_problem_set(team, 51)
    assert "51–51 of 51" in text(browser, "/t/demo/problems/made/?page=9")


def test_the_launch_link_takes_the_filter_along(
    browser: Client, client_of: ClientOf, colleague: User, team: Team
) -> None:
    make_problem_set(team, 2)
    page = text(browser, "/t/demo/problems/made/?text=What&first=1&sort=-position")
    assert "/t/demo/experiments/new/?problems=made&amp;text=What&amp;first=1" in page
    assert "experiments/new/" not in text(client_of(colleague), "/t/demo/problems/made/")


def test_a_search_finds_problems_of_the_team_and_of_no_other(browser: Client, team: Team, stranger: User) -> None:
    make_problem_set(team, 2)
    make_problem_set(Team.objects.get(slug="elsewhere"), 2, slug="theirs")
    page = text(browser, "/t/demo/problems/?q=what+IS+2")
    assert "/t/demo/problems/made/2/" in page
    assert "theirs" not in page
    assert "No problem of the team holds this text" in text(browser, "/t/demo/problems/?q=100%25")
    text(browser, f"/t/demo/problems/?q={'x' * 201}", 400)
