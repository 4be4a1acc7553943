"""Turns a team's rows into the lines of a snapshot, in order and one at a time; it stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter

import orjson

from apps.accounts.models import Team
from apps.datasets import selectors
from apps.datasets.lines import line_of, opening_line
from apps.datasets.records import (
    FrozenAdjudication,
    FrozenAnswer,
    FrozenLabel,
    FrozenLabeller,
    FrozenMaker,
    FrozenProblem,
    FrozenRun,
    FrozenScore,
    FrozenStep,
)
from apps.datasets.selectors import Row
from apps.datasets.sheet import Sheet
from apps.labels.verdicts import VERDICTS, standing_verdict

# One batch of runs is read by five queries; of so many steps the server sorts in memory.
BATCH_STEPS = 5_000
BATCH_RUNS = 500


class Aligned:
    """Rows ordered by (place, number), handed out by key; keys must be asked for in the same order."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=itemgetter(0, 1))
        self._key: tuple[int, int] | None = None
        self._rows: list[Row] = []

    def take(self, key: tuple[int, int]) -> list[Row]:
        """The rows of `key`, none where there are none."""
        while self._key is None or self._key < key:
            found = next(self._groups, None)
            if found is None:
                return []
            self._key, self._rows = found[0], list(found[1])
        return self._rows if self._key == key else []


class Freezer:
    """Writes the lines of one snapshot and counts them in `sheet`; needs one open repeatable-read transaction."""

    def __init__(self, team: Team, sheet: Sheet) -> None:
        self._sheet = sheet
        self._makers = selectors.makers()
        self._labellers = selectors.labellers(team)
        self._problem: int | None = None
        self._written: set[tuple[type, int]] = set()

    def lines(self, runs: Sequence[tuple[int, int]]) -> Iterator[bytes]:
        """Every line of the snapshot of `runs`, which are (run, step count) by problem and run."""
        yield opening_line()
        for batch in batches(runs):
            yield from self._batch(batch)

    def _batch(self, runs: Sequence[int]) -> Iterator[bytes]:
        """The lines of some runs: five streams of rows, merged by run and step."""
        steps = groupby(selectors.frozen_rows(selectors.STEPS, runs), key=itemgetter(0))
        scores = Aligned(selectors.frozen_rows(selectors.SCORES, runs))
        labels = Aligned(selectors.frozen_rows(selectors.LABELS, runs))
        settled = Aligned(selectors.frozen_rows(selectors.ADJUDICATIONS, runs))
        place, of_run = next(steps, (None, iter(())))
        for head in list(selectors.frozen_rows(selectors.HEADS, runs)):
            yield from self._head(head)
            if place != head[0]:
                continue
            for row in of_run:
                key = (row[0], row[1])
                yield from self._step(frozen_step(row, scores.take(key), labels.take(key), settled.take(key)))
            place, of_run = next(steps, (None, iter(())))

    def _head(self, row: Row) -> Iterator[bytes]:
        """The line of a run, before it that of its problem where it is a new one."""
        problem, run = FrozenProblem(*row[1:9]), FrozenRun(row[9], row[1], *row[10:])
        if problem.id != self._problem:
            self._problem = problem.id
            self._sheet.add_problem(problem)
            yield line_of(problem)
        self._sheet.add_run(run)
        yield line_of(run)

    def _step(self, step: FrozenStep) -> Iterator[bytes]:
        """The line of a step, before it those of makers and labellers it is the first to name."""
        for maker in (step.maker, *(score.maker for score in step.scores)):
            if (FrozenMaker, maker) not in self._written:
                self._written.add((FrozenMaker, maker))
                yield line_of(FrozenMaker(*self._makers[maker]))
        people = [label.labeller for label in step.labels]
        if step.adjudication is not None:
            people.append(step.adjudication.settled_by)
        for person in people:
            if (FrozenLabeller, person) not in self._written:
                self._written.add((FrozenLabeller, person))
                labeller = FrozenLabeller(*self._labellers[person])
                self._sheet.add_labeller(labeller)
                yield line_of(labeller)
        self._sheet.add_step(step)
        yield line_of(step)


def batches(runs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Runs, in their order, in lists of some thousand steps; a larger run is a list of its own."""
    batch: list[int] = []
    step_count = 0
    for run, count in runs:
        if batch and (step_count + count > BATCH_STEPS or len(batch) == BATCH_RUNS):
            yield batch
            batch, step_count = [], 0
        batch.append(run)
        step_count += count
    if batch:
        yield batch


def frozen_step(row: Row, scores: list[Row], labels: list[Row], settled: list[Row]) -> FrozenStep:
    """A step out of its row and those that belong to it, with the verdict that stands."""
    said = tuple(
        FrozenLabel(labeller, verdict, utc(at), scores_in_view, seconds, reason, orjson.loads(extra))
        for _, _, labeller, verdict, at, scores_in_view, seconds, reason, extra in labels
    )
    adjudication = None
    for _, _, verdict, settled_by, reason, on_labels, at in settled:
        adjudication = FrozenAdjudication(verdict, settled_by, reason, tuple(orjson.loads(on_labels)), utc(at))
    stands = standing_verdict(adjudication.verdict if adjudication else None, (label.verdict for label in said))
    answer = FrozenAnswer(*row[14:]) if row[13] else None
    numbers = tuple(FrozenScore(maker, value) for _, _, maker, value in scores)
    rating = VERDICTS[stands].rating if stands else None
    judged: Row = (answer, numbers, said, adjudication, stands, rating)
    return FrozenStep(*row[1:13], *judged)


def utc(at: datetime) -> str:
    """A time as ISO 8601 in UTC, whatever the connection's time zone."""
    return at.astimezone(UTC).isoformat()
