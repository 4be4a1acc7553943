"""What a figure and a measurement are; it never calls a figure good or bad."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of bench.json.

    value: in `unit`, the median where it was taken more than once; better: which way is better; goal: what it should
    reach, None where it is only stated; n: how often it was taken; note: spread and circumstances.
    """

    name: str
    value: float
    unit: str
    better: Literal["higher", "lower"]
    goal: float | None
    n: int
    note: str = ""


Measure = Callable[[], Iterable[Figure]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """A function that takes the figures it names, in a process and a data folder of its own."""

    names: tuple[str, ...]
    measure: Measure


def spread(values: Sequence[float], unit: str) -> str:
    """The lowest and the highest of `values` in words, for a note."""
    return f"{min(values):.3g} to {max(values):.3g} {unit}"


def of_median(
    name: str,
    values: Sequence[float],
    unit: str,
    better: Literal["higher", "lower"],
    goal: float | None,
    note: str = "",
) -> Figure:
    """The figure of repeated measurements: their median, with the spread in the note."""
    words = "; ".join(part for part in (spread(values, unit), note) if part)
    return Figure(name, median(values), unit, better, goal, len(values), words)
