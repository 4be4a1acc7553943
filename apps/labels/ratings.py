"""Verdicts as arrays, and what they add up to by groups of problems; it computes no coefficient and reads no rows.

All that agreement is computed from are sums over steps. Kept by group they are summed again with other weights, so
that a thousand resamples of the problems cost one product of matrices (resampling.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from apps.labels.agreement import NAMED, ORDERED, Array

MOST_GROUPS = 400
"""More problems than these are put together at random: groups of whole problems are as independent as problems are."""
_STEPS_AT_ONCE, _STEPS_A_PRODUCT = 20_000, 40


@dataclass(frozen=True, slots=True)
class Ratings:
    """Verdicts of people on steps, at most one of a person on a step; what nobody said has no row.

    step, rater, verdict: (rows,), sorted by group and step; step counts from 0, rater is a place in `raters`, verdict a
    place in VERDICTS. order: (rows,), the place at which each row was given. group: (steps,), the group of problems
    that each step belongs to. raters: (people,), as given. problems: how many there are.
    """

    step: Array
    rater: Array
    verdict: Array
    order: Array
    group: Array
    raters: Array
    problems: int

    @property
    def groups(self) -> int:
        return min(self.problems, MOST_GROUPS)


def ratings_of(step: Array, rater: Array, verdict: Array, problem: Array, *, seed: int = 0) -> Ratings:
    """Take verdicts as they come: four arrays of shape (rows,), any integers for steps, people and problems.

    verdict: i8, places in VERDICTS. seed: of the draw that puts many problems into groups. Raises ValueError for arrays
    of other lengths, a verdict that is none, and two verdicts of one person on one step.
    """
    rows = {len(step), len(rater), len(verdict), len(problem)}
    if len(rows) > 1:
        raise ValueError(f"Expected four arrays of one length; found lengths {sorted(rows)}.")
    if len(verdict) and (int(np.min(verdict)) < 0 or int(np.max(verdict)) >= NAMED):
        raise ValueError(f"Expected verdicts of 0 to {NAMED - 1}; found {np.min(verdict)} to {np.max(verdict)}.")
    problems, of_problem = places_among(problem)
    raters, of_rater = places_among(rater)
    _, steps = places_among(step)
    groups = np.arange(len(problems))
    if len(groups) > MOST_GROUPS:
        groups = np.random.default_rng(seed).permutation(groups) % MOST_GROUPS
    of_group = groups[of_problem]
    key = (of_group.astype(np.int64) * (len(steps) + 1) + steps) * (len(raters) + 1) + of_rater
    order = np.arange(len(key)) if np.all(key[1:] >= key[:-1]) else np.argsort(key, kind="stable")
    if np.any(np.diff(key[order]) == 0):
        raise ValueError("Expected at most one verdict of a person on a step; found two.")
    steps, of_group = steps[order], of_group[order]
    starts = np.append(True, steps[1:] != steps[:-1])[: len(steps)]
    numbered, said = np.cumsum(starts) - 1, np.asarray(verdict)[order]
    return Ratings(numbered, of_rater[order], said, order, of_group[starts], raters, len(problems))


def places_among(values: Array) -> tuple[Array, Array]:
    """The values there are, and for each row its place among them; fast where they come sorted."""
    values = np.asarray(values)
    if not len(values):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if np.all(values[1:] >= values[:-1]):
        starts = np.append(True, values[1:] != values[:-1])
        return values[starts], np.cumsum(starts) - 1
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + 1000:
        return np.unique(values, return_inverse=True)
    is_there = np.zeros(high - low + 1, bool)
    is_there[values - low] = True
    return np.flatnonzero(is_there) + low, (np.cumsum(is_there) - 1)[values - low]


def verdict_counts(ratings: Ratings) -> Array:
    """(steps, NAMED): how many people gave each verdict."""
    places = ratings.step * NAMED + ratings.verdict
    return np.bincount(places, minlength=len(ratings.group) * NAMED).reshape(-1, NAMED)


Parts = tuple[Array, int]
"""(steps,) from 0, the part that each step is in, and how many parts there are."""


@dataclass(frozen=True, slots=True)
class Coinciding:
    """What each step adds to Krippendorff's coincidences. steps: (shared,), places of those with two verdicts or more;
    values: (K (K + 1) / 2, shared), by the pairs of verdicts with the first no greater than the second; kinds: K."""

    steps: Array
    values: Array
    kinds: int


@dataclass(frozen=True, slots=True)
class StepSums:
    """All that figures over everybody's verdicts are summed from, computed once however often it is summed.

    counts: (steps, NAMED), verdicts by kind; given: (steps,), verdicts in all; pairs: (2, steps), pairs of like
    verdicts and all pairs; nominal, ordinal: the coincidences of all verdicts, and of those in order.
    """

    counts: Array
    given: Array
    pairs: Array
    nominal: Coinciding
    ordinal: Coinciding


def step_sums(ratings: Ratings) -> StepSums:
    """Sum the verdicts of each step."""
    counts = verdict_counts(ratings)
    given = counts.sum(-1)
    pairs = np.stack([(counts * (counts - 1)).sum(-1), given * (given - 1)]) / 2.0
    return StepSums(counts, given, pairs, _coinciding(counts), _coinciding(ordered(counts)))


def _coinciding(counts: Array) -> Coinciding:
    kinds = counts.shape[-1]
    given = counts.sum(-1)
    shared = np.flatnonzero(given > 1)
    several = counts.T[:, shared].astype(float)
    weight = 1.0 / (given[shared] - 1.0)
    each = [several[a] * (several[b] - (a == b)) * weight for a, b in _each_two(kinds)]
    return Coinciding(shared, np.stack(each), kinds)


def _each_two(kinds: int) -> list[tuple[int, int]]:
    return [(first, second) for first in range(kinds) for second in range(first, kinds)]


def by_group(ratings: Ratings, values: Array, steps: Array | None = None, parts: Parts | None = None) -> Array:
    """Sum (features, steps) by group: (groups, features), and with parts (groups, parts, features).

    steps: places of the steps that `values` are of, else all."""
    group, count = ratings.group, 1
    if parts is not None:
        part, count = parts
        group = group * count + part
    group = group if steps is None else group[steps]
    summed = np.stack([np.bincount(group, one, minlength=ratings.groups * count) for one in values], -1)
    return summed if parts is None else summed.reshape(ratings.groups, count, len(values))


def coincidences(ratings: Ratings, of: Coinciding, parts: Parts | None = None) -> Array:
    """(groups, K, K), and with parts (groups, parts, K, K): Krippendorff's coincidences."""
    half = by_group(ratings, of.values, of.steps, parts)
    whole = np.zeros((*half.shape[:-1], of.kinds, of.kinds))
    for place, (a, b) in enumerate(_each_two(of.kinds)):
        whole[..., a, b] = whole[..., b, a] = half[..., place]
    return whole


