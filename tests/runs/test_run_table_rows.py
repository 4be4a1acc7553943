"""The rows of the table of runs: each filter, each order, each page, against what the rows themselves say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from apps.accounts.models import Team
from apps.problems.models import Problem
from apps.runs.models import Experiment, Run
from apps.runs.outcomes import OUTCOMES, outcome_of
from apps.runs.run_table import COLUMNS, RunTable
from apps.runs.selectors import PAGE_ROWS, outcome_counts, page_of_runs
from apps.runs.states import RunStatus
from tests.factories import make_experiment, make_problem_set

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """Every combination of what an outcome is made of, once."""
    made = make_experiment(team, make_problem_set(team, 3))
    problems = list(made.problem_set.problems.order_by("-position")) if made.problem_set else []
    parts = product(RunStatus, (True, False, None), (0, 2), (0, 4), ("answered", "no-answer", "out-of-budget", ""))
    Run.objects.bulk_create(
        Run(
            team=team,
            experiment=made,
            problem=problems[n % 3],
            status=status,
            correct=correct,
            right_count=right,
            answer_count=answers,
            outcome=outcome,
            chosen_score=None if n % 5 == 0 else (n * 7 % 11) / 10,
            best_score=None if n % 4 == 0 else (n * 5 % 13) / 10,
            tokens_generated=n * 37 % 101,
            step_count=n * 11 % 17,
            started_at=START if n % 3 else None,
            ended_at=START + timedelta(seconds=n * 13 % 29) if n % 7 else None,
        )
        for n, (status, correct, right, answers, outcome) in enumerate(parts)
    )
    return made


VALUES: dict[str, Callable[[Run], object]] = {
    "outcome": lambda run: list(OUTCOMES).index(outcome_of(run).key),
    "problem": lambda run: run.problem.position,
    "chosen": lambda run: run.chosen_score,
    "best": lambda run: run.best_score,
    "below": lambda run: (
        None if run.best_score is None or run.chosen_score is None else run.best_score - run.chosen_score
    ),
    "right": lambda run: run.right_count,
    "tokens": lambda run: run.tokens_generated,
    "steps": lambda run: run.step_count,
    "time": lambda run: run.ended_at - run.started_at if run.ended_at and run.started_at else None,
}


def ids(table: RunTable, experiment: Experiment) -> list[int]:
    return list(table.of(experiment).values_list("id", flat=True))


@pytest.mark.parametrize("key", OUTCOMES)
def test_an_outcome_has_the_runs_that_say_so(key: str, experiment: Experiment) -> None:
    said = [run.pk for run in experiment.runs.order_by("id") if outcome_of(run).key == key]
    assert said
    assert ids(RunTable(outcomes=(key,)), experiment) == said


def test_each_run_has_one_outcome_and_the_counts_are_theirs(experiment: Experiment) -> None:
    counts = outcome_counts(experiment, RunTable(outcomes=("lost",)))
    assert counts == {key: len(ids(RunTable(outcomes=(key,)), experiment)) for key in OUTCOMES}
    assert sum(counts.values()) == experiment.runs.count()
    assert len(ids(RunTable(outcomes=("lost", "failed")), experiment)) == counts["lost"] + counts["failed"]


def test_there_is_a_value_to_check_every_column_against() -> None:
    assert VALUES.keys() == COLUMNS.keys()


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("key", COLUMNS)
def test_a_column_orders_all_runs_with_what_is_unknown_last(key: str, falls: bool, experiment: Experiment) -> None:
    runs = list(experiment.runs.select_related("problem").order_by("id"))
    value = VALUES[key]
    known = [run for run in runs if value(run) is not None]
    # Sorting keeps the order of birth among equals, also where it is turned around.
    expected = sorted(known, key=value, reverse=falls) + [run for run in runs if value(run) is None]  # type: ignore[arg-type]
    assert ids(RunTable(sort=key, falls=falls), experiment) == [run.pk for run in expected]


@pytest.mark.parametrize(
    "text", [".*", "what is (", "50%_", r"a\b", "[[:alpha:]]", "'; DROP TABLE", "***=x", "(?i)", "É", "a  b", "{2}"]
)
def test_a_text_means_itself_whatever_its_characters(text: str, experiment: Experiment) -> None:
    problem = Problem.objects.filter(problem_set=experiment.problem_set).order_by("position")[0]
    Problem.objects.filter(pk=problem.pk).update(statement=f"before {text.swapcase()} after")
    found = RunTable(text=text).of(experiment)
    assert set(found.values_list("problem_id", flat=True)) == {problem.pk}
    assert sum(outcome_counts(experiment, RunTable(text=text)).values()) == found.count() == 80


def test_pages_hold_every_run_once(experiment: Experiment) -> None:
    length, seen = experiment.runs.count(), []
    for page in range(1, 6):
        shown = page_of_runs(experiment, RunTable(sort="right", page=page), length)
        assert shown.number == page
        seen += [run.pk for run in shown]
    assert seen == ids(RunTable(sort="right"), experiment)
    assert len(set(seen)) == length == 240
    assert len(list(page_of_runs(experiment, RunTable(), length))) == PAGE_ROWS


def test_a_page_beyond_the_last_is_the_last(experiment: Experiment) -> None:
    assert page_of_runs(experiment, RunTable(page=999_999_999), 240).number == 5
    assert list(page_of_runs(experiment, RunTable(text="zebra", page=3), 0)) == []


def test_no_run_of_another_experiment_is_shown(experiment: Experiment, team: Team) -> None:
    other = make_experiment(team, name="Other")
    assert ids(RunTable(), other) == []
    assert outcome_counts(other, RunTable()) == {}
