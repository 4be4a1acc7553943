"""The figures of one experiment: accuracy with its interval, pass@1, costs; each asked of the rows in one statement.

It never walks over steps in Python, and counts nothing as right or wrong that nobody could tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db import connection

from apps.runs.models import Experiment
from workers.verifiers.checkers import CHECKERS

_Z95 = 1.959963984540054

CHECKERS_ALONE = tuple(entry.key for entry in CHECKERS if not entry.needs_reference)
"""Keys of the checkers that tell right from wrong without a reference answer."""

_RUNS = """
SELECT count(*), sum(step_count), sum(tokens_generated), sum(tokens_computed), sum(scorer_tokens),
    extract(epoch FROM max(ended_at) - min(started_at)), count(*) FILTER (WHERE status = 'failed')
FROM runs_run WHERE experiment_id = %(experiment)s
"""

# A run whose chosen step gives no answer, or that chose none, has no answer row to join.
_CHOSEN = """
SELECT count(*) FILTER (WHERE answer.correct), count(*) FILTER (WHERE answer.correct IS NOT NULL),
    count(*) FILTER (WHERE answer.run_id IS NULL),
    count(*) FILTER (WHERE answer.run_id IS NULL
        AND (problem.checker = ANY(%(alone)s) OR problem.checker <> '' AND problem.answer <> ''))
FROM runs_run run
JOIN problems_problem problem ON problem.id = run.problem_id
LEFT JOIN runs_answer answer ON answer.run_id = run.id AND answer.number = run.chosen
WHERE run.experiment_id = %(experiment)s AND run.status = 'finished'
"""

# A sample is a leaf that the run itself has drawn and not given up: a step without children, neither pruned (by a
# strategy's choice among unfinished steps, or a draft cancelled midway) nor inherited from another run.
_SAMPLES = """
SELECT count(*) FILTER (WHERE answer.correct), count(*) FILTER (WHERE answer.correct IS NOT NULL),
    count(*) FILTER (WHERE answer.run_id IS NULL),
    count(*) FILTER (WHERE answer.run_id IS NULL
        AND (problem.checker = ANY(%(alone)s) OR problem.checker <> '' AND problem.answer <> ''))
FROM runs_run run
JOIN problems_problem problem ON problem.id = run.problem_id
JOIN runs_step step ON step.run_id = run.id
LEFT JOIN runs_answer answer ON answer.run_id = step.run_id AND answer.number = step.number
WHERE run.experiment_id = %(experiment)s AND run.status = 'finished'
    AND step.pruned IS NULL AND step.origin NOT IN ('inherited', 'edited')
    AND NOT EXISTS (SELECT 1 FROM runs_step child WHERE child.run_id = step.run_id AND child.parent = step.number)
"""


@dataclass(frozen=True, slots=True)
class Share:
    """right of known: how many are right among those of which that can be told."""

    right: int
    known: int

    @property
    def rate(self) -> float | None:
        """A fraction; None where nothing is known."""
        return self.right / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What an experiment came to. problems: runs in it; failed: those among them; seconds: from the first
    claim to the last end, None while there is none; tokens as charged by the runs."""

    problems: int
    failed: int
    accuracy: Share
    pass_at_1: Share
    steps: int
    tokens_generated: int
    tokens_computed: int
    scorer_tokens: int
    seconds: float | None


def experiment_figures(experiment: Experiment) -> Figures:
    """The figures of an experiment as its rows stand now, in three statements."""
    problems, steps, generated, computed, scorer_tokens, seconds, failed = _counted(_RUNS, experiment)
    return Figures(
        problems=problems,
        failed=failed,
        accuracy=_share(*_counted(_CHOSEN, experiment)),
        pass_at_1=_share(*_counted(_SAMPLES, experiment)),
        steps=int(steps or 0),
        tokens_generated=int(generated or 0),
        tokens_computed=int(computed or 0),
        scorer_tokens=int(scorer_tokens or 0),
        seconds=None if seconds is None else float(seconds),
    )


def wilson_interval(right: int, known: int) -> tuple[float, float] | None:
    """The 95% score interval of a fraction (Wilson 1927, equation for the limits with z = 1.96); None for none."""
    if known == 0:
        return None
    rate, z2 = right / known, _Z95 * _Z95
    centre = (rate + z2 / (2 * known)) / (1 + z2 / known)
    half = _Z95 * sqrt(rate * (1 - rate) / known + z2 / (4 * known * known)) / (1 + z2 / known)
    # At the ends the two terms are equal, and rounding must not say otherwise.
    return 0.0 if right == 0 else centre - half, 1.0 if right == known else centre + half


def _counted(statement: str, experiment: Experiment) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"experiment": experiment.pk, "alone": list(CHECKERS_ALONE)})
        counts: tuple[Any, ...] = cursor.fetchone()
    return counts


def _share(right: int, decided: int, silent: int, silent_tellable: int) -> Share:
    """What gave no answer is wrong wherever an answer could have been told right or wrong: where the problem's checker
    had all it needs, or where others of the same experiment were told."""
    return Share(right, decided + (silent if decided else silent_tellable))
