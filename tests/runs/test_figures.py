"""An experiment's figures: what is counted as right, wrong and unknown, and the interval of a fraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.runs.figures import Share, experiment_figures, wilson_interval
from apps.runs.leases import claim
from apps.runs.models import Experiment
from apps.runs.selectors import figures_of
from apps.runs.sink import RunSink
from tests.runs.logs import ENGINE, log, waiting_runs
from workers.search.events import AnswerChosen, Answered, Event, Origin, RunFailed, RunFinished, StepAdded, StepPruned

CORRECT = {"right": True, "wrong": False, "unknown": None}


def played(samples: Sequence[str], chosen: int | None) -> list[Event]:
    """A run with one step a sample: right, wrong, unknown, or silent for one without an answer."""
    events: list[Event] = [log()[0]]
    for number, sample in enumerate(samples, start=1):
        events.append(StepAdded(len(events) + 1, 2.0, number, 0, 1, sample, "generated", ENGINE, True, 1, 2, 3))
        if sample != "silent":
            events.append(Answered(len(events) + 1, 2.0, number, sample, sample, CORRECT[sample], "game24", 1))
    if chosen is not None:
        events.append(AnswerChosen(len(events) + 1, 3.0, chosen, "first"))
    return [*events, RunFinished(len(events) + 1, 4.0, "answered" if chosen else "no-answer")]


def stored(*runs: list[Event], answer: str = "", checker: str = "exact_text") -> Experiment:
    experiment = waiting_runs(len(runs))
    experiment.problem_set.problems.update(answer=answer, checker=checker)
    for claimed, events in zip(claim(len(runs), experiment.pk), runs, strict=True):
        RunSink(claimed.run_id, claimed.attempt, claimed.owner).take(events)
    return experiment


@pytest.mark.django_db
def test_accuracy_counts_chosen_answers_and_pass_at_1_all_samples() -> None:
    figures = experiment_figures(stored(played(["right", "wrong"], 1), played(["wrong", "wrong", "right"], 2)))
    assert figures.accuracy == Share(1, 2)
    assert figures.pass_at_1 == Share(2, 5)


@pytest.mark.django_db
def test_what_nobody_can_tell_counts_for_neither() -> None:
    figures = experiment_figures(stored(played(["unknown", "right"], 1), played(["wrong"], 1)))
    assert figures.accuracy == Share(0, 1)
    assert figures.pass_at_1 == Share(1, 2)


@pytest.mark.django_db
def test_no_answer_is_wrong_where_an_answer_could_be_told() -> None:
    told = experiment_figures(stored(played(["right", "silent"], 1), played(["silent"], 1), played(["silent"], None)))
    assert told.accuracy == Share(1, 3)
    assert told.pass_at_1 == Share(1, 4)
    with_reference = experiment_figures(stored(played(["silent"], 1), answer="24"))
    assert with_reference.accuracy.rate == 0.0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("checker", "answer", "rate"),
    [("game24", "", 0.0), ("puzzle", "", 0.0), ("exact_text", "24", 0.0), ("exact_text", "", None), ("", "24", None)],
)
def test_where_nobody_answers_it_depends_on_what_the_checker_needs(
    checker: str, answer: str, rate: float | None
) -> None:
    silent = stored(played(["silent"], 1), played(["silent"], None), answer=answer, checker=checker)
    figures = experiment_figures(silent)
    assert (figures.accuracy.rate, figures.pass_at_1.rate) == (rate, rate)
    assert figures_of([silent])[silent.pk].accuracy == rate


@pytest.mark.django_db
def test_where_nothing_can_be_told_there_is_no_accuracy() -> None:
    figures = experiment_figures(stored(played(["unknown"], 1), played(["silent"], None)))
    assert (figures.accuracy.rate, figures.pass_at_1.rate) == (None, None)


@pytest.mark.django_db
def test_a_sample_is_a_leaf_that_was_drawn_and_not_given_up() -> None:
    # Of the log's three steps one is pruned and one has a child.
    assert experiment_figures(stored(log())).pass_at_1 == Share(1, 1)
    *begun, answered, chosen, finished = played(["wrong", "right", "right"], 3)
    cancelled = StepPruned(answered.seq + 1, 2.5, 1, "2 of 3 agree")
    later = [replace(event, seq=event.seq + 1) for event in (chosen, finished)]
    assert experiment_figures(stored([*begun, answered, cancelled, *later])).pass_at_1 == Share(2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["inherited", "edited"])
def test_a_branch_that_is_only_inherited_is_no_sample(origin: Origin) -> None:
    inherited = StepAdded(1, 1.0, 1, 0, 1, "a step", origin, ENGINE)
    started = replace(log()[0], seq=2)
    assert experiment_figures(stored([inherited, started, RunFinished(3, 4.0, "no-answer")])).pass_at_1 == Share(0, 0)
    drawn = StepAdded(3, 2.0, 2, 1, 2, "24", "generated", ENGINE, True)
    answered, end = Answered(4, 2.0, 2, "24", "24", True, "game24", 1), RunFinished(5, 4.0, "no-answer")
    assert experiment_figures(stored([inherited, started, drawn, answered, end])).pass_at_1 == Share(1, 1)


@pytest.mark.django_db
def test_it_sums_what_the_runs_cost_and_tells_the_failed() -> None:
    failed = [*log()[:4], RunFailed(5, 9.0, "gone", retryable=False)]
    figures = experiment_figures(stored(log(), failed, played(["right"], 1)))
    assert (figures.problems, figures.failed, figures.steps) == (3, 1, 7)
    assert (figures.tokens_generated, figures.tokens_computed, figures.scorer_tokens) == (18, 55, 71)
    assert figures.accuracy == Share(2, 2)
    assert figures.seconds is not None
    assert figures.seconds >= 0


@pytest.mark.django_db
def test_it_asks_three_statements_whatever_the_size() -> None:
    experiment = stored(*[played(["right"] * 5, 1)] * 4)
    with CaptureQueriesContext(connection) as queries:
        experiment_figures(experiment)
    assert len(queries) == 3


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), table I: 81 of 263, method 3.
    low, high = wilson_interval(81, 263) or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson_interval(0, 0) is None


@given(known=st.integers(1, 10_000), data=st.data())
def test_the_interval_holds_the_fraction_and_stays_between_0_and_1(known: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, known))
    low, high = wilson_interval(right, known) or (0.0, 0.0)
    assert 0.0 <= low <= right / known + 1e-12
    assert right / known - 1e-12 <= high <= 1.0
    assert (low == 0.0) == (right == 0)
    assert (high == 1.0) == (right == known)
