"""How far people agree: the coefficients, from counts to numbers; it draws nothing at random and reads no rows.

Every coefficient takes counts with any leading axes and gives an array of those, NaN where it is not defined, so that
one call does all pairs of people and all resamples (resampling.py), which also says why a figure is missing.

Verdicts are places on VERDICTS: bad, neutral, good and, last, unsure. Unsure is a category like the others where
categories are only named; it has no place in an order, so what compares by order takes it for no verdict.

Sources: Cohen, "A coefficient of agreement for nominal scales" (1960) and "Weighted kappa" (1968); Fleiss, "Measuring
nominal scale agreement among many raters" (1971); Krippendorff, "Content Analysis" and "Computing Krippendorff's
Alpha-Reliability" (2011); Hayes and Krippendorff, "Answering the call for a standard reliability measure" (2007).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

VERDICTS = ("bad", "neutral", "good", "unsure")
NAMED = len(VERDICTS)
ORDERED = 3
"""How many of VERDICTS, from the first, have an order."""


def ratio(above: Array, below: Array) -> Array:
    """above / below, NaN where `below` is nothing."""
    below = np.asarray(below, float)
    empty = below <= 0
    return np.where(empty, np.nan, np.asarray(above, float) / np.where(empty, 1.0, below))


def cohen_kappa(confusion: Array) -> Array:
    """Kappa of two people (Cohen 1960): 1 − q / q_e, where q is the share of steps on which they differ and q_e that
    share if each had judged by chance as often as they did.

    confusion: (..., K, K), steps by the first's verdict and the second's. Gives (...); NaN where both know one and the
    same category alone, or share no step.
    """
    kinds = confusion.shape[-1]
    return _weighted(confusion, 1.0 - np.eye(kinds))


def linear_kappa(confusion: Array) -> Array:
    """Kappa with linear weights (Cohen 1968): a disagreement weighs by how far apart the verdicts stand.

    confusion: (..., K, K), in the order of the verdicts. Gives (...); NaN as cohen_kappa.
    """
    places = np.arange(confusion.shape[-1])
    return _weighted(confusion, np.abs(places[:, None] - places[None, :]).astype(float))


def _weighted(confusion: Array, weights: Array) -> Array:
    confusion = np.asarray(confusion, float)
    given = confusion.sum((-1, -2))
    met = (confusion * weights).sum((-1, -2)) * given
    first, second = confusion.sum(-1), confusion.sum(-2)
    by_chance = ((first @ weights) * second).sum(-1)
    return 1.0 - ratio(met, by_chance)


def percent_agreement(agreeing: Array, pairs: Array) -> Array:
    """The share of pairs of verdicts on one step that are alike; NaN where there is no pair."""
    return ratio(agreeing, pairs)


def fleiss_kappa(agreeing: Array, steps: Array, counts: Array, ratings: int) -> Array:
    """Fleiss' kappa (1971): (P̄ − P̄_e) / (1 − P̄_e) over steps with the same number of verdicts.

    agreeing: (...), pairs of like verdicts on those steps, each pair once; steps: (...); counts: (..., K), verdicts by
    category; ratings: verdicts a step, 2 or more. NaN where there is no such step or one category alone.
    """
    counts = np.asarray(counts, float)
    observed = ratio(2.0 * agreeing, steps * (ratings * (ratings - 1.0)))
    shares = ratio(counts, counts.sum(-1)[..., None])
    expected = (shares**2).sum(-1)
    one_kind = (counts > 0).sum(-1) < 2
    return np.where(one_kind, np.nan, ratio(observed - expected, 1.0 - expected))


def krippendorff_alpha(coincidences: Array, *, ordinal: bool) -> Array:
    """Krippendorff's alpha: 1 − D_o / D_e, from the matrix of coincidences o_ck (2011, section C).

    coincidences: (..., K, K); every step with m ≥ 2 verdicts adds each of its ordered pairs as 1 / (m − 1). ordinal:
    with the metric δ²_ck = (Σ_{g=c..k} n_g − (n_c + n_k) / 2)², else every difference weighs the same. Gives (...);
    NaN where there is no pair, or one category alone.
    """
    coincidences = np.asarray(coincidences, float)
    values = coincidences.sum(-1)
    apart = _ordinal_distances(values) if ordinal else 1.0 - np.eye(values.shape[-1])
    met = (coincidences * apart).sum((-1, -2)) * (values.sum(-1) - 1.0)
    by_chance = (values[..., :, None] * values[..., None, :] * apart).sum((-1, -2))
    one_kind = (values > 0).sum(-1) < 2
    return np.where(one_kind, np.nan, 1.0 - ratio(met, by_chance))


def _ordinal_distances(values: Array) -> Array:
    """δ²_ck of (..., K) values by category: squared, how many values lie between two, halves of both included."""
    upto = np.cumsum(values, -1) - values / 2.0
    return np.asarray((upto[..., :, None] - upto[..., None, :]) ** 2)
