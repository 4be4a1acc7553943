"""A stored log read back is the log that was stored, whichever way it went in and whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.log import read_log, read_logs
from apps.runs.models import Run, StepText
from apps.runs.rows import timestamp
from apps.runs.sink import RunSink
from tests.runs.logs import ENGINE, SCORER, TRACE, claimed_run, log
from workers import loaded
from workers.search.ensemble import play
from workers.search.events import (
    AnswerChosen,
    Answered,
    BudgetSpent,
    Event,
    Maker,
    Note,
    RunContinued,
    RunFailed,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRepeated,
    StepRevisited,
    StepScored,
    TokenTrace,
)
from workers.search.runner import Runner, RunSpec
from workers.search.strategies import STRATEGIES

NUMBERS = st.integers(1, 2**31 - 1)
COSTS = st.integers(0, 50_000)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.floats(-(2**53), 2**53)  # in parameters and notes a greater one comes back as the integer of its digits
HALVES = st.floats(width=16, allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
STAMPS = st.floats(0, 4e9).map(lambda at: round(at, 6))
MAKERS = st.builds(
    Maker, st.sampled_from(["engine", "scorer", "person"]), st.sampled_from("abc"), revision=st.just("r")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | SMALL | TEXTS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(TEXTS, parts, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)


@st.composite
def traces(draw: st.DrawFn) -> TokenTrace:
    count = draw(st.integers(0, 4))

    def column(values: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(values, min_size=count, max_size=count)))

    ids, lengths = column(st.integers(0, 2**32 - 1)), column(st.integers(0, 2**16 - 1))
    alternatives = draw(st.sampled_from([None, column(st.lists(st.tuples(TEXTS, FLOATS), max_size=3).map(tuple))]))
    return TokenTrace(ids, lengths, column(HALVES), column(HALVES), alternatives)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Any log that can be stored; what its events say of each other is not looked at, but for numbers and moves."""
    makers = st.lists(MAKERS, max_size=3).map(tuple)
    kinds = st.sampled_from(
        [RunContinued, StepAdded, StepRepeated, StepScored, StepRevisited, StepPruned, BudgetSpent, Note]
    )
    fields = {
        RunStarted: (TEXTS, COSTS, OBJECTS, st.integers(0, 2**63 - 1), TEXTS, TEXTS, makers),
        RunContinued: (st.integers(0, 2**63 - 1), TEXTS, makers, TEXTS, NUMBERS),
        StepRepeated: (NUMBERS, NUMBERS, COSTS, COSTS),
        StepScored: (NUMBERS, MAKERS, FLOATS, COSTS),
        StepRevisited: (NUMBERS, FLOATS, st.lists(FLOATS, max_size=3).map(tuple)),
        StepPruned: (NUMBERS, TEXTS),
        BudgetSpent: (TEXTS, FLOATS, FLOATS),
        Note: (TEXTS, OBJECTS),
        Answered: (NUMBERS, TEXTS, st.none() | TEXTS, st.none() | st.booleans(), TEXTS, COSTS),
        AnswerChosen: (NUMBERS, TEXTS),
        RunFailed: (TEXTS, st.booleans()),
        RunFinished: (st.sampled_from(["answered", "no-answer", "out-of-budget"]),),
    }
    events: list[Event] = []
    number = move = 0
    chosen = [AnswerChosen] if draw(st.booleans()) else []
    middle = draw(st.lists(kinds, max_size=8))
    for kind in (RunStarted, *middle, Answered, *chosen, draw(st.sampled_from([RunFailed, RunFinished]))):
        at, move = draw(STAMPS), move + draw(st.integers(0, 1))
        if kind is StepAdded:
            number += 1
            events.append(_step(draw, len(events) + 1, at, number, move))
        else:
            events.append(kind(len(events) + 1, at, *map(draw, fields[kind]), move=move))
    return events


