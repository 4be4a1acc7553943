"""All figures of agreement with their intervals, from verdicts as arrays; it reads no rows and knows no page.

Intervals are of 95 %, by the bootstrap over problems (Efron and Tibshirani 1993, percentile method): steps of one
problem go right and wrong together, so whole problems are drawn with replacement, RESAMPLES times, by a seed. A figure
that is not defined is None with a sentence, never NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from apps.labels.agreement import (
    ORDERED,
    Array,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    linear_kappa,
    percent_agreement,
)
from apps.labels.ratings import (
    Ratings,
    StepSums,
    busiest,
    by_group,
    coincidences,
    confusions,
    ordered,
    ratings_of,
    step_sums,
)

RESAMPLES = 1_000
MOST_PEOPLE = 20
"""How many people the table of pairs compares; of more, those with most verdicts."""
LOW, HIGH = 0.025, 0.975

NOT_SHARED = "No step has verdicts of two people."
ONE_KIND = "All verdicts are alike, so that chance alone would agree as well."
ONE_PROBLEM = "All of them are of one problem, so that there is no interval."
SELDOM = "In most draws of the problems it is not defined, so that there is no interval."


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval. value: None where it is not defined; low, high: None where there is no interval; why:
    the reason of either, else empty. count: on how many steps or solutions it rests."""

    value: float | None
    low: float | None
    high: float | None
    count: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree. shared: steps with verdicts of two or more; ratings: how many verdicts each step has on
    which Fleiss' kappa rests, and left_out how many shared steps have another number; unsure: verdicts that what goes
    by order takes for none."""

    labels: int
    people: int
    steps: int
    shared: int
    problems: int
    percent: Estimate
    nominal: Estimate
    ordinal: Estimate
    fleiss: Estimate
    ratings: int
    left_out: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of a part of the steps, such as those of one strategy."""

    labels: int
    steps: int
    shared: int
    percent: Estimate
    nominal: Estimate
    ordinal: Estimate


@dataclass(frozen=True, slots=True)
class Pairs:
    """How far each two people agree. raters: (P,), as given. cohen, linear: (3, P, P), value, low and high, NaN where
    not defined; shared: (P, P), steps that both judged; confusion: (P, P, K, K), the first's verdict by the second's.
    left_out: people who are not compared because others judged more.
    """

    raters: Array
    cohen: Array
    linear: Array
    shared: Array
    confusion: Array
    left_out: int


@dataclass(frozen=True, slots=True)
class FirstErrors:
    """How often two people name the same first bad step of a solution, and the same one or its neighbour."""

    exact: Estimate
    within_one: Estimate


def agreement_of(ratings: Ratings, sums: StepSums | None = None, *, seed: int = 0) -> Agreement:
    """All figures over everybody's verdicts. sums: of the same ratings, where they are at hand."""
    found = sums or step_sums(ratings)
    counts, given = found.counts, found.given
    usual = _usual(given)
    usually = np.flatnonzero(given == usual) if usual else np.zeros(0, int)
    parts = {
        "pairs": by_group(ratings, found.pairs),
        "nominal": coincidences(ratings, found.nominal),
        "ordinal": coincidences(ratings, found.ordinal),
        "fleiss": by_group(ratings, np.vstack([found.pairs[:1], given > 0, counts.T])[:, usually], usually),
    }
    draws = _draws(ratings.groups, seed)
    shared, in_order = int((given > 1).sum()), int((ordered(counts).sum(-1) > 1).sum())

    def estimate(part: str, of: Callable[[Array], Array], count: int) -> Estimate:
        return _estimate(parts[part], of, draws, count)

    return Agreement(
        labels=len(ratings.step),
        people=len(ratings.raters),
        steps=len(given),
        shared=shared,
        problems=ratings.problems,
        percent=estimate("pairs", _percent_of, shared),
        nominal=estimate("nominal", partial(krippendorff_alpha, ordinal=False), shared),
        ordinal=estimate("ordinal", partial(krippendorff_alpha, ordinal=True), in_order),
        fleiss=estimate(
            "fleiss", lambda sums: fleiss_kappa(sums[..., 0], sums[..., 1], sums[..., 2:], usual), len(usually)
        ),
        ratings=usual,
        left_out=shared - len(usually),
        unsure=int(counts[:, ORDERED:].sum()),
    )


def slices_of(
    ratings: Ratings, slice_of: Array, count: int, sums: StepSums | None = None, *, seed: int = 0
) -> list[Slice]:
    """The figures of each part of the steps.

    slice_of: (steps,), 0 to count − 1, the part that each step is in; sums: of the same ratings, where they are known.
    """
    found, parts = sums or step_sums(ratings), (slice_of, count)
    pairs = by_group(ratings, found.pairs, parts=parts)
    nominal = coincidences(ratings, found.nominal, parts)
    ordinal = coincidences(ratings, found.ordinal, parts)
    draws = _draws(ratings.groups, seed)
    labels, shared = (
        np.bincount(slice_of, weights, minlength=count).astype(int).tolist()
        for weights in (found.given, found.given > 1)
    )
    steps = np.bincount(slice_of, minlength=count).tolist()
    return [
        Slice(
            labels=labels[part],
            steps=steps[part],
            shared=shared[part],
            percent=_estimate(pairs[:, part], _percent_of, draws, shared[part]),
            nominal=_estimate(nominal[:, part], partial(krippendorff_alpha, ordinal=False), draws, shared[part]),
            ordinal=_estimate(ordinal[:, part], partial(krippendorff_alpha, ordinal=True), draws, shared[part]),
        )
        for part in range(count)
    ]


