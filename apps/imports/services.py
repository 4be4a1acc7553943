"""Brings a file in: format → events and labels → rows, in one transaction that the file's digest guards.

It knows no format, stores the same file once a team, and keeps nothing of a file that was refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from django.db import IntegrityError, transaction

from apps.accounts.models import Team, User
from apps.common.incoming import Rejected, good_rows, harmless_name, opened
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.models import ImportBatch
from apps.imports.registry import FIRST_BYTES, detect
from apps.imports.storing import TraceStore
from apps.imports.traces import ImportFormat
from apps.runs.models import Experiment
from workers.search.registry import Entry

Keep = Literal["good", "none"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought; the counts are of what was stored by this call.

    format: None where none was recognised; rejected: the rows that break the format; experiment: id of the file's
    experiment, None where nothing was stored; since: when the same file was stored before, None where it is new.
    """

    file: str
    format: str | None
    problems: int
    runs: int
    steps: int
    labels: int
    rejected: tuple[Rejected, ...] = ()
    experiment: int | None = None
    since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The line that --json prints."""
        counted = ("file", "format", "problems", "runs", "steps", "labels")
        return {name: getattr(self, name) for name in counted} | {"rejected": [asdict(row) for row in self.rejected]}


class _NothingKept(Exception):
    """Ends the transaction of a file of which no row is to stay."""


def import_file(
    team: Team,
    source: Path | BinaryIO,
    name: str,
    *,
    format: str | None = None,
    keep: Keep = "good",
    by: User | None = None,
) -> ImportReport:
    """Store every trace of a file, or with keep "none" no trace at all if any row breaks the format.

    1. Recognise the format by content, unless it is named. 2. Look the file's SHA-256 up: the same file in the same
    format again stores nothing. 3. Read and store trace by trace. 4. Write the counts.
    Raises FileRefused for a file that cannot be read, that no format claims, or with more than MOST_REJECTED broken
    rows, and UnknownKey for an unknown format; then nothing is stored.
    """
    with opened(source, name) as stream:
        name = harmless_name(name)
        entry = IMPORT_FORMATS.get(format) if format else detect(stream.read(FIRST_BYTES), name)
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        stream.seek(0)
        earlier = _earlier(team, digest, entry, name)
        if earlier is not None:
            return earlier
        rejected: list[Rejected] = []
        try:
            with transaction.atomic():
                batch = _new_batch(team, name, digest, entry, by)
                return _store(batch, stream, entry, keep, rejected)
        except _NothingKept:
            return ImportReport(name, entry.key, 0, 0, 0, 0, tuple(rejected))
        except IntegrityError:
            # Somebody else stored the same file while we waited for the row that guards it.
            earlier = _earlier(team, digest, entry, name)
            if earlier is None:
                raise
            return earlier


def _earlier(team: Team, digest: str, entry: Entry[Any], name: str) -> ImportReport | None:
    batch = ImportBatch.objects.filter(team=team, file_sha256=digest, format=entry.key).first()
    if batch is None:
        return None
    # Its broken rows are as broken as they were: who asks again hears of them again.
    rejected = tuple(Rejected(**row) for row in batch.rejected)
    return ImportReport(name, entry.key, 0, 0, 0, 0, rejected, batch.experiment_id, batch.created_at)


def _new_batch(team: Team, name: str, digest: str, entry: Entry[Any], by: User | None) -> ImportBatch:
    """The experiment and the guard of the file; a second import of the same file waits here for the first."""
    experiment = Experiment.objects.create(
        team=team,
        kind=Experiment.Kind.IMPORTED,
        name=name[:200] or entry.label,
        strategy=entry.key,
        strategy_version=entry.version,
        created_by=by,
    )
    return ImportBatch.objects.create(
        team=team,
        experiment=experiment,
        file_name=name[:255],
        file_sha256=digest,
        format=entry.key,
        created_by=by,
    )


def _store(
    batch: ImportBatch, stream: BinaryIO, entry: Entry[Any], keep: Keep, rejected: list[Rejected]
) -> ImportReport:
    file_format: ImportFormat = entry.make()
    store = TraceStore(batch, file_format, entry.label)
    store.add_all(good_rows(file_format.read(stream), rejected, all_or_none=keep == "none"))
    if not store.run_count or (rejected and keep == "none"):
        raise _NothingKept
    batch.problem_count, batch.run_count = len(store.problem_ids), store.run_count
    batch.step_count, batch.label_count = store.step_count, store.label_count
    batch.rejected = [asdict(row) for row in rejected]
    batch.save()
    Experiment.objects.filter(pk=batch.experiment_id).update(problem_set=store.problem_set)
    return ImportReport(
        batch.file_name,
        entry.key,
        batch.problem_count,
        batch.run_count,
        batch.step_count,
        batch.label_count,
        tuple(rejected),
        batch.experiment_id,
    )
