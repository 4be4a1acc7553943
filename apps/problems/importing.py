"""Brings a file of problems into a set of the team, in one transaction; the same problem again stores nothing.

It knows no format, and keeps nothing of a file that was refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

from django.db import transaction

from apps.accounts.models import Team
from apps.common.incoming import FileRefused, Rejected, good_rows, harmless_name, opened
from apps.common.shape import Misshapen
from apps.problems.formats import PROBLEM_FORMATS
from apps.problems.models import Problem
from apps.problems.registry import FIRST_BYTES, detect
from apps.problems.rows import ProblemRow, read_problem
from apps.problems.services import opened_set, store_problems
from workers.search.registry import Entry
from workers.verifiers.checkers import CHECKERS

Keep = Literal["good", "none"]


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """What one file brought. rows: good rows in it; added: problems that are new; `known` of them were in the set
    already, or stood in the file before; problem_set: slug of the set, "" where nothing was stored."""

    file: str
    format: str | None
    problem_set: str
    rows: int
    added: int
    rejected: tuple[Rejected, ...] = ()

    @property
    def known(self) -> int:
        """Good rows that brought nothing new."""
        return self.rows - self.added

    def as_json(self) -> dict[str, Any]:
        """The line that --json prints."""
        return {**asdict(self), "rejected": [asdict(row) for row in self.rejected]}


class _NothingKept(Exception):
    """Ends the transaction of a file of which no row is to stay."""


@dataclass(slots=True)
class _Reading:
    """The good rows of a file as problems, counted as they pass."""

    name: str
    checker: str
    rows: int = 0

    def problems(self, found: Iterable[ProblemRow | Rejected]) -> Iterator[Problem | Rejected]:
        for row in found:
            if isinstance(row, Rejected):
                yield row
                continue
            source = row.source or f"{self.name[:150]}, line {row.line}"
            named = replace(row, source=source, checker=row.checker or self.checker)
            try:
                problem = read_problem(named.values(), named.extra)
            except Misshapen as wrong:
                yield Rejected(row.line, wrong.field, wrong.expected, wrong.found)
            else:
                yield problem

    def counted(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        for problem in problems:
            self.rows += 1
            yield problem


def import_problems(
    team: Team,
    source: Path | BinaryIO,
    name: str,
    *,
    slug: str,
    set_name: str = "",
    format: str | None = None,
    checker: str = "",
    keep: Keep = "good",
) -> ProblemReport:
    """Add every problem of a file to the team's set `slug`, or with keep "none" no problem at all if any row breaks the
    format. checker: of rows that name none. set_name: of a new set, else its slug.

    1. Recognise the format by content, unless it is named. 2. Read and store in chunks, what the set holds passed over.
    Raises FileRefused for a file that cannot be read, that no format claims, or with too many broken rows, Refused for
    a slug that no set can have, and UnknownKey for an unknown format or checker; then nothing is stored.
    """
    name = harmless_name(name)
    if checker:
        CHECKERS.get(checker)
    with opened(source, name) as stream:
        entry = PROBLEM_FORMATS.get(format) if format else detect(stream.read(FIRST_BYTES), name)
        stream.seek(0)
        rejected: list[Rejected] = []
        reading = _Reading(name, checker)
        good = good_rows(reading.problems(entry.make().read(stream)), rejected, all_or_none=keep == "none")
        try:
            with transaction.atomic():
                problem_set = opened_set(team, slug, set_name or slug, "")
                added = store_problems(problem_set, reading.counted(good))
                if not reading.rows or (rejected and keep == "none"):
                    raise _NothingKept
        except _NothingKept:
            return _nothing(name, entry, rejected)
    return ProblemReport(name, entry.key, slug, reading.rows, added, tuple(rejected))


def _nothing(name: str, entry: Entry[Any], rejected: list[Rejected]) -> ProblemReport:
    """Raises FileRefused for a file without one row, good or bad: nobody would hear of it otherwise."""
    if not rejected:
        expected = f"problems ({entry.make().expects})"
        raise FileRefused(
            f"{name}: expected {expected}; found none.", code="empty", line=0, expected=expected, found="none"
        )
    return ProblemReport(name, entry.key, "", 0, 0, tuple(rejected))
