"""A problem as a row of a file, and as it may be stored; reads no file and opens no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, BinaryIO, Protocol

from apps.common.incoming import Rejected
from apps.common.shape import Misshapen
from apps.problems.models import Problem
from workers.verifiers.checkers import CHECKERS

FIELDS = ("statement", "answer", "checker", "difficulty", "source")
_TEXTS = ("statement", "answer", "checker", "source")
_LONGEST = {"statement": 1_000_000, "answer": 1_000_000, "checker": 50, "source": 200}


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem as a format reads it; line counts from 1 and is where it begins. The other fields are the Problem's."""

    line: int
    statement: str
    answer: str = ""
    checker: str = ""
    difficulty: float | None = None
    source: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The fields of a Problem, as read_problem takes them."""
        return {name: getattr(self, name) for name in FIELDS}


class ProblemFormat(Protocol):
    """Reads one kind of file. `expects` says in half a sentence what such a file looks like."""

    expects: str

    def claims(self, first_bytes: bytes) -> bool:
        """Whether a file that begins with these bytes is of this format; a name never decides."""

    def read(self, stream: BinaryIO) -> Iterator[ProblemRow | Rejected]:
        """The problems in file order, with memory bounded by the largest of them; a row that breaks is one Rejected."""


def read_problem(row: Mapping[str, Any], extra: Mapping[str, str] | None = None) -> Problem:
    """A Problem that stands in no set yet. Raises Misshapen for the first field that cannot be stored."""
    for name in row:
        if name not in FIELDS:
            raise Misshapen(name, f"one of the fields {', '.join(FIELDS)}", "a field of another name")
    texts = {name: _text(name, row.get(name, "")) for name in _TEXTS}
    if not texts["statement"].strip():
        raise Misshapen("statement", "a question", "nothing")
    if texts["checker"] and texts["checker"] not in CHECKERS:
        raise Misshapen("checker", f"one of {', '.join(CHECKERS.keys())}", repr(texts["checker"]))
    return Problem(
        difficulty=_difficulty(row.get("difficulty")),
        digest=problem_digest(texts["statement"], texts["answer"], texts["checker"]),
        extra=dict(extra or {}),
        **texts,
    )


def problem_digest(statement: str, answer: str, checker: str) -> str:
    """SHA-256 of what makes a problem the same problem, in hexadecimal."""
    return hashlib.sha256(json.dumps([statement, answer, checker]).encode()).hexdigest()


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Misshapen(name, "text", f"{type(value).__name__} {value!r:.50}")
    if "\0" in value:
        raise Misshapen(name, "text that can be stored", "the character U+0000 in it")
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Misshapen(name, "text that can be stored", "half a surrogate pair in it")
    if len(value) > _LONGEST[name]:
        raise Misshapen(name, f"at most {_LONGEST[name]} characters", f"{len(value)}")
    return value


def _difficulty(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Misshapen("difficulty", "a finite number", f"{value!r:.50}")
    return float(value)
