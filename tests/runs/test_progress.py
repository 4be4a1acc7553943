"""How far an experiment is: the bar, the pace and the time left, on rows and ends that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Team
from apps.runs.models import Experiment, Run
from apps.runs.progress import BAR, FEWEST_ENDS, PACE_RUNS, STATES, progress_of, seconds_left, segments_of
from apps.runs.selectors import NOTHING, RunFigures, figures_of
from apps.runs.services import pause_experiment, resume_experiment
from apps.runs.states import ExperimentState, RunStatus
from tests.factories import make_experiment, make_problem

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """That long ago."""
    return NOW - timedelta(seconds=seconds)


def runs_of(counts: Any) -> RunFigures:
    """The figures of so many runs in each state."""
    return replace(NOTHING, runs=sum(counts.values()), **counts)


@given(st.fixed_dictionaries({state: st.integers(0, 100_000) for state in STATES}))
def test_the_bar_is_full_without_gaps_and_shows_whatever_is_there(counts: dict[str, int]) -> None:
    segments = segments_of(runs_of(counts))
    assert [(one.state, one.count) for one in segments] == [(s, counts[s]) for s in STATES if counts[s]]
    assert all(one.width >= 1 for one in segments)
    assert [one.start for one in segments] == [sum(one.width for one in segments[:n]) for n in range(len(segments))]
    assert sum(one.width for one in segments) == (BAR if segments else 0)


def test_the_bar_is_in_proportion() -> None:
    widths = [one.width for one in segments_of(runs_of({"finished": 50, "running": 25, "waiting": 25}))]
    assert widths == [500, 250, 250]


def test_the_time_left_follows_the_pace_of_the_last_ends() -> None:
    assert seconds_left([at(seconds) for seconds in (0, 10, 20, 30, 40)], 6, NOW) == 60


def test_a_standstill_since_the_last_end_lengthens_it() -> None:
    assert seconds_left([at(seconds) for seconds in (60, 70, 80, 90, 100)], 6, NOW) == 150


def test_too_few_ends_and_ends_at_one_moment_tell_nothing() -> None:
    assert seconds_left([at(1)] * (FEWEST_ENDS - 1), 6, NOW) is None
    assert seconds_left([NOW] * FEWEST_ENDS, 6, NOW) is None


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """30 finished runs, one a second, the last a second ago; 8 steps and 100 tokens each; 2 running, 8 waiting."""
    made = make_experiment(team)
    problem = make_problem(team)
    ended = [
        Run(status=RunStatus.FINISHED, started_at=at(n + 10), ended_at=at(n), step_count=8, tokens_generated=100,
            tokens_computed=120)
        for n in range(1, 31)
    ]  # fmt: skip
    running = [Run(status=RunStatus.RUNNING, started_at=at(5), step_count=5, tokens_generated=50) for _ in range(2)]
    waiting = [Run(status=RunStatus.WAITING) for _ in range(8)]
    for run in (*ended, *running, *waiting):
        run.team, run.experiment, run.problem = team, made, problem
    Run.objects.bulk_create([*ended, *running, *waiting])
    return made


def test_progress_is_what_the_rows_say(experiment: Experiment) -> None:
    figures = figures_of([experiment])[experiment.pk]
    progress = progress_of(experiment, figures, NOW)
    assert (progress.ended, figures.left, figures.tokens, figures.tokens_a_run) == (30, 10, 3100, 100)
    assert (progress.seconds, progress.steps_a_second) == (40, 250 / 40)
    # The last PACE_RUNS ends are 19 gaps in 20 seconds.
    assert progress.seconds_left == 10 * 20 / (PACE_RUNS - 1)
    assert progress.computed_a_token == 3600 / 3100


def test_a_paused_experiment_has_no_time_left_to_tell(experiment: Experiment) -> None:
    experiment.state = ExperimentState.PAUSED
    assert progress_of(experiment, figures_of([experiment])[experiment.pk], NOW).seconds_left is None


def test_the_night_that_an_experiment_was_paused_is_no_pace(experiment: Experiment) -> None:
    pause_experiment(experiment)
    experiment.runs.filter(status=RunStatus.FINISHED).update(ended_at=F("ended_at") - timedelta(hours=10))
    resume_experiment(experiment)
    experiment.refresh_from_db()
    now = timezone.now()
    assert progress_of(experiment, figures_of([experiment])[experiment.pk], now).seconds_left is None
    waiting = list(experiment.runs.filter(status=RunStatus.WAITING)[:6])
    for n, run in enumerate(waiting):
        Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, ended_at=now + timedelta(seconds=10 * (n + 1)))
    figures = figures_of([experiment])[experiment.pk]
    assert progress_of(experiment, figures, now + timedelta(seconds=60)).seconds_left == figures.left * 50 / 5


def test_an_experiment_that_is_over_took_until_its_last_end(experiment: Experiment) -> None:
    experiment.runs.exclude(status=RunStatus.FINISHED).update(status=RunStatus.CANCELLED, ended_at=NOW)
    progress = progress_of(experiment, figures_of([experiment])[experiment.pk], NOW + timedelta(days=3))
    assert (progress.seconds, progress.seconds_left, progress.ended) == (40, None, 40)


def test_runs_that_were_cancelled_together_are_no_pace(experiment: Experiment) -> None:
    experiment.runs.filter(status=RunStatus.FINISHED).update(status=RunStatus.CANCELLED)
    assert progress_of(experiment, figures_of([experiment])[experiment.pk], NOW).seconds_left is None


def test_nothing_is_said_of_what_has_not_begun(team: Team) -> None:
    made = make_experiment(team)
    progress = progress_of(made, figures_of([made])[made.pk], NOW)
    assert (progress.segments, progress.seconds, progress.steps_a_second, progress.computed_a_token) == (
        (),
        None,
        None,
        None,
    )
