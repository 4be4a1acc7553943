"""How far a team's labels can be trusted: agreement over all that is asked for, by queue, strategy and difficulty, of
each two people, and on first errors. It reads whole columns and decides nothing about whom they are shown to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.accounts.models import Team
from apps.common.arrays import read_arrays
from apps.labels.agreement import VERDICTS, Array
from apps.labels.models import LabelQueue
from apps.labels.quality_rows import Asked, CurrentLabels, current_labels_of, turns_of
from apps.labels.ratings import Ratings, StepSums, places_among, ratings_of, step_sums
from apps.labels.resampling import (
    Agreement,
    FirstErrors,
    Pairs,
    Slice,
    agreement_of,
    first_errors_of,
    pairs_of,
    slices_of,
)

BAD = VERDICTS.index("bad")
MOST_SLICES = 30
"""Queues and strategies beyond these, by their labels, have no line of their own."""
MOST_VALUES, BINS = 8, 5
"""More difficulties than these are put together into BINS of as many runs each."""

_STEPS = """
    SELECT run_id << 32 | number AS place, run_id << 32 | parent AS above, depth::int4 AS depth FROM runs_step
    WHERE run_id = ANY(%(runs)s::bigint[]) ORDER BY run_id, number
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it is about, the words and values that ask for it alone, and its figures."""

    name: str
    asks: dict[str, str]
    figures: Slice


@dataclass(frozen=True, slots=True)
class Quality:
    """All figures of the page of quality, and the labels they rest on."""

    labels: CurrentLabels
    ratings: Ratings
    agreement: Agreement
    pairs: Pairs
    first_errors: FirstErrors
    queues: list[Line]
    strategies: list[Line]
    difficulties: list[Line]
    unlisted: int


def quality_of(team: Team, asked: Asked) -> Quality:
    """All figures over the labels that are asked for; eight queries at most, however many labels there are."""
    labels = current_labels_of(team, asked)
    turns = turns_of(team, asked.queue)
    ratings = labels.ratings()
    sums = step_sums(ratings)
    queues, unlisted = _by_queue(team, labels, turns, ratings, sums)
    return Quality(
        labels=labels,
        ratings=ratings,
        agreement=agreement_of(ratings, sums),
        pairs=pairs_of(ratings),
        first_errors=_first_errors(labels, turns),
        queues=queues,
        strategies=_by_strategy(team, labels, ratings, sums),
        difficulties=_by_difficulty(labels, ratings, sums),
        unlisted=unlisted,
    )


def _by_queue(
    team: Team, labels: CurrentLabels, turns: dict[str, Array], ratings: Ratings, sums: StepSums
) -> tuple[list[Line], int]:
    """By the queue in which a label was given; labels of other queues on the same step are not compared with it."""
    if not len(turns["turn"]) or not len(labels.turn):
        return [], 0
    at = np.minimum(np.searchsorted(turns["turn"], labels.turn), len(turns["turn"]) - 1)
    inside = turns["turn"][at] == labels.turn
    given = labels.where(inside)
    found, queue = places_among(turns["queue"][at[inside]])
    names = dict(LabelQueue.objects.filter(team=team, pk__in=found.tolist()).values_list("pk", "name"))
    if not inside.all() or np.any((given.place[1:] == given.place[:-1]) & (queue[1:] != queue[:-1])):
        step = places_among(given.place)[1] * max(len(found), 1) + queue
        ratings = ratings_of(step, given.person, given.verdict, given.problem)
        sums = step_sums(ratings)
    # Else every step was judged in one queue alone, and what was summed for all is as it would be here.
    of_step = queue[ratings.order][_first_rows(ratings)]
    named = [(names[key], {"queue": str(key)}) for key in found.tolist()]
    lines = _lines(named, slices_of(ratings, of_step, len(found), sums))
    return lines[:MOST_SLICES], len(lines[MOST_SLICES:])


def _by_strategy(team: Team, labels: CurrentLabels, ratings: Ratings, sums: StepSums) -> list[Line]:
    of_experiment = dict(team.experiments.values_list("pk", "strategy"))
    names = sorted(set(of_experiment.values()))
    place_of = {name: place for place, name in enumerate(names)}
    experiments, at = np.unique(labels.runs["experiment"], return_inverse=True)
    strategies = np.array([place_of[of_experiment[key]] for key in experiments.tolist()], np.int64)
    of_step = strategies[at][_run_of_steps(labels, ratings)] if len(strategies) else np.zeros(0, np.int64)
    named = [(name, {"strategy": name}) for name in names]
    return _lines(named, slices_of(ratings, of_step, len(names), sums))[:MOST_SLICES]


def _by_difficulty(labels: CurrentLabels, ratings: Ratings, sums: StepSums) -> list[Line]:
    """Easy ones first; problems of unknown difficulty have no line."""
    bounds = difficulties_of(labels.runs)
    lows = np.array([low for low, _ in bounds])
    given = labels.runs["difficulty"][_run_of_steps(labels, ratings)]
    known = ~np.isnan(given)
    of_step = np.full(len(given), len(bounds))
    of_step[known] = np.searchsorted(lows, given[known], side="right") - 1
    named = [(difficulty_named(low, high), {"difficulty": f"{low:g}~{high:g}"}) for low, high in bounds]
    slices = slices_of(ratings, of_step, len(bounds) + 1, sums)[: len(bounds)]
    return [Line(name, asks, one) for (name, asks), one in zip(named, slices, strict=True) if one.labels]


def difficulties_of(runs: dict[str, Array]) -> list[tuple[float, float]]:
    """Least and greatest of each group of difficulties: each value its own where they are few, else groups of about as
    many runs each."""
    known = runs["difficulty"][~np.isnan(runs["difficulty"])] if len(runs["run"]) else np.zeros(0)
    values = np.unique(known)
    if len(values) <= MOST_VALUES:
        return [(value, value) for value in values.tolist()]
    cuts = np.unique(np.quantile(known, np.arange(BINS) / BINS, method="lower"))
    ends = np.searchsorted(values, cuts[1:]) - 1
    return list(zip(cuts.tolist(), [*values[ends].tolist(), float(values[-1])], strict=True))


def difficulty_named(low: float, high: float) -> str:
    """In words: 3, or 0.2 to 0.4."""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _lines(named: list[tuple[str, dict[str, str]]], slices: list[Slice]) -> list[Line]:
    """Those with labels, the most labels first."""
    lines = [Line(name, asks, one) for (name, asks), one in zip(named, slices, strict=True) if one.labels]
    return sorted(lines, key=lambda line: (-line.figures.labels, line.name))


def _first_rows(ratings: Ratings) -> Array:
    """(steps,): the first row of each step."""
    return np.searchsorted(ratings.step, np.arange(len(ratings.group)))


def _run_of_steps(labels: CurrentLabels, ratings: Ratings) -> Array:
    """(steps,): the place of each step's run in the columns of runs."""
    return labels.run[ratings.order[_first_rows(ratings)]]


