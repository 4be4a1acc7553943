"""What can be said of one person's labels: speed, gold, drift, bias and agreement with the rest; it ranks nobody.

A person may see their own counts and speed; what touches gold or what others said is for who assigns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db.models import Exists, OuterRef

from apps.accounts.models import Labeller, Team
from apps.common.arrays import read_arrays
from apps.labels.agreement import VERDICTS, Array
from apps.labels.models import Label
from apps.labels.quality_rows import CurrentLabels, settled_of
from apps.labels.verdicts import VERDICTS as SHOWN
from apps.labels.verdicts import Verdict
from apps.runs.figures import wilson_interval
from apps.runs.models import Experiment

BLOCK, MOST_BLOCKS = 100, 12
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's, from which read_arrays counts microseconds
_OWN = """
    SELECT label.id AS row, label.run_id << 32 | label.number AS place, COALESCE(label.seconds, -1) AS seconds,
        label.created_at AS at, COALESCE(label.assignment_id, 0) AS turn
    FROM labels_label label WHERE label.labeller_id = %(person)s AND label.verdict <> '' ORDER BY label.id
"""


@dataclass(frozen=True, slots=True)
class Share:
    """right of count, with the 95% interval of Wilson (1927); count is 1 or more."""

    right: int
    count: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """A fraction."""
        return self.right / self.count


def share_of(right: int, count: int) -> Share | None:
    """None where there is nothing to have a share of."""
    interval = wilson_interval(right, count)
    return Share(right, count, *interval) if interval else None


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds a verdict over those with a known time: quartiles, None where none is known. unknown: those without."""

    median: float | None
    low: float | None
    high: float | None
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Block:
    """Some of a person's verdicts in a row: from their first to their last, both counted from 1.

    since: when the earliest of them was given; turns: ids of those that began here, with their first verdict."""

    first: int
    last: int
    since: datetime
    median: float | None
    agreeing: Share | None
    turns: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bias:
    """How often a person gives a verdict, and how often others do on the same steps; fractions."""

    verdict: Verdict
    own: float
    others: float

    @property
    def apart(self) -> float:
        """Own less others', in points of a hundred."""
        return 100.0 * (self.own - self.others)


@dataclass(frozen=True, slots=True)
class Person:
    """What the page of a person shows of their labels. verdicts: every verdict ever given, changed ones included."""

    verdicts: int
    steps: int
    speed: Speed
    blocks: list[Block]
    shared: int
    agreeing: Share | None
    standing: Share | None
    bias: list[Bias]


def person_of(team: Team, person: Labeller, labels: CurrentLabels) -> Person:
    """All of it but gold; labels: the current ones of everybody. Two queries."""
    rows = read_arrays(("row", "place", "seconds", "at", "turn"), _OWN, {"person": person.pk})
    own = labels.where(labels.person == person.pk)
    rest = labels.where((labels.person != person.pk) & np.isin(labels.place, own.place))
    alike, pairs = _with_others(own, rest)
    return Person(
        verdicts=len(rows["row"]),
        steps=len(own.place),
        speed=_speed(rows["seconds"]),
        blocks=_blocks(rows, own.place, alike, pairs),
        shared=int((pairs > 0).sum()),
        agreeing=share_of(int(alike.sum()), int(pairs.sum())),
        standing=_with_what_stands(team, own),
        bias=_bias(own, rest),
    )


def came_with(person: Labeller, most: int) -> list[Experiment]:
    """The first experiments, at most so many, whose runs hold labels of theirs; one query."""
    theirs = Label.objects.filter(labeller=person, run__experiment=OuterRef("pk"))
    return list(Experiment.objects.filter(Exists(theirs), team=person.team_id).order_by("pk")[:most])


def _with_others(own: CurrentLabels, rest: CurrentLabels) -> tuple[Array, Array]:
    """For each of the person's steps how many others say the same, and how many others there are."""
    at = np.searchsorted(own.place, rest.place)
    alike = np.bincount(at, own.verdict[at] == rest.verdict, minlength=len(own.place)) if len(at) else None
    pairs = np.bincount(at, minlength=len(own.place))
    return (np.zeros(len(own.place)) if alike is None else alike), pairs


def _speed(seconds: Array) -> Speed:
    known = seconds[seconds >= 0]
    if not len(known):
        return Speed(None, None, None, 0, len(seconds))
    low, median, high = np.quantile(known, (0.25, 0.5, 0.75)).tolist()
    return Speed(median, low, high, len(known), len(seconds) - len(known))


def _blocks(rows: dict[str, Array], place: Array, alike: Array, pairs: Array) -> list[Block]:
    """By hundreds of verdicts as they were given, or more where they are many: time of each, and agreement of what
    stands now of the steps judged in them."""
    count = len(rows["row"])
    size = BLOCK * max(1, -(-count // (BLOCK * MOST_BLOCKS)))
    turns, begun = np.unique(rows["turn"].astype(np.int64), return_index=True)
    found = []
    for first in range(0, count, size):
        part = slice(first, min(first + size, count))
        inside = np.isin(place, rows["place"][part])
        begun_here = turns[(begun >= part.start) & (begun < part.stop) & (turns > 0)]
        found.append(
            Block(
                first=first + 1,
                last=part.stop,
                since=_EPOCH + timedelta(microseconds=int(rows["at"][part].min())),
                median=_speed(rows["seconds"][part]).median,
                agreeing=share_of(int(alike[inside].sum()), int(pairs[inside].sum())),
                turns=frozenset(begun_here.tolist()),
            )
        )
    return found


def _with_what_stands(team: Team, own: CurrentLabels) -> Share | None:
    """Over the steps that were settled: what all agree on says nothing of one of them."""
    place, verdict = settled_of(team)
    _, mine, theirs = np.intersect1d(own.place, place, assume_unique=True, return_indices=True)
    return share_of(int((own.verdict[mine] == verdict[theirs]).sum()), len(mine))


def _bias(own: CurrentLabels, rest: CurrentLabels) -> list[Bias]:
    """On steps that others judged too, each of which weighs the same however many they were."""
    shared = own.where(np.isin(own.place, rest.place))
    if not len(shared.place):
        return []
    at = np.searchsorted(shared.place, rest.place)
    weight = 1.0 / np.bincount(at, minlength=len(shared.place))[at] / len(shared.place)
    mine = np.bincount(shared.verdict, minlength=len(VERDICTS)) / len(shared.place)
    theirs = np.bincount(rest.verdict, weight, minlength=len(VERDICTS))
    return [Bias(SHOWN[key], float(mine[place]), float(theirs[place])) for place, key in enumerate(VERDICTS)]
