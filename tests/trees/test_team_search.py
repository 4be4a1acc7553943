"""The search of a team: which steps and problems are found, in which order, how many, and whose."""

from __future__ import annotations

import pytest

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Run
from apps.trees import team_search
from apps.trees.indexing import index_a_round
from apps.trees.team_search import (
    STEPS_A_RUN,
    find_problems,
    find_steps_of,
    has_unsearched_runs,
    read_query,
    runs_of,
    texts_of,
)
from tests.factories import make_problem_set, make_run_with_tree
from tests.people import make_team


def found(team: Team, query: str) -> dict[int, list[int]]:
    return find_steps_of(team, read_query(query)).by_run


@pytest.fixture
def run(team: Team) -> Run:
    run = make_run_with_tree(team, [[r"Take $\frac{1}{2}$ of 120", "so x^2+5 = 12"], ["Un café", "it is 12/5"]])
    index_a_round()
    return run


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("take", [1]),
        ("TAK", [1]),
        ("ake", None),
        (r"\frac{1}{2}", [1]),
        ("frac", [1]),
        ("12", [2, 4]),
        ("12/5", [4]),
        ("5/12", None),
        ("12 5", [2, 4]),
        ("x^2+5", [2]),
        ("cafe", [3]),
        ('"so x"', [2]),
        ('"x so"', None),
        ("take café", None),
        ("{ take", [1]),
        ("{", None),
        ("...", None),
    ],
)
def test_steps_are_found_by_words_and_by_expressions(
    team: Team, run: Run, query: str, numbers: list[int] | None
) -> None:
    assert found(team, query) == ({run.pk: numbers} if numbers else {})


def test_the_newest_run_comes_first_with_a_few_steps_and_is_said_to_have_more(team: Team) -> None:
    many = make_run_with_tree(team, [["again"] * (STEPS_A_RUN + 1)])
    few = make_run_with_tree(team, [["again", "other"]])
    index_a_round()
    steps = find_steps_of(team, ["again"])
    assert list(steps.by_run.items()) == [(few.pk, [1]), (many.pk, [1, 2, 3, 4, 5])]
    assert steps.cut == {many.pk}
    assert not steps.partial
    assert [one.pk for one in runs_of(team, steps)] == [few.pk, many.pk]
    assert texts_of(steps)[few.pk, 1] == "again"


def test_a_run_full_of_it_hides_no_other_and_what_is_left_out_is_told(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = [make_run_with_tree(team, [["again"]]) for _ in range(3)]
    full = make_run_with_tree(team, [["again"] * 30])
    index_a_round()
    monkeypatch.setattr(team_search, "LOOKED_AT", 10)
    steps = find_steps_of(team, ["again"])
    assert list(steps.by_run) == [full.pk, *(run.pk for run in reversed(older))]
    assert steps.cut == {full.pk}
    assert not steps.partial
    monkeypatch.setattr(team_search, "MOST_STEPS", 7)
    fewer = find_steps_of(team, ["again"])
    assert list(fewer.by_run) == [full.pk, older[2].pk, older[1].pk]
    assert fewer.partial


def test_a_search_that_takes_too_long_says_so(team: Team, run: Run) -> None:
    steps = find_steps_of(team, ["take"], most_seconds=0)
    assert (steps.by_run, steps.partial, steps.is_late) == ({}, True, True)


def test_nothing_of_another_team_is_found(team: Team, run: Run) -> None:
    other = make_team("other")
    assert found(other, "take") == {}
    assert not find_problems(other, ["What"]).problems
    assert not runs_of(other, find_steps_of(team, ["take"]))


def test_problems_are_found_by_statement_and_answer(team: Team) -> None:
    make_problem_set(team, 25)
    assert [problem.position for problem in find_problems(team, ["what", "17"]).problems] == [17]
    many = find_problems(team, ["WHAT"])
    assert (len(many.problems), many.partial, many.problems[0].position) == (20, True, 25)


def test_runs_that_are_not_searched_yet_are_known(team: Team, run: Run) -> None:
    assert not has_unsearched_runs(team)
    Run.objects.filter(pk=run.pk).update(status="running")
    assert has_unsearched_runs(team)
    make_run_with_tree(team)
    assert has_unsearched_runs(team)
    assert not has_unsearched_runs(make_team("other"))


@pytest.mark.parametrize("query", ["x" * 201, "a\0b"])
def test_what_no_text_can_hold_is_refused(query: str) -> None:
    with pytest.raises(Refused, match="at most 200 characters"):
        read_query(query)
