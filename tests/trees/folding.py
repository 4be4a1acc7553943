"""Visits and mean values of all steps at any moment, out of stored visits, as static/js/lib/visits.js folds them.

It looks at rows alone: what a snapshot of the search should say is for the tests that ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from apps.runs.models import Run, Step, Visit


@dataclass(frozen=True)
class Fold:
    """visits, mean: by step number, 0 being the question; a step nobody came to has no mean."""

    visits: dict[int, int]
    mean: dict[int, float | None]


def folded(run: Run, cursor: int) -> Fold:
    """What the visits up to event `cursor` sum up to, for the question and every step born by then."""
    parents = dict(Step.objects.filter(run=run, born__lte=cursor).values_list("number", "parent"))
    credits: dict[int, list[float]] = {0: [], **{number: [] for number in parents}}
    for visit in Visit.objects.filter(run=run, seq__lte=cursor).order_by("seq"):
        branch = [visit.number]
        while branch[-1]:
            branch.append(parents[branch[-1]])
        branch.reverse()
        returns = [visit.value] * len(branch)
        if visit.returns is not None:
            returns = np.frombuffer(visit.returns, "<f8").tolist()
        for number, credit in zip(branch, returns, strict=True):
            credits[number].append(credit)
    return Fold(
        {number: len(given) for number, given in credits.items()},
        {number: fsum(given) / len(given) if given else None for number, given in credits.items()},
    )
