"""What stands above a table that its address filters and sorts: chips and heads of columns; it reads no row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: what it says, how many there are of it, None where nobody counted, whether it is on, where it leads."""

    words: str
    count: int | None
    is_on: bool
    query: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where a press leads, and the order it is in: "ascending", "descending" or ""."""

    label: str
    query: str
    order: str