def _step(draw: st.DrawFn, seq: int, at: float, number: int, move: int) -> StepAdded:
    return StepAdded(
        seq, at, number, draw(st.integers(0, number - 1)), draw(st.integers(1, 32_767)), draw(TEXTS),
        draw(st.sampled_from(["generated", "forced", "inherited", "imported"])), draw(MAKERS), draw(st.booleans()),
        draw(COSTS), draw(COSTS), draw(COSTS), draw(st.none() | FLOATS), draw(st.none() | FLOATS),
        draw(st.none() | traces()), move=move,
    )  # fmt: skip


def sunk(events: list[Event]) -> int:
    claim = claimed_run()
    with RunSink(claim.run_id, claim.attempt, claim.owner) as sink:
        sink.take(events)
    return claim.run_id


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=logs())
def test_any_log_comes_back_as_it_was_stored_by_sink_or_bulk(events: list[Event]) -> None:
    run = Run.objects.get(pk=sunk(events))
    with transaction.atomic():
        [other] = store_new_runs(run.experiment, [NewRun(run.problem_id, "", events)]).run_ids
    assert read_logs([run.pk, other]) == {run.pk: events, other: events}


class Twice:
    """A sink that stores what it takes, and keeps it."""

    def __init__(self, sink: RunSink) -> None:
        self.sink, self.taken = sink, []

    def take(self, events: Sequence[Event]) -> None:
        self.taken += events
        self.sink.take(events)


@pytest.mark.django_db
@pytest.mark.parametrize("strategy", STRATEGIES.keys())
def test_a_run_that_was_played_reads_back_as_its_runner_told_it(strategy: str) -> None:
    claim, engine, scorer = claimed_run(), loaded.engine("scripted"), loaded.scorer("scripted")
    sink = Twice(RunSink(claim.run_id, claim.attempt, claim.owner))
    play([Runner(RunSpec("1 4 6 8", "24", "game24", strategy), sink, clock=time.time)], engine, scorer)
    assert read_log(claim.run_id) == [_as_stored(event) for event in sink.taken]


def _as_stored(event: Event) -> Event:
    if not isinstance(event, StepAdded) or event.trace is None:
        return event
    columns = ("logprobs", "entropies")
    halves = {name: tuple(np.float16(getattr(event.trace, name)).astype(float).tolist()) for name in columns}
    return replace(event, trace=replace(event.trace, **halves))


@given(at=STAMPS)
def test_a_stamp_rounded_to_microseconds_is_the_same_float_after_storage(at: float) -> None:
    assert datetime.fromisoformat(timestamp(at)).timestamp() == at


@pytest.mark.django_db
def test_what_storage_cannot_hold_comes_back_as_it_is_stored() -> None:
    trace = replace(TRACE, logprobs=(-0.1, -100_000.0, 0.0))
    step = StepAdded(2, 11.000_000_4, 1, 0, 1, "a\0b\ud800c", "generated", ENGINE, trace=trace)
    [_, read] = read_log(sunk([log()[0], step]))
    halves = tuple(float(np.float16(value)) for value in (-0.1, -65504.0, 0.0))
    assert read == replace(step, at=11.0, text="a\ufffdb?c", trace=replace(trace, logprobs=halves))


@pytest.mark.django_db
def test_many_runs_are_read_in_four_queries() -> None:
    run_ids = [sunk(log()) for _ in range(5)]
    with CaptureQueriesContext(connection) as queries:
        read = read_logs([*run_ids, 0])
    assert (len(queries), read[0]) == (4, [])
    assert len({id(event.maker) for run_id in run_ids for event in read[run_id] if isinstance(event, StepAdded)}) == 1


@pytest.mark.django_db
def test_a_row_that_is_missing_is_said_by_run_and_step() -> None:
    run_id = sunk(log())
    StepText.objects.filter(run=run_id, number=2).delete()
    with pytest.raises(LookupError, match=f"Run {run_id}: step 2 has no text stored"):
        read_log(run_id)
    other = sunk(log())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM runs_maker WHERE key = %s", [SCORER.key])
    with pytest.raises(LookupError, match=f"Run {other}: its events name maker"):
        read_log(other)
