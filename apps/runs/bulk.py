"""Whole runs that have ended already, such as imported ones, written straight into the tables by COPY.

It opens no transaction and knows nothing of files: the caller's transaction, and its guard against the same file twice,
make a run stored once and whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from apps.runs.makers import MakerIds
from apps.runs.models import Experiment
from apps.runs.rows import NULL, TABLES, RowEncoder, Tally, escaped, timestamp
from apps.runs.settled import settle
from apps.runs.states import RunStatus
from workers.search.events import Event, RunFailed, RunFinished

# Events gathered before they are written: some tens of megabytes, whatever the size of the file.
CHUNK_EVENTS = 50_000


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
    if not connection.in_atomic_block:
        raise RuntimeError("store_new_runs writes only inside a transaction of its caller; open one first.")
    writer = _BulkWriter(experiment)
    for chunk in _chunks(runs, chunk_events):
        writer.write(chunk)
    return Stored(writer.run_ids, writer.step_count)


class _BulkWriter:
    """Numbers, encodes and copies one chunk of runs after another."""

    def __init__(self, experiment: Experiment) -> None:
        self._encoder = RowEncoder(MakerIds())
        self._same = {
            "team_id": experiment.team_id,
            "experiment_id": experiment.pk,
            "attempt": 0,
            "lease_owner": "",
            "seed": 0,
            "created_at": timezone.now().isoformat(),
        }
        self.run_ids: list[int] = []
        self.step_count = 0

    def write(self, runs: Sequence[NewRun]) -> None:
        with connection.cursor() as cursor:
            run_ids = _new_ids(cursor, len(runs))
            tallies = [self._encoder.add(run_id, run.events) for run_id, run in zip(run_ids, runs, strict=True)]
            rows = list(map(self._run_row, run_ids, runs, tallies))
            lines = "".join("\t".join(map(str, row.values())) + "\n" for row in rows)
            _copy(cursor, "runs_run", ", ".join(rows[0]), lines.encode("utf-8", "replace"))
            for table, columns in TABLES.items():
                if taken := self._encoder.take(table):
                    _copy(cursor, table, columns, taken)
            settle(cursor, run_ids)
        self.run_ids += run_ids
        self.step_count += sum(tally.steps for tally in tallies)

    def _run_row(self, run_id: int, run: NewRun, tally: Tally) -> dict[str, object]:
        end = tally.ended
        if end is None:
            raise ValueError(
                f"A run from {run.source!r} has no end: expected run-finished or run-failed as its last event."
            )
        return {
            "id": run_id,
            **self._same,
            "problem_id": run.problem_id,
            "status": RunStatus.FAILED.value if isinstance(end, RunFailed) else RunStatus.FINISHED.value,
            "source": escaped(run.source[:200]),
            "failure": escaped(end.reason) if isinstance(end, RunFailed) else "",
            "started_at": timestamp(run.events[0].at),
            "ended_at": timestamp(end.at),
            "seq": tally.seq,
            "step_count": tally.steps,
            "tokens_generated": tally.generated,
            "tokens_computed": tally.computed,
            "scorer_tokens": tally.scorer_tokens,
            "answer_count": tally.answers,
            "right_count": tally.right,
            "chosen": NULL if tally.chosen is None else tally.chosen,
            "outcome": end.outcome if isinstance(end, RunFinished) else "",
        }


def _new_ids(cursor: CursorWrapper, count: int) -> list[int]:
    # Taken before the rows are written: every row of a run carries the run's id, and COPY hands none back.
    cursor.execute("SELECT nextval(pg_get_serial_sequence('runs_run', 'id')) FROM generate_series(1, %s)", [count])
    return [int(row[0]) for row in cursor.fetchall()]


def _copy(cursor: CursorWrapper, table: str, columns: str, lines: bytes) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
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
