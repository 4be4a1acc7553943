"""Reads a table: a row of column names, then a problem a row, quoted as RFC 4180 has it; it guesses no column."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from apps.common.incoming import Rejected
from apps.common.shape import describe
from apps.problems.registry import problem_format
from apps.problems.rows import FIELDS, ProblemRow

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LONGEST_LINE = 1_048_576
_NEEDED = "statement"
# White space at their ends is theirs.
_KEPT = ("statement", "answer")


@problem_format(
    "csv_table",
    label="CSV",
    summary="A header row with “statement” and any of answer, checker, difficulty, source; comma, semicolon or tab.",
)
class CsvTable:
    """One problem a row. A column of another name is refused, and so is a row with more or fewer cells than columns."""

    expects = "a header row with “statement” and any of answer, checker, difficulty, source"

    def claims(self, first_bytes: bytes) -> bool:
        """A file whose first line names the column that a problem cannot be without."""
        return any(_NEEDED in _header(_first_line(first_bytes), sign) for sign in DELIMITERS)

    def read(self, stream: BinaryIO) -> Iterator[ProblemRow | Rejected]:
        """One problem a row; line is that on which it begins."""
        first = _first_line(stream.read(_LONGEST_LINE))
        stream.seek(0)
        delimiter = max(DELIMITERS, key=lambda sign: sum(name in FIELDS for name in _header(first, sign)))
        columns = _header(first, delimiter)
        wrong = _wrong_header(columns)
        if wrong is not None:
            yield wrong
            return
        for found in _rows(stream, delimiter):
            if isinstance(found, Rejected):
                yield found
            elif found[0] > 1 and found[1]:
                yield _problem(*found, columns)


def _first_line(first_bytes: bytes) -> str:
    line = first_bytes.split(b"\n", 1)[0].removesuffix(b"\r").removeprefix(b"\xef\xbb\xbf")
    return line.decode("utf-8", "replace")


def _header(line: str, delimiter: str) -> list[str]:
    """The column names of a line; none where it is not a row of a table at all."""
    try:
        [cells] = csv.reader([line], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return []
    return [cell.strip().lower() for cell in cells]


def _wrong_header(columns: list[str]) -> Rejected | None:
    known = ", ".join(FIELDS)
    for name in columns:
        if name not in FIELDS:
            return Rejected(1, name[:50], f"a column of {known}", describe(name))
    if len(set(columns)) < len(columns):
        return Rejected(1, "", "every column once", ", ".join(columns))
    if _NEEDED not in columns:
        return Rejected(1, _NEEDED, "a column “statement”", "none of that name")
    return None


def _rows(stream: BinaryIO, delimiter: str) -> Iterator[tuple[int, list[str]] | Rejected]:
    """The rows with the line each begins on. What breaks the quoting is rejected, and reading goes on at the next line;
    a quote that nothing closes takes the rest of the file with it, as far as a cell may be long."""
    foreign: set[int] = set()
    reader = csv.reader(_lines(stream, foreign), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            yield Rejected(line, "", "cells quoted as RFC 4180 has it, each of at most 131,072 characters", str(broken))
            continue
        if not foreign.isdisjoint(range(line, reader.line_num + 1)):
            yield Rejected(line, "", "text in UTF-8", "bytes that are not")
        else:
            yield line, cells


def _lines(stream: BinaryIO, foreign: set[int]) -> Iterator[str]:
    """The lines as text; the numbers of those that are not UTF-8 are added to `foreign`."""
    for number, raw in enumerate(_pieces(stream), start=1):
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            foreign.add(number)
            yield raw.decode("utf-8", "replace")


def _pieces(stream: BinaryIO) -> Iterable[bytes]:
    """Lines; one without end comes in pieces, each of which is longer than a cell may be."""
    return iter(lambda: stream.readline(_LONGEST_LINE), b"")


def _problem(line: int, cells: list[str], columns: list[str]) -> ProblemRow | Rejected:
    if len(cells) != len(columns):
        return Rejected(line, "", f"{len(columns)} cells, one a column", f"{len(cells)}")
    given = {name: cell if name in _KEPT else cell.strip() for name, cell in zip(columns, cells, strict=True)}
    typed = given.pop("difficulty", "")
    try:
        difficulty = _number(typed)
    except ValueError:
        return Rejected(line, "difficulty", "a number, or nothing", describe(typed))
    return ProblemRow(line=line, difficulty=difficulty, **given)  # type: ignore[arg-type]  # the columns left are those of texts


def _number(typed: str) -> float | None:
    """The number in a cell, None of an empty one. Raises ValueError."""
    if "_" in typed:
        # Python reads 1_6 as 16, which nobody means.
        raise ValueError(typed)
    return float(typed) if typed else None
