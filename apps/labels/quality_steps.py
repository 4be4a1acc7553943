"""The steps behind the figures, those in dispute first; it names nobody, as who said what is not what settles them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.accounts.models import Team
from apps.labels.agreement import VERDICTS, Array
from apps.labels.quality_asking import OfSteps
from apps.labels.quality_rows import CurrentLabels, settled_of, step_at
from apps.labels.ratings import ratings_of, verdict_counts
from apps.labels.verdicts import VERDICTS as SHOWN
from apps.labels.verdicts import Verdict
from apps.runs.models import StepText

TEXT_CHARACTERS = 300
PAGE_STEPS = 25


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """A step with how often each verdict was given. share: of the pairs of its verdicts that differ, 0 to 1."""

    run: int
    number: int
    text: str
    counts: list[tuple[Verdict, int]]
    labels: int
    share: float


@dataclass(frozen=True, slots=True)
class StepsPage:
    """One page of steps, how many there are in all, and of these in how many people differ."""

    steps: list[JudgedStep]
    total: int
    disputed: int
    pages: int


def steps_of(team: Team, labels: CurrentLabels, wanted: OfSteps, page: int) -> StepsPage:
    """Steps with two verdicts or more that are wanted and not settled, the most disputed first, then those with most
    verdicts; page: from 1. Two queries."""
    ratings = ratings_of(labels.place, labels.person, labels.verdict, labels.problem)
    counts = verdict_counts(ratings)
    place = labels.place[ratings.order][np.searchsorted(ratings.step, np.arange(len(ratings.group)))]
    given = counts.sum(-1)
    pairs = given * (given - 1) / 2.0
    share = 1.0 - (counts * (counts - 1)).sum(-1) / 2.0 / np.maximum(pairs, 1.0)
    kept = np.flatnonzero((given > 1) & _wanted(labels, wanted, place) & ~np.isin(place, settled_of(team)[0]))
    order = kept[np.lexsort((place[kept], -given[kept], -share[kept]))]
    chosen = order[(page - 1) * PAGE_STEPS : page * PAGE_STEPS]
    texts = _texts(place[chosen])
    found = [
        JudgedStep(
            *step_at(at),
            text=texts.get(at, ""),
            counts=[(SHOWN[name], int(count)) for name, count in zip(VERDICTS, row, strict=True) if count],
            labels=int(row.sum()),
            share=float(differing),
        )
        for at, row, differing in zip(place[chosen].tolist(), counts[chosen], share[chosen], strict=True)
    ]
    disputed = int((share[kept] > 0).sum())
    return StepsPage(found, len(kept), disputed, max(1, -(-len(kept) // PAGE_STEPS)))


def _wanted(labels: CurrentLabels, wanted: OfSteps, place: Array) -> Array:
    """(steps,): whether each step is one that the people asked for judged as is asked for."""
    kept = np.ones(len(place), bool)
    for person, verdict in ((wanted.first, wanted.said), (wanted.second, wanted.other)):
        said = np.ones(len(labels.place), bool)
        if person is not None:
            said &= labels.person == person
        if verdict is not None:
            said &= labels.verdict == verdict
        if person is not None or verdict is not None:
            kept &= np.isin(place, labels.place[said])
    return kept


def _texts(places: Array) -> dict[int, str]:
    """The beginnings of the texts of a few steps, by place."""
    wanted = [step_at(place) for place in places.tolist()]
    rows = StepText.objects.filter(run__in={run for run, _ in wanted}, number__in={number for _, number in wanted})
    return {
        run << 32 | number: text[:TEXT_CHARACTERS] for run, number, text in rows.values_list("run", "number", "text")
    }
