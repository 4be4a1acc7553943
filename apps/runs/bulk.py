"""Whole runs that have ended already, such as imported ones, written straight into the tables by COPY.

It opens no transaction and knows nothing of files: the caller's transaction, and its guard against the same file twice,
make a run stored once and whole.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.db import connection
from django.utils import timezone
from psycopg import Connection

from apps.runs.makers import MakerIds
from apps.runs.models import Experiment
from apps.runs.rows import NULL, TABLES, RowEncoder, Tally, escaped, timestamp
from apps.runs.settled import settled
from apps.runs.states import RunStatus
from workers.search.events import Event, RunFailed, RunFinished

# Events gathered before they are written: some tens of megabytes, whatever the size of the file.
CHUNK_EVENTS = 50_000
IDS_AT_ONCE = 200
# How long the sending thread waits for its turn when the server is ready for more: with Python's own 5 ms the server
# was idle a fifth of the time (2026-11).
SWITCH_S = 0.000_5
# Objects made before the garbage collector walks: more than a chunk has. Events and rows point in one direction and go
# when nobody holds them; walking them again and again was a tenth of an import (2026-11).
OBJECTS_BEFORE_A_WALK = 500_000
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('runs_run', 'id')) FROM generate_series(1, %s)"


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be stored with all its events. source: where it stood, such as file and line (cut at 200 characters)."""

    problem_id: int
    source: str
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: ids in the order of the runs given, and the number of all their steps."""

    run_ids: list[int]
    step_count: int


def store_new_runs(experiment: Experiment, runs: Iterable[NewRun], *, chunk_events: int = CHUNK_EVENTS) -> Stored:
    """Store new runs of one experiment, some thousands of events at a time.

    Raises RuntimeError outside a transaction, and ValueError for a run whose events have a gap in seq or no end."""
    run_ids: list[int] = []
    with BulkWriter(experiment) as writer:
        for chunk in _chunks(runs, chunk_events):
            encoded = writer.encode([run.source for run in chunk], [run.events for run in chunk])
            writer.send(encoded, [run.problem_id for run in chunk])
            run_ids += encoded.run_ids
    return Stored(run_ids, writer.step_count)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Runs that have their ids and rows, and wait to be sent: their own rows still lack the problem's id."""

    run_ids: list[int]
    rows: list[dict[str, object]]
    lines: list[tuple[str, str, bytes]]


