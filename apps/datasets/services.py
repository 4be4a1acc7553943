"""Freezes what a team has judged and makes files of it; an export reads the frozen file and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.db import connection, transaction
from django.db.models import Max

import apps.datasets.formats  # noqa: F401  fills the catalogue
from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.datasets.files import exports_folder, new_file, open_snapshot, store_snapshot, take_name
from apps.datasets.freezing import Freezer
from apps.datasets.lines import SCHEMA_VERSION, trees_of
from apps.datasets.models import Export, Snapshot
from apps.datasets.registry import EXPORT_FORMATS, ExportFormat
from apps.datasets.selectors import judged_runs
from apps.datasets.sheet import Sheet
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.registry import Entry

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Made:
    """What an export came to: its rows, and the SHA-256 of its bytes."""

    rows: int
    sha256: str


def take_snapshot(*, team: Team, name: str = "", by: User | None = None) -> Snapshot:
    """Freeze every judged run of a team, whole: problem, steps, alternatives, scores, current labels and makers.

    1. Read all of it in one repeatable-read transaction, so that what is labelled meanwhile is in it whole or not.
    2. Write its lines to a file named by their SHA-256; the same lines are the same file.
    3. Give it the team's next number.
    Raises Refused where the name cannot be stored or nothing has been judged.
    """
    name = storable_name(name)
    sheet = Sheet()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        runs = judged_runs(team)
        if not runs:
            message = "Expected at least one judged step to freeze; found none in this team. Label a step first."
            raise Refused(message, code="nothing-judged", status=409)
        sha256 = store_snapshot(Freezer(team, sheet).lines(runs))
    return number_snapshot(team, name, by, sha256, sheet)


def number_snapshot(team: Team, name: str, by: User | None, sha256: str, sheet: Sheet) -> Snapshot:
    """Remember what was frozen in the file of that SHA-256, counted in `sheet`, under the team's next number."""
    with transaction.atomic():
        # Two snapshots taken at once wait here for each other, and for nobody who labels.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        last = Snapshot.objects.filter(team=team).aggregate(last=Max("number"))["last"] or 0
        return Snapshot.objects.create(
            team=team,
            number=last + 1,
            name=name,
            sha256=sha256,
            schema_version=SCHEMA_VERSION,
            problem_count=sheet.problem_count,
            run_count=sheet.run_count,
            step_count=sheet.step_count,
            label_count=sheet.label_count,
            verdict_counts=dict(sheet.verdicts),
            sheet=sheet.as_json(),
            created_by=by,
        )


def storable_name(name: str) -> str:
    """`name`, stripped. Raises Refused where it is too long or holds what no text column takes."""
    name = name.strip()
    if len(name) > NAME_LIMIT:
        found = f"Expected a name of at most {NAME_LIMIT} characters; found {len(name):,}. Shorten it."
        raise Refused(found, code="name-too-long", fields={"name": found})
    if not name.isprintable():
        found = "Expected a name of readable characters; found a control character. Remove it."
        raise Refused(found, code="name-unreadable", fields={"name": found})
    return name


def snapshot_numbered(team: Team, number: int) -> Snapshot:
    """The team's snapshot of that number. Raises Refused (404), which names the last one."""
    snapshot = Snapshot.objects.filter(team=team, number=number).first()
    if snapshot is None:
        last = Snapshot.objects.filter(team=team).aggregate(last=Max("number"))["last"]
        known = f"The last is {last}." if last else "The team has none yet; take one with `snapshot`."
        raise Refused(f"Expected the number of a snapshot of team {team.slug}; found {number}. {known}", status=404)
    return snapshot


def export_entry(key: str) -> Entry[ExportFormat]:
    """The catalogue's entry of a format. Raises UnknownKey, which names the known ones."""
    return EXPORT_FORMATS.get(key)


def make_export(snapshot: Snapshot, key: str, options: Any, out: BinaryIO) -> Made:
    """Write a snapshot to `out` in a format; reads the snapshot's file alone, so no deletion can change the bytes.

    options: an instance of the format's options. Raises UnknownKey for a format nobody registered, Refused where the
    snapshot's file is missing or damaged, before anything is written.
    """
    write = export_entry(key).make.write
    counted = _Counted(out)
    with open_snapshot(snapshot.sha256) as lines:
        rows = write(trees_of(lines), options, cast(BinaryIO, counted))
    return Made(rows=rows, sha256=counted.digest.hexdigest())


def export_to_path(
    snapshot: Snapshot, key: str, given: Mapping[str, Any], path: Path, by: User | None = None
) -> Export:
    """Make an export and leave it at `path`, whole or not at all; see `record_export` for what is remembered.

    Raises UnknownKey, BadParameter, Refused.
    """
    options = read_parameters(export_entry(key).params, given)
    if path.exists() and not path.is_file():
        # Taking its name would put a file in the place of a device, such as /dev/null.
        raise Refused(f"Could not write {path}: it is there and no file. Choose another --out.", code="not-written")
    # Where a link stands, the file it leads to is replaced and the link stays.
    place = path.resolve()
    try:
        with new_file(place.parent) as out:
            made = make_export(snapshot, key, options, out)
            take_name(out, place)
    except OSError as error:
        raise Refused(f"Could not write {path}: {error.strerror}. Choose another --out.", code="not-written") from error
    return record_export(snapshot, key, options, made, by)


def export_to_store(snapshot: Snapshot, key: str, given: Mapping[str, Any], by: User | None = None) -> Export:
    """Make an export for download: its file stands in the data folder by its SHA-256.

    Raises UnknownKey, BadParameter, Refused.
    """
    options = read_parameters(export_entry(key).params, given)
    return record_export(snapshot, key, options, _store(snapshot, key, options), by)


def _store(snapshot: Snapshot, key: str, options: Any) -> Made:
    """Make an export in the data folder."""
    with new_file(exports_folder()) as out:
        made = make_export(snapshot, key, options, out)
        take_name(out, exports_folder() / made.sha256)
    return made


def record_export(snapshot: Snapshot, key: str, options: Any, made: Made, by: User | None) -> Export:
    """Remember an export; made again with the same options it is the same row, with who made it first."""
    export, _ = Export.objects.update_or_create(
        snapshot=snapshot,
        format=key,
        options=parameters_as_json(options),
        defaults={"rows": made.rows, "sha256": made.sha256},
        create_defaults={"rows": made.rows, "sha256": made.sha256, "created_by": by},
    )
    return export


def stored_export(export: Export) -> Path:
    """The file of an export, made again from its snapshot where it is gone.

    Raises Refused where the snapshot's file cannot be read, or where the format now writes other bytes than those that
    were recorded.
    """
    path = exports_folder() / export.sha256
    if path.exists():
        return path
    entry = export_entry(export.format)
    made = _store(export.snapshot, export.format, read_parameters(entry.params, export.options))
    if made.sha256 != export.sha256:
        message = (
            f"Expected the export's bytes to have SHA-256 {export.sha256}; the format {entry.label} now makes "
            f"{made.sha256} of this snapshot. Export it anew from the snapshot's page."
        )
        raise Refused(message, code="export-changed", status=409)
    return path


class _Counted:
    """A binary file that takes the SHA-256 of what is written to it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._out.write(data)
