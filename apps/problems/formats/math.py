r"""Reads MATH: a problem, and a worked solution with its result in the last \boxed{…}; it reads no mathematics.

The shape of Hendrycks et al., "Measuring Mathematical Problem Solving With the MATH Dataset", 2021, and of those who
took it over with the result in a field of its own (MATH-500).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from apps.common.incoming import Rejected
from apps.common.shape import Misshapen, describe, text
from apps.problems.records import first_fields, problem_rows
from apps.problems.registry import problem_format
from apps.problems.rows import ProblemRow

_LEVEL = re.compile(r"(?:Level )?([0-9]{1,3})")
_BOX = re.compile(r"\\(?:boxed|fbox)[ \t]*(\{?)")
_BRACE = re.compile(r"\\.|[{}]", re.S)
_BARE = re.compile(r"[^$\s]+")


@problem_format(
    "math",
    label="MATH",
    summary="JSON of “problem” and “solution”, of many records or one; the reference is the last \\boxed{…}, checked as"
    " mathematics.",
)
class Math:
    """One problem a record; the difficulty is its level, 1 to 5. Solution, subject and level are kept beside it."""

    expects = "JSON with “problem” and “solution” (or “answer”) in each record"

    def claims(self, first_bytes: bytes) -> bool:
        """A file whose first record has a problem and a solution or answer."""
        names = first_fields(first_bytes)
        return "problem" in names and bool({"solution", "answer"} & names)

    def read(self, stream: BinaryIO) -> Iterator[ProblemRow | Rejected]:
        """One problem a record."""
        return problem_rows(stream, _problem)


def _problem(line: int, record: dict[str, Any]) -> ProblemRow:
    extra = {name: text(record, name) for name in ("solution", "subject", "type") if _is_there(record, name)}
    if _is_there(record, "level"):
        extra["level"] = _level(record["level"])
    subject = extra.get("subject") or extra.get("type", "")
    source = text(record, "unique_id") if _is_there(record, "unique_id") else subject
    return ProblemRow(
        line,
        text(record, "problem"),
        _reference(record),
        "math",
        _difficulty(extra.get("level")),
        source,
        extra,
    )


def _is_there(record: dict[str, Any], name: str) -> bool:
    return record.get(name) is not None


def _reference(record: dict[str, Any]) -> str:
    if _is_there(record, "answer"):
        return text(record, "answer")
    solution = text(record, "solution")
    result = last_box(solution)
    if result is None:
        raise Misshapen("solution", "a result in \\boxed{…}", describe(solution[-50:]))
    return result


def _level(level: object) -> str:
    """“Level 5” as it stands; a bare 5, as some who took the set over have it, as “5”."""
    if isinstance(level, str):
        return level
    if type(level) is int:
        return str(level)
    raise Misshapen("level", "a text or a whole number", describe(level))


def _difficulty(level: str | None) -> float | None:
    """5 of “Level 5”; None of a level that the set itself does not know (“Level ?”)."""
    found = _LEVEL.fullmatch(level) if level is not None else None
    return float(found[1]) if found else None


def last_box(solution: str) -> str | None:
    r"""What the last \boxed or \fbox holds, braces inside it included; None without a closed box."""
    *_, opening = (None, *_BOX.finditer(solution))
    if opening is None:
        return None
    if not opening[1]:
        bare = _BARE.match(solution, opening.end())
        return bare[0] if bare else None
    depth = 1
    for brace in _BRACE.finditer(solution, opening.end()):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return solution[opening.end() : brace.start()].strip()
    return None
