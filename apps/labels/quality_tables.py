"""The matrix of people and the confusion of two as rows for a page; numbers as they come, None where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from apps.accounts.models import Labeller
from apps.labels.agreement import VERDICTS as KEYS
from apps.labels.quality_asking import OfSteps
from apps.labels.resampling import Pairs
from apps.labels.verdicts import VERDICTS, Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """How far two people agree. shade: the fifth of the scale from 0 to 1 in which the kappa lies, from 0."""

    first: int
    second: int
    cohen: float | None
    low: float | None
    high: float | None
    linear: float | None
    shared: int

    @property
    def shade(self) -> int | None:
        """None where there is no kappa."""
        return None if self.cohen is None else min(4, max(0, int(self.cohen * 5)))


@dataclass(frozen=True, slots=True)
class PairRow:
    """A person and their pairs with everybody, None with themselves."""

    person: Labeller
    pairs: list[Pair | None]


@dataclass(frozen=True, slots=True)
class Confusion:
    """What one person said by what another did, on steps that both judged: rows by the first, cells by the other."""

    first: Labeller
    second: Labeller
    verdicts: list[Verdict]
    rows: list[tuple[Verdict, list[tuple[Verdict, int]]]]


def pair_table(pairs: Pairs, labellers: Mapping[int, Labeller]) -> list[PairRow]:
    """A row for every person; labellers: by id, with their users."""
    people = pairs.raters.tolist()
    return [
        PairRow(labellers[person], [_pair(pairs, at, other) if at != other else None for other in range(len(people))])
        for at, person in enumerate(people)
    ]


def confusion_table(pairs: Pairs, labellers: Mapping[int, Labeller], asked: OfSteps) -> Confusion | None:
    """Of the two people that are asked for; None where they are not two of those compared. labellers: by id."""
    people = pairs.raters.tolist()
    if asked.first not in people or asked.second not in people or asked.first == asked.second:
        return None
    first, second = people.index(asked.first), people.index(asked.second)
    counts = pairs.confusion[first, second].tolist()
    shown = [VERDICTS[key] for key in KEYS]
    rows = [(verdict, list(zip(shown, row, strict=True))) for verdict, row in zip(shown, counts, strict=True)]
    return Confusion(labellers[people[first]], labellers[people[second]], shown, rows)


def _pair(pairs: Pairs, first: int, second: int) -> Pair:
    value, low, high = (_known(float(number)) for number in pairs.cohen[:, first, second])
    linear = _known(float(pairs.linear[0, first, second]))
    people = pairs.raters
    return Pair(int(people[first]), int(people[second]), value, low, high, linear, int(pairs.shared[first, second]))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
