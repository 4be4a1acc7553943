"""Problems come into a set once, in order, and a bad row is refused by number and field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet
from apps.problems.rows import problem_digest
from apps.problems.selectors import ids_by_digest, problem_set_of
from apps.problems.services import add_problems

ROWS = [
    {"statement": "1 2 3 4", "answer": "", "checker": "game24", "difficulty": 3, "source": "a"},
    {"statement": "4 6 8 8", "answer": "24", "checker": "game24"},
    {"statement": "What is six times four?", "answer": "24", "checker": "exact_text", "difficulty": None},
]


def added(team: Team, *rows: Mapping[str, Any]) -> ProblemSet:
    return add_problems(team=team, slug="set", name="Set", description="For tests.", rows=rows)


def stored(team: Team) -> list[tuple[int, str]]:
    return list(
        Problem.objects.filter(problem_set__team=team).order_by("position").values_list("position", "statement")
    )


def test_it_stores_problems_in_their_order(team: Team) -> None:
    added(team, *ROWS)
    assert stored(team) == [(1, "1 2 3 4"), (2, "4 6 8 8"), (3, "What is six times four?")]
    first = Problem.objects.get(position=1)
    assert (first.difficulty, first.source, first.digest) == (3.0, "a", problem_digest("1 2 3 4", "", "game24"))


def test_adding_again_adds_what_is_new_at_the_end(team: Team) -> None:
    first = added(team, *ROWS[:2])
    again = add_problems(team=team, slug="set", name="Other", description="", rows=[ROWS[2], ROWS[1], ROWS[0], ROWS[2]])
    assert again == first
    assert (again.name, again.description) == ("Set", "For tests.")
    assert [position for position, _ in stored(team)] == [1, 2, 3]
    assert stored(team)[2][1] == ROWS[2]["statement"]


def test_the_same_question_with_another_answer_is_another_problem(team: Team) -> None:
    added(team, ROWS[1], {**ROWS[1], "answer": "25"}, {**ROWS[1], "checker": ""})
    assert len(stored(team)) == 3


def test_a_set_belongs_to_its_team(team: Team, stranger: object) -> None:
    added(team, ROWS[0])
    elsewhere = Team.objects.get(slug="elsewhere")
    assert added(elsewhere, ROWS[0]).team == elsewhere
    assert ProblemSet.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"statement": " "}, "field 'statement': expected a question; found nothing"),
        ({"statement": 5}, "field 'statement': expected text; found int 5"),
        ({"statement": "a\0"}, r"field 'statement': expected text that can be stored; found the character U\+0000"),
        ({"answer": ["24"]}, "field 'answer': expected text; found list"),
        ({"checker": "nobody"}, "field 'checker': expected one of .*game24.*; found 'nobody'"),
        ({"difficulty": "hard"}, "field 'difficulty': expected a finite number; found 'hard'"),
        ({"difficulty": float("nan")}, "field 'difficulty': expected a finite number; found nan"),
        ({"source": "x" * 201}, "field 'source': expected at most 200 characters; found 201"),
        ({"level": 3}, "field 'level': expected one of the fields statement, answer.*; found a field of another name"),
    ],
)
def test_a_bad_row_is_refused_and_none_is_added(team: Team, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match="Problem 2, " + sentence):
        added(team, ROWS[0], {**ROWS[1], **change})
    assert stored(team) == []
    assert not ProblemSet.objects.exists()


def test_an_unknown_set_is_refused_with_the_known_ones(team: Team) -> None:
    added(team, ROWS[0])
    with pytest.raises(Refused, match=r"Unknown problem set 'sets'\. Known: set"):
        problem_set_of(team, "sets")


def test_ids_are_found_by_digest(team: Team) -> None:
    made = added(team, *ROWS)
    wanted = problem_digest("4 6 8 8", "24", "game24")
    assert ids_by_digest(made, [wanted, "0" * 64]) == {wanted: Problem.objects.get(position=2).pk}


def test_statements_do_not_grow_with_the_rows(team: Team) -> None:
    counts = []
    for first, last in ((0, 2), (2, 500)):
        with CaptureQueriesContext(connection) as queries:
            added(team, *({"statement": f"{n} 1 1 1", "checker": "game24"} for n in range(first, last)))
        counts.append(len(queries))
    assert counts[1] <= counts[0]
