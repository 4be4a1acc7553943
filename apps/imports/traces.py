"""What an import format hands over: one trace at a time, or the reason why a row is not one.

Plain records; nothing here reads a file or writes a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from apps.common.incoming import Rejected
from workers.search.events import Event


@dataclass(frozen=True, slots=True)
class TraceProblem:
    """The question a trace is about. checker: key of the answer checker its answers were classified with."""

    statement: str
    answer: str
    checker: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class TraceLabel:
    """A verdict on step `number` out of the file, by a foreign name, at the file's time (UTC if it names no zone).

    chosen: whether the labeller went on from this step, None where they took none of its alternatives.
    """

    number: int
    labeller: str
    verdict: str
    at: datetime
    extra: Mapping[str, Any] = field(default_factory=dict)
    flagged: bool = False
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One imported run: where it stood (line counts from 1), its problem, its events from seq 1 on, its labels."""

    line: int
    problem: TraceProblem
    events: Sequence[Event]
    labels: Sequence[TraceLabel] = ()


class ImportFormat(Protocol):
    """Reads one kind of file. `expects` says in half a sentence what such a file looks like; `problem_set` is the slug
    of the set its problems go to, shared by all imports of the format."""

    expects: str
    problem_set: str

    def claims(self, first_bytes: bytes, name: str) -> bool:
        """Whether a file that begins with these bytes is of this format; the name alone never decides."""

    def read(self, stream: BinaryIO) -> Iterator[Trace | Rejected]:
        """The traces in file order, with memory bounded by the largest of them; a row that breaks is one Rejected."""
