"""Events in, rows out: gathers events of one run and stores them in one transaction a batch, each event once.

It never writes for a run that somebody else owns, and never stores part of a move.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from threading import Lock
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from apps.runs.makers import MakerIds
from apps.runs.models import Run
from apps.runs.news import tell_runs
from apps.runs.rows import TABLES, RowEncoder, Tally, storable
from apps.runs.settled import settle
from apps.runs.states import RunStatus
from workers.search.errors import SinkClosed
from workers.search.events import Event, RunFailed, RunFinished

logger = logging.getLogger(__name__)
BATCH_EVENTS = 64
BATCH_S = 0.5

_FENCE = (
    "SELECT seq, experiment_id FROM runs_run"
    " WHERE id = %s AND attempt = %s AND lease_owner = %s AND status = 'running' FOR UPDATE"
)
_COUNTS = """
UPDATE runs_run SET seq = %s, step_count = step_count + %s, tokens_generated = tokens_generated + %s,
    tokens_computed = tokens_computed + %s, scorer_tokens = scorer_tokens + %s, answer_count = answer_count + %s,
    right_count = right_count + %s, chosen = COALESCE(%s, chosen)
WHERE id = %s
"""


class FenceLost(SinkClosed):
    """The run is no longer ours: claimed anew, ended, or deleted. What was not stored yet is not ours to store."""


class RunSink:
    """Stores the events of one claimed run; implements the core's Sink.

    Events are stored as they come where they come slowly; where they come fast, some tens of them or half a second of
    them are one transaction. The end of a run is stored at once. Events that come again are known by their seq and
    stored once. `clock` answers seconds.

    `take`, `flush` and `flush_stale` may be called from several threads. They raise FenceLost, and ValueError where seq
    has a gap or a number is not finite; the events then still wait.
    """

    def __init__(self, run_id: int, attempt: int, owner: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.run_id = run_id
        self._fence = (run_id, attempt, owner)
        self._clock = clock
        self._maker_ids = MakerIds()
        self._waiting: list[Event] = []
        self._stored_at = -inf
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()

    def take(self, events: Sequence[Event]) -> None:
        """Keep the events of one move; store all that wait if they are many, the last batch is old, or the run ends."""
        if not events:
            return
        with self._lock:
            self._waiting.extend(events)
            due = len(self._waiting) >= BATCH_EVENTS or self._is_stale()
            if due or isinstance(events[-1], RunFinished | RunFailed):
                self._flush()

    def flush(self) -> None:
        """Store what waits, in one transaction. After an error of the database it still waits."""
        with self._lock:
            self._flush()

    def flush_stale(self) -> None:
        """Store what has waited for long enough, so that a slow next move does not hold up the last one.

        For a thread beside the one that takes: it does not wait for that one, which stores soon enough itself."""
        if self._waiting and self._lock.acquire(blocking=False):
            try:
                if self._is_stale():
                    self._flush()
            finally:
                self._lock.release()

    def fail(self, reason: str, at: float) -> None:
        """End the run as failed after all that was taken; what waits is left out only if it cannot be stored at all.

        at: seconds since 1970. Raises FenceLost."""
        try:
            self.flush()
        except (ValueError, DatabaseError):
            logger.exception("The last events of run %s could not be stored and are left out.", self.run_id)
            self._waiting.clear()
        if (stored := Run.objects.values_list("seq", flat=True).filter(pk=self.run_id).first()) is None:
            raise FenceLost(f"Run {self.run_id} was deleted; nothing is stored for it.")
        self.take([RunFailed(stored + 1, at, reason, retryable=False)])

    def _is_stale(self) -> bool:
        return self._clock() - self._stored_at >= BATCH_S

    def _flush(self) -> None:
        if not self._waiting:
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                self._store(cursor)
        except Exception:
            self._maker_ids.forget()
            raise
        self._waiting.clear()
        self._stored_at = self._clock()

    def _store(self, cursor: CursorWrapper) -> None:
        """1. Pass the fence and lock the run. 2. Leave out what is stored. 3. Write rows. 4. Count. 5. On commit, tell.

        Under the lock nobody else can store events of this run, so what `seq` does not cover is in no table."""
        cursor.execute(_FENCE, self._fence)
        if (row := cursor.fetchone()) is None:
            raise FenceLost(f"Run {self.run_id} has another owner by now, or has ended; its events are not stored.")
        stored, experiment_id = int(row[0]), int(row[1])
        encoder = RowEncoder(self._maker_ids)
        tally = encoder.add(self.run_id, _unstored(self._waiting, stored), after=stored)
        if tally.seq == stored:
            return
        for table, columns in TABLES.items():
            if lines := encoder.take(table):
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(lines)
        self._mark(cursor, "pruned", tally.pruned_at)
        self._mark(cursor, "chosen", tally.chosen_at)
        self._count(cursor, tally)
        tell_runs(experiment_id, [(self.run_id, tally.seq)])

    def _mark(self, cursor: CursorWrapper, column: str, seqs: dict[int, int]) -> None:
        """Write pruned or chosen into steps of earlier batches; the first seq at which it happened stands."""
        if seqs:
            cursor.execute(
                f"UPDATE runs_step SET {column} = mark.seq FROM unnest(%s::int[], %s::int[]) AS mark (number, seq)"  # noqa: S608
                f" WHERE run_id = %s AND runs_step.number = mark.number AND {column} IS NULL",
                [list(seqs), list(seqs.values()), self.run_id],
            )

    def _count(self, cursor: CursorWrapper, tally: Tally) -> None:
        counts = [
            tally.seq,
            tally.steps,
            tally.generated,
            tally.computed,
            tally.scorer_tokens,
            tally.answers,
            tally.right,
        ]
        cursor.execute(_COUNTS, [*counts, tally.chosen, self.run_id])
        if tally.ended is not None:
            failed = isinstance(tally.ended, RunFailed)
            cursor.execute(
                "UPDATE runs_run SET status = %s, outcome = %s, failure = %s, ended_at = now() WHERE id = %s",
                [
                    RunStatus.FAILED if failed else RunStatus.FINISHED,
                    tally.ended.outcome if isinstance(tally.ended, RunFinished) else "",
                    storable(tally.ended.reason) if isinstance(tally.ended, RunFailed) else "",
                    self.run_id,
                ],
            )
            settle(cursor, [self.run_id])


def _unstored(events: Iterable[Event], stored: int) -> Iterator[Event]:
    """The events after seq `stored`, without those that came twice; seq only ever rises."""
    for event in events:
        if event.seq > stored:
            stored = event.seq
            yield event
