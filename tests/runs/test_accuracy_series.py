"""The accuracy as it grew: its last point is the figure, its points are few, and its plot stays in its box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Team
from apps.problems.models import Problem
from apps.runs.accuracy_series import HEIGHT, MOST_POINTS, WIDTH, accuracy_series, plot_of, point_of
from apps.runs.figures import experiment_figures
from apps.runs.models import Answer, Experiment, Run
from apps.runs.selectors import figures_of
from apps.runs.states import RunStatus
from tests.factories import make_experiment, make_problem

START = datetime(2026, 11, 1, tzinfo=UTC)
# What a finished run may be: right, wrong, without an answer, with one that nobody could judge.
ENDS = (True, False, None, "?")


def finish(experiment: Experiment, ends: list[bool | str | None]) -> None:
    """One finished run an end, a second apart."""
    problem = make_problem(experiment.team)
    runs = Run.objects.bulk_create(
        Run(
            team=experiment.team,
            experiment=experiment,
            problem=problem,
            status=RunStatus.FINISHED,
            ended_at=START + timedelta(seconds=n),
            chosen=None if end is None else 1,
            correct=end if isinstance(end, bool) else None,
            right_count=int(end is True),
        )
        for n, end in enumerate(ends)
    )
    Answer.objects.bulk_create(
        Answer(run=run, number=1, text="x", correct=run.correct, checker="exact_text", version=1)
        for run in runs
        if run.chosen
    )


@given(st.lists(st.booleans(), min_size=2, max_size=120))
def test_the_plot_stays_in_its_box_and_the_interval_around_its_line(rights: list[bool]) -> None:
    points = [point_of(sum(rights[:n]), n) for n in range(1, len(rights) + 1)]
    assert all(0 <= point.low <= point.rate <= point.high <= 1 for point in points)
    plot = plot_of(points)
    assert plot is not None
    places = [tuple(map(float, place.split(","))) for place in f"{plot.line} {plot.band}".split()]
    assert len(places) == 3 * len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert plot.line.split()[-1].startswith(f"{WIDTH:.1f},")


def test_one_point_makes_no_line() -> None:
    assert plot_of([]) is plot_of([point_of(1, 1)]) is None


def test_there_is_no_point_for_nothing() -> None:
    with pytest.raises(ValueError, match="at least one known run"):
        point_of(0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("has_reference", [True, False])
@pytest.mark.parametrize(
    "ends",
    [
        [True],
        [None],
        ["?"],
        [None, "?", None],
        [False, True, None, True, "?", True, False],
        [None, None, True],
        [True, False] * 149 + [None],
        [],
    ],
    ids=str,
)
def test_the_last_point_is_the_figure(team: Team, ends: list[bool | str | None], has_reference: bool) -> None:
    experiment = make_experiment(team)
    finish(experiment, ends)
    if not has_reference:
        Problem.objects.update(answer="")
    Run.objects.create(team=team, experiment=experiment, problem=make_problem(team), status=RunStatus.FAILED)
    figures = figures_of([experiment])[experiment.pk]
    points = accuracy_series(experiment, figures)
    told = experiment_figures(experiment).accuracy
    assert (figures.right, figures.known) == (told.right, told.known)
    if not figures.known:
        assert points == []
        return
    last = points[-1]
    assert (last.right, last.known, last.rate, (last.low, last.high)) == (
        figures.right,
        figures.known,
        figures.accuracy,
        figures.interval,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 99, 100, 101, 199, 257, 1000])
def test_there_are_few_points_and_each_counts_the_runs_before_it(team: Team, count: int) -> None:
    experiment = make_experiment(team)
    rights = [n % 3 == 0 for n in range(count)]
    finish(experiment, list(rights))
    points = accuracy_series(experiment, figures_of([experiment])[experiment.pk])
    assert len(points) <= MOST_POINTS + 1
    assert [(point.known, point.right) for point in points] == [(p.known, sum(rights[: p.known])) for p in points]
    assert points[-1].known == count
    assert len(points) >= min(count, MOST_POINTS // 2)
