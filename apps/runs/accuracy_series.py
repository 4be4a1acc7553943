"""How the accuracy of an experiment grew, run by run, as points of a plot; it counts what figures.py counts, and draws
no conclusions from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.runs.figures import CHECKERS_ALONE, wilson_interval
from apps.runs.models import Experiment
from apps.runs.selectors import RunFigures

MOST_POINTS = 100
WIDTH = 400
HEIGHT = 100

# Which runs without an answer are known to be wrong is a matter of the whole experiment (RunFigures.known), so that the
# last point is the figure itself.
_GROWN = """
WITH known AS (
    SELECT run.id, run.ended_at, run.correct::int AS is_right
    FROM runs_run run
    WHERE run.experiment_id = %(experiment)s AND run.status = 'finished' AND run.correct IS NOT NULL
    UNION ALL
    SELECT run.id, run.ended_at, 0
    FROM runs_run run
    JOIN problems_problem problem ON problem.id = run.problem_id
    WHERE run.experiment_id = %(experiment)s AND run.status = 'finished' AND run.correct IS NULL
        AND (%(decided)s OR problem.checker = ANY(%(alone)s) OR problem.checker <> '' AND problem.answer <> '')
        AND NOT EXISTS (
            SELECT 1 FROM runs_answer answer WHERE answer.run_id = run.id AND answer.number = run.chosen
        )
), grown AS (
    SELECT row_number() OVER born AS known, sum(is_right) OVER born AS "right", count(*) OVER () AS total
    FROM known WINDOW born AS (ORDER BY ended_at, id ROWS UNBOUNDED PRECEDING)
)
SELECT known, "right" FROM grown
WHERE known = total OR known %% ceil(total / %(points)s::numeric)::bigint = 0
ORDER BY known
"""


@dataclass(frozen=True, slots=True)
class Point:
    """After `known` runs that can be called right or wrong, `right` were right; interval: 95%, fractions."""

    known: int
    right: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Points as SVG takes them, in a box of WIDTH × HEIGHT whose top is accuracy 1: the line, and the interval around
    it as one shape."""

    points: Sequence[Point]
    line: str
    band: str


def accuracy_series(experiment: Experiment, figures: RunFigures) -> list[Point]:
    """The accuracy over the runs in the order of their end, at most MOST_POINTS and a last one, which is the figure."""
    given: dict[str, Any] = {
        "experiment": experiment.pk,
        "decided": figures.decided > 0,
        "alone": list(CHECKERS_ALONE),
        "points": MOST_POINTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, given)
        return [point_of(int(right), int(known)) for known, right in cursor.fetchall()]


def point_of(right: int, known: int) -> Point:
    """The point for `right` of `known`, at least one."""
    interval = wilson_interval(right, known)
    if interval is None:
        raise ValueError(f"Expected at least one known run for a point; found {known}.")
    low, high = interval
    return Point(known, right, right / known, low, high)


def plot_of(points: Sequence[Point]) -> Plot | None:
    """The points drawn; None for fewer than two, which make no line."""
    if len(points) < 2:
        return None
    last = points[-1].known
    line = [_place(point.known / last, point.rate) for point in points]
    above = [_place(point.known / last, point.high) for point in points]
    below = [_place(point.known / last, point.low) for point in reversed(points)]
    return Plot(points, " ".join(line), " ".join(above + below))


def _place(across: float, rate: float) -> str:
    return f"{across * WIDTH:.1f},{(1 - rate) * HEIGHT:.1f}"
