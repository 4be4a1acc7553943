"""Brings a file in: format → events and labels → rows, in one transaction that the file's digest guards.

It knows no format, stores the same file once a team, and keeps nothing of a file that was refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from django.db import IntegrityError, transaction

from apps.accounts.models import Team, User
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.models import ImportBatch
from apps.imports.registry import FIRST_BYTES, FileRefused, detect
from apps.imports.storing import TraceStore
from apps.imports.traces import ImportFormat, Rejected, Trace
from apps.runs.models import Experiment
from apps.runs.rows import storable
from workers.search.registry import Entry

Keep = Literal["good", "none"]
MOST_REJECTED = 1_000

# Control characters and those that turn the direction of writing: with them a file shows another name than it has, on
# pages and in terminals.
MISLEADING = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")


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
    with _opened(source, name) as stream:
        name = storable(name).translate(MISLEADING)
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


@contextmanager
def _opened(source: Path | BinaryIO, name: str) -> Iterator[BinaryIO]:
    if not isinstance(source, Path):
        source.seek(0)
        yield source
        return
    try:
        stream = source.open("rb")
    except OSError as wrong:
        found = wrong.strerror or str(wrong)
        raise FileRefused(
            f"{name}: expected a file that can be read; {found}.",
            code="file",
            line=0,
            expected="a file that can be read",
            found=found,
        ) from wrong
    with stream:
        yield stream


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
    store.add_all(_good(file_format.read(stream), rejected, keep))
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


def _good(found: Iterable[Trace | Rejected], rejected: list[Rejected], keep: Keep) -> Iterator[Trace]:
    """The traces; what is rejected is listed. Where nothing is to be kept the rest is only read for its faults."""
    for one in found:
        if not isinstance(one, Rejected):
            if not (rejected and keep == "none"):
                yield one
        elif len(rejected) < MOST_REJECTED:
            rejected.append(one)
        else:
            raise FileRefused(
                f"More than {MOST_REJECTED} rows break the format, the last one on line {one.line}: expected"
                f" {one.expected}, found {one.found}. Check that the file is what you take it for. Nothing was stored.",
                code="rejected",
                line=one.line,
                expected=one.expected,
                found=one.found,
            )