def ordered(counts: Array) -> Array:
    """The counts without unsure, which has no place in the order."""
    return counts[:, :ORDERED]


def busiest(ratings: Ratings, most: int) -> Array:
    """Places of the `most` people with most verdicts, rising."""
    given = np.bincount(ratings.rater, minlength=len(ratings.raters))
    return np.sort(np.argsort(-given, kind="stable")[:most])


def confusions(ratings: Ratings, people: Array) -> Array:
    """(groups, P, K, P, K): on how many steps the first of two of `people` said one verdict and the second another.

    Of a few steps at a time the matrix of steps by person and verdict is multiplied with itself. Products that small
    stay on one core: left to several, which others use too, they took up to forty times as long (2026-11).
    """
    place = np.full(len(ratings.raters) + 1, -1)
    place[people] = np.arange(len(people))
    kept = place[ratings.rater] >= 0
    step, column = ratings.step[kept], place[ratings.rater[kept]] * NAMED + ratings.verdict[kept]
    width = len(people) * NAMED
    summed = np.zeros((ratings.groups, width, width), np.float32)
    for group, first, last in _slices(ratings.group):
        begin, end = np.searchsorted(step, (first, last))
        products = -(-(last - first) // _STEPS_A_PRODUCT)
        said = np.zeros((products * _STEPS_A_PRODUCT, width), np.float32)
        said[step[begin:end] - first, column[begin:end]] = 1.0
        each = said.reshape(products, _STEPS_A_PRODUCT, width)
        summed[group] += np.matmul(each.transpose(0, 2, 1), each).sum(0)
    return summed.reshape(len(summed), len(people), NAMED, len(people), NAMED)


def _slices(group: Array) -> list[tuple[int, int, int]]:
    """(group, first step, last step + 1) of runs of steps of one group, none longer than fits into memory."""
    if not len(group):
        return []
    ends = np.append(np.flatnonzero(group[1:] != group[:-1]) + 1, len(group)).tolist()
    found, start = [], 0
    for end in ends:
        cuts = [*range(start, end, _STEPS_AT_ONCE), end]
        found += [(int(group[start]), first, last) for first, last in pairwise(cuts)]
        start = end
    return found