def _percent_of(sums: Array) -> Array:
    return percent_agreement(sums[..., 0], sums[..., 1])


def _usual(given: Array) -> int:
    """The number of verdicts, 2 or more, that most steps have, of equals the larger; 0 where none has two."""
    often = np.bincount(given[given > 1])
    return len(often) - 1 - int(np.argmax(often[::-1])) if len(often) else 0


def pairs_of(ratings: Ratings, *, seed: int = 0, most: int = MOST_PEOPLE) -> Pairs:
    """Cohen's kappa of each two people, unweighted over all verdicts and with linear weights over those in order."""
    people = busiest(ratings, most)
    size = len(people)
    sums = confusions(ratings, people).transpose(0, 1, 3, 2, 4)
    first, second = np.triu_indices(size, 1)
    of_pairs = np.ascontiguousarray(sums[:, first, second])
    draws = _draws(ratings.groups, seed)
    cohen, linear = np.full((3, size, size), np.nan), np.full((3, size, size), np.nan)
    total = of_pairs.sum(0)
    drawn = _summed(draws, of_pairs) if len(draws) else None
    for table, of in ((cohen, cohen_kappa), (linear, _linear_of)):
        table[0][first, second] = of(total)
        if drawn is not None:
            table[1:, first, second] = _bounds(of(drawn))
        table[:, second, first] = table[:, first, second]
    confusion = np.rint(sums.sum(0)).astype(np.int64)
    shared = confusion.sum((-1, -2))
    return Pairs(ratings.raters[people], cohen, linear, shared, confusion, len(ratings.raters) - size)


def _linear_of(confusion: Array) -> Array:
    return linear_kappa(confusion[..., :ORDERED, :ORDERED])


def first_errors_of(solution: Array, rater: Array, place: Array, problem: Array, *, seed: int = 0) -> FirstErrors:
    """Agreement on the first error, over pairs of people who judged the same solution; four arrays of shape (rows,).

    place: the depth of the first bad step, from 1, and 0 where there is none. Within one are two errors at most a step
    apart; no error is next to nothing. Raises ValueError as ratings_of.
    """
    solutions = ratings_of(solution, rater, np.zeros(len(place), np.int8), problem, seed=seed)
    several = np.bincount(solutions.step, minlength=len(solutions.group))
    sums = np.zeros((3, len(several)))
    for one, other, both in _each_two(solutions.step, np.asarray(place, np.int64)[solutions.order]):
        near = (one == other) | ((one > 0) & (other > 0) & (np.abs(one - other) == 1))
        for column, values in enumerate((np.ones(len(both)), one == other, near)):
            sums[column] += np.bincount(both, values, minlength=len(several))
    grouped, draws = by_group(solutions, sums), _draws(solutions.groups, seed)
    count = int((several > 1).sum())
    exact = _estimate(grouped, lambda drawn: percent_agreement(drawn[..., 1], drawn[..., 0]), draws, count)
    near_by = _estimate(grouped, lambda drawn: percent_agreement(drawn[..., 2], drawn[..., 0]), draws, count)
    return FirstErrors(exact, near_by)


def _each_two(group: Array, values: Array) -> Iterator[tuple[Array, Array, Array]]:
    """The values of each two rows of one group, and the group; `group` is sorted."""
    for apart in range(1, int(np.bincount(group).max()) if len(group) else 0):
        both = np.flatnonzero(group[apart:] == group[:-apart])
        yield values[both], values[both + apart], group[both]


@lru_cache(maxsize=8)
def _draws(groups: int, seed: int) -> Array:
    """(RESAMPLES, groups): how often each draw has each group; no draw where there is only one.

    The same for all figures of a page, so it is kept, and cannot be written to.
    """
    if groups < 2:
        return np.zeros((0, groups), np.float32)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(groups, np.full(groups, 1.0 / groups), RESAMPLES).astype(np.float32)
    drawn.flags.writeable = False
    return drawn


def _summed(draws: Array, sums: Array) -> Array:
    """(groups, …) summed with the weights of each draw: (draws, …)."""
    flat = sums.reshape(len(sums), -1).astype(np.float32)
    return np.asarray((draws @ flat).reshape(len(draws), *sums.shape[1:]), float)


def _estimate(sums: Array, of: Callable[[Array], Array], draws: Array, count: int) -> Estimate:
    value = float(of(sums.sum(0)))
    if np.isnan(value):
        return Estimate(None, None, None, count, ONE_KIND if count else NOT_SHARED)
    if not len(draws):
        return Estimate(value, None, None, count, ONE_PROBLEM)
    low, high = _bounds(of(_summed(draws, sums))).tolist()
    if np.isnan(low):
        return Estimate(value, None, None, count, SELDOM)
    return Estimate(value, low, high, count)


def _bounds(drawn: Array) -> Array:
    """(draws, …) → (2, …): the ends of the interval over the draws in which a figure is defined; NaN where that is so
    in fewer than half of them."""
    ordered_up = np.sort(drawn, 0)  # NaN last
    known = (~np.isnan(drawn)).sum(0)
    ends = []
    for share in (LOW, HIGH):
        at = share * np.maximum(known - 1, 0)
        below = np.floor(at).astype(int)
        above = np.minimum(below + 1, np.maximum(known - 1, 0))
        low, high = (np.take_along_axis(ordered_up, one[None], 0)[0] for one in (below, above))
        ends.append(np.where(2 * known < len(drawn), np.nan, low + (high - low) * (at - below)))
    return np.stack(ends)