class BulkWriter:
    """Encodes one chunk of runs while the server still takes in the one before.

    Reading, encoding and the server's work cost about the same, and only the first two need Python: a thread of its
    own sends what is encoded, over the connection of the caller's transaction. To be used as a context manager; at its
    end everything has been sent. While it is open, whoever else uses the connection calls `wait` first: the driver
    would send a statement into the middle of a COPY (seen with psycopg 3.3: both sides wait for ever).
    """

    def __init__(self, experiment: Experiment) -> None:
        self._encoder = RowEncoder(MakerIds(before_query=self.wait))
        self._same = {
            "team_id": experiment.team_id,
            "experiment_id": experiment.pk,
            "attempt": 0,
            "lease_owner": "",
            "seed": 0,
            "created_at": timezone.now().isoformat(),
        }
        self._sender = ThreadPoolExecutor(1, "bulk")
        self._sent: Future[None] | None = None
        self._free_ids: list[int] = []
        self.step_count = 0

    def __enter__(self) -> Self:
        if not connection.in_atomic_block:
            raise RuntimeError("Runs are written in bulk only inside a transaction of the caller; open one first.")
        self._interval_s, self._walks = sys.getswitchinterval(), gc.get_threshold()
        sys.setswitchinterval(min(SWITCH_S, self._interval_s))
        if self._walks[0]:
            gc.set_threshold(max(OBJECTS_BEFORE_A_WALK, self._walks[0]), *self._walks[1:])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            self._sender.shutdown()
            sys.setswitchinterval(self._interval_s)
            gc.set_threshold(*self._walks)

    def encode(self, sources: Sequence[str], logs: Sequence[Sequence[Event]]) -> Encoded:
        """Ids and rows of new runs, one a source and log. Raises ValueError as `store_new_runs` does."""
        run_ids = self._new_ids(len(logs))
        tallies = list(map(self._encoder.add, run_ids, logs))
        self.step_count += sum(tally.steps for tally in tallies)
        rows = list(map(self._run_row, run_ids, sources, logs, tallies))
        return Encoded(
            run_ids, rows, [(table, columns, self._encoder.take(table)) for table, columns in TABLES.items()]
        )

    def send(self, encoded: Encoded, problem_ids: Sequence[int]) -> None:
        """Begin to store encoded runs, of one problem each; what the server refuses is raised by a later call."""
        self.wait()
        if not encoded.rows:
            return
        for row, problem_id in zip(encoded.rows, problem_ids, strict=True):
            row["problem_id"] = problem_id
        own = "".join("\t".join(map(str, row.values())) + "\n" for row in encoded.rows).encode("utf-8", "replace")
        taken = [("runs_run", ", ".join(encoded.rows[0]), own), *encoded.lines]
        # Django's wrapper belongs to the thread that opened it; the driver's connection may be used by any thread.
        self._sent = self._sender.submit(_send, connection.connection, taken)

    def wait(self) -> None:
        """Return when everything sent so far is stored and the connection is free."""
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.result()

    def _new_ids(self, count: int) -> list[int]:
        # Taken before the rows are written: every row of a run carries the run's id, and COPY hands none back. More are
        # taken than needed, because asking interrupts the sending; a sequence may have gaps.
        if len(self._free_ids) < count:
            self.wait()
            with connection.cursor() as cursor:
                cursor.execute(_NEXT_IDS, [max(IDS_AT_ONCE, count)])
                self._free_ids += [int(row[0]) for row in cursor.fetchall()]
        taken, self._free_ids = self._free_ids[:count], self._free_ids[count:]
        return taken

    def _run_row(self, run_id: int, source: str, events: Sequence[Event], tally: Tally) -> dict[str, object]:
        end = tally.ended
        if end is None:
            raise ValueError(
                f"A run from {source!r} has no end: expected run-finished or run-failed as its last event."
            )
        best_score, chosen_score, correct = settled(events)
        return {
            "id": run_id,
            **self._same,
            "status": RunStatus.FAILED.value if isinstance(end, RunFailed) else RunStatus.FINISHED.value,
            "source": escaped(source[:200]),
            "failure": escaped(end.reason) if isinstance(end, RunFailed) else "",
            "started_at": timestamp(events[0].at),
            "ended_at": timestamp(end.at),
            "seq": tally.seq,
            "step_count": tally.steps,
            "tokens_generated": tally.generated,
            "tokens_computed": tally.computed,
            "scorer_tokens": tally.scorer_tokens,
            "answer_count": tally.answers,
            "right_count": tally.right,
            "chosen": _column(tally.chosen),
            "best_score": _column(best_score),
            "chosen_score": _column(chosen_score),
            "correct": _column(correct),
            "outcome": end.outcome if isinstance(end, RunFinished) else "",
        }


def _column(value: float | None) -> object:
    return NULL if value is None else value


def _send(connection: Connection[Any], taken: Sequence[tuple[str, str, bytes]]) -> None:
    with connection.cursor() as cursor:
        for table, columns, lines in taken:
            if lines:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                    copy.write(lines)


def _chunks(runs: Iterable[NewRun], events: int) -> Iterator[list[NewRun]]:
    chunk: list[NewRun] = []
    gathered = 0
    for run in runs:
        chunk.append(run)
        gathered += len(run.events)
        if gathered >= events:
            yield chunk
            chunk, gathered = [], 0
    if chunk:
        yield chunk
