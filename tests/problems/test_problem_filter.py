"""A filter of problems finds in SQL what it says in words, and reads nothing that it does not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.filters import ProblemFilter, read_filter
from apps.problems.models import Problem
from apps.problems.services import add_problems
from apps.runs.problem_table import ProblemTable, read_problem_table

SIGNS = "aBc%_\\ é5$"
CHECKERS = ["", "math", "exact_text"]
rows = st.fixed_dictionaries(
    {
        "statement": st.text(SIGNS, min_size=1).filter(str.strip),
        "checker": st.sampled_from(CHECKERS),
        "difficulty": st.none() | st.integers(0, 4),
        "source": st.text(SIGNS, max_size=4),
    }
)
filters = st.builds(
    ProblemFilter,
    text=st.text(SIGNS, max_size=2),
    difficulty_min=st.none() | st.sampled_from([0.0, 1.5, 2.0]),
    difficulty_max=st.none() | st.sampled_from([2.0, 3.5, 4.0]),
    source=st.text(SIGNS, max_size=2),
    checker=st.sampled_from(["", "math", "none"]),
    position=st.none() | st.integers(1, 6),
    first=st.none() | st.integers(1, 6),
)


def passes(problem: Problem, wanted: ProblemFilter) -> bool:
    """The filter in Python, without `first`."""
    low, high = wanted.difficulty_min, wanted.difficulty_max
    bounds = [] if low is None else [problem.difficulty is not None and problem.difficulty >= low]
    bounds += [] if high is None else [problem.difficulty is not None and problem.difficulty <= high]
    return (
        wanted.text.lower() in problem.statement.lower()
        and wanted.source.lower() in problem.source.lower()
        and all(bounds)
        and wanted.position in (None, problem.position)
        and (not wanted.checker or problem.checker == ("" if wanted.checker == "none" else wanted.checker))
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=st.lists(rows, min_size=1, max_size=12), wanted=filters)
def test_it_finds_in_sql_what_it_says(team: Team, stored: list[dict[str, Any]], wanted: ProblemFilter) -> None:
    Problem.objects.all().delete()
    problem_set = add_problems(team=team, slug="set", name="Set", description="", rows=stored)
    everything = list(Problem.objects.filter(problem_set=problem_set).order_by("position"))
    expected = [problem.position for problem in everything if passes(problem, wanted)][: wanted.first]
    found = wanted.of(problem_set)
    assert [problem.position for problem in found] == expected
    assert [problem.position for problem in found.order_by("-position").filter(position__gt=1)] == [
        position for position in reversed(expected) if position > 1
    ]


@given(wanted=filters.filter(lambda one: (one.difficulty_min or 0) <= (one.difficulty_max or 9)))
def test_what_it_stores_it_reads_again(wanted: ProblemFilter) -> None:
    assert read_filter(wanted.as_json()) == wanted
    assert read_filter({name: str(value) for name, value in wanted.as_json().items()}) == wanted


def test_a_filter_finds_no_problem_of_another_set(team: Team) -> None:
    one, other = (
        add_problems(team=team, slug=slug, name=slug, description="", rows=[{"statement": "same"}])
        for slug in ("one", "other")
    )
    assert [problem.problem_set_id for problem in ProblemFilter(text="same", first=5).of(one)] == [one.pk]
    assert [problem.problem_set_id for problem in ProblemFilter().of(other)] == [other.pk]


def test_only_what_is_set_is_stored() -> None:
    assert ProblemFilter().as_json() == {}
    assert read_filter({"text": "", "first": None, "difficulty_min": "0"}).as_json() == {"difficulty_min": 0.0}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("text", 5, "Expected a text; found 5"),
        ("text", "x" * 201, "Expected at most 200 characters; found"),
        ("text", "a\0", "Expected text that a problem can hold"),
        ("source", "\ud800", "Expected text that a problem can hold"),
        ("difficulty_min", "hard", "Expected a finite number; found 'hard'"),
        ("difficulty_min", "1_6", "Expected a finite number"),
        ("difficulty_min", float("nan"), "Expected a finite number"),
        ("difficulty_max", "inf", "Expected a finite number"),
        ("difficulty_max", 10**400, "Expected a finite number"),
        ("difficulty_max", True, "Expected a number; found True"),
        ("checker", "nobody", "Expected one of .*math.*none; found 'nobody'"),
        ("checker", ["math"], "Expected one of"),
        ("first", 0, "Expected a whole number from 1 to"),
        ("first", "1.5", "Expected a whole number"),
        ("first", 2.0, "Expected a whole number"),
        ("first", True, "Expected a whole number"),
        ("first", "²", "Expected a whole number"),
        ("first", "9" * 5000, "Expected a whole number"),
        ("problem_set__team__members__password__regex", "a", "Unknown field. Known: text"),
        ("_connector", "OR", "Unknown field"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(name: str, value: object, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        read_filter({name: value})
    assert list(refused.value.fields) == [name]


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(Refused, match="Expected at least difficulty_min, which is 3; found 2"):
        read_filter({"difficulty_min": 3, "difficulty_max": "2"})


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["position", "rate"]), st.integers(1, 99))
def test_the_address_of_a_table_asks_for_that_table(difficulty: float, sort: str, page: int) -> None:
    table = ProblemTable(ProblemFilter(difficulty_min=difficulty), sort=sort, page=page)
    assert read_problem_table(QueryDict(table.query)) == table