def _first_errors(labels: CurrentLabels, turns: dict[str, Array]) -> FirstErrors:
    """Of the branches that two or more people submitted a turn at: by what each of them calls bad on it, in whichever
    turn, as a step that branches share is judged once."""
    chosen = np.flatnonzero(turns["compared"] > 0)
    of_runs = np.searchsorted(labels.runs["run"], turns["run"][chosen])
    place = np.zeros(len(chosen), np.int64)
    bad = labels.where(labels.verdict == BAD)
    if len(chosen) and len(bad.turn):
        of_turns = turns["run"][chosen].astype(np.int64) << 32 | turns["person"][chosen].astype(np.int64)
        label, at = _joined(bad.place >> 32 << 32 | bad.person, of_turns)
        for turn, depth in _depths_on_branches(turns, chosen[at], bad.place[label]):
            first = np.full(len(turns["turn"]), np.iinfo(np.int64).max)
            np.minimum.at(first, turn, depth)
            place = np.where(first[chosen] < np.iinfo(np.int64).max, first[chosen], 0)
    problem = labels.runs["problem"][of_runs] if len(chosen) else of_runs
    return first_errors_of(turns["task"][chosen], turns["person"][chosen], place, problem)


def _joined(left: Array, right: Array) -> tuple[Array, Array]:
    """The places of all pairs of equal values: those on the left, and with each of them those on the right."""
    order = np.argsort(right, kind="stable")
    first, last = (np.searchsorted(right[order], left, side) for side in ("left", "right"))
    counts = last - first
    begins = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(np.arange(len(left)), counts), order[np.repeat(first, counts) + np.arange(counts.sum()) - begins]


def _depths_on_branches(turns: dict[str, Array], turn: Array, place: Array) -> Iterator[tuple[Array, Array]]:
    """Turn and depth of the steps that stand on the branch of their turn's task, all at once; alternatives beside it do
    not."""
    if not len(turn):
        return
    runs = np.unique(turns["run"][turn]).tolist()
    steps = read_arrays(("place", "above", "depth"), _STEPS, {"runs": runs})
    wanted = np.searchsorted(steps["place"], place)
    depth = steps["depth"][wanted]
    now = np.searchsorted(steps["place"], turns["run"][turn] << 32 | turns["leaf"][turn].astype(np.int64))
    above = np.searchsorted(steps["place"], steps["above"])
    # From the leaf up, every branch one step at a time, until it is no deeper than the step that is looked for.
    while (deeper := np.flatnonzero(steps["depth"][now] > depth)).size:
        now[deeper] = above[now[deeper]]
    yield turn[now == wanted], depth[now == wanted]
