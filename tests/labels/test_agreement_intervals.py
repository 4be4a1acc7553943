"""Intervals of agreement come by a seed and hold what they should; where there is none, a sentence says why."""

from __future__ import annotations

import numpy as np
import pytest

from apps.labels.agreement import NAMED, Array
from apps.labels.ratings import MOST_GROUPS, ratings_of
from apps.labels.resampling import (
    NOT_SHARED,
    ONE_KIND,
    ONE_PROBLEM,
    Agreement,
    agreement_of,
    first_errors_of,
    pairs_of,
)

NONE = np.zeros(0, np.int64)


def judged(problems: int, seed: int, share: float = 0.7) -> tuple[Array, Array, Array, Array]:
    """Three people on five steps of each problem, each verdict the true one with that share, else any."""
    rng = np.random.default_rng(seed)
    step = np.repeat(np.arange(5 * problems), 3)
    truth = rng.integers(0, NAMED, 5 * problems)
    verdict = np.where(rng.random(len(step)) < share, truth[step], rng.integers(0, NAMED, len(step)))
    return step, np.tile(np.arange(3), 5 * problems), verdict, step // 5


def of(step: Array, rater: Array, verdict: Array, problem: Array) -> Agreement:
    return agreement_of(ratings_of(step, rater, verdict, problem))


def test_the_same_verdicts_in_another_order_have_the_same_figures() -> None:
    given = judged(30, seed=1)
    shuffled = np.random.default_rng(2).permutation(len(given[0]))
    assert of(*given) == of(*(column[shuffled] for column in given))


def test_an_interval_holds_its_figure_and_narrows_with_more_problems() -> None:
    few, many = of(*judged(20, seed=3)), of(*judged(2 * MOST_GROUPS, seed=3))
    for found in (few, many):
        for estimate in (found.percent, found.nominal, found.ordinal, found.fleiss):
            assert (estimate.low or 0) < (estimate.value or 0) < (estimate.high or 0)
    width = [(one.nominal.high or 0) - (one.nominal.low or 0) for one in (few, many)]
    assert width[1] < width[0] / 3


def test_nineteen_in_twenty_intervals_hold_the_truth() -> None:
    """Two people who are right nine times in ten agree on all but what one of them gets wrong alone; 200 draws."""
    held = 0
    truth = (0.7 + 0.3 / NAMED) ** 2 + (NAMED - 1) * (0.3 / NAMED) ** 2
    for seed in range(200):
        percent = of(*judged(40, seed)).percent
        held += (percent.low or 0) <= truth <= (percent.high or 0)
    assert 180 <= held <= 199


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((NONE, NONE, NONE, NONE), NOT_SHARED),
        (([1, 2], [7, 8], [0, 1], [1, 1]), NOT_SHARED),
        (([1, 1, 2, 2], [7, 8, 7, 8], [2, 2, 2, 2], [1, 1, 2, 2]), ONE_KIND),
    ],
)
def test_what_is_not_defined_is_none_and_says_why(rows: tuple[list[int], ...], why: str) -> None:
    found = of(*(np.array(column, np.int64) for column in rows))
    assert (found.nominal.value, found.nominal.why) == (None, why)
    assert (found.fleiss.value, found.fleiss.why) == (None, why)


def test_verdicts_on_one_problem_have_figures_without_an_interval() -> None:
    found = of(*(np.array(column) for column in ([1, 1, 2, 2], [7, 8, 7, 8], [2, 0, 2, 2], [1, 1, 1, 1])))
    assert found.percent.value == 0.5
    assert (found.percent.low, found.percent.why) == (None, ONE_PROBLEM)


def test_two_who_share_no_step_have_no_kappa_and_the_others_keep_theirs() -> None:
    rows = ([1, 1, 2, 2, 3], [7, 8, 7, 8, 9], [2, 0, 0, 0, 1], [1, 1, 2, 2, 3])
    pairs = pairs_of(ratings_of(*(np.array(column) for column in rows)))
    assert pairs.raters.tolist() == [7, 8, 9]
    assert np.isnan(pairs.cohen[0, 0, 2])
    assert pairs.cohen[0, 0, 1] == pytest.approx(0.0)
    assert pairs.shared.tolist() == [[2, 2, 0], [2, 2, 0], [0, 0, 1]]
    assert pairs.confusion[0, 1, 2, 0] == 1


def test_of_more_people_than_fit_those_with_most_verdicts_are_compared() -> None:
    step, rater, verdict, problem = judged(4, seed=5)
    kept = (rater != 1) | (step > 8)
    pairs = pairs_of(ratings_of(step[kept], rater[kept], verdict[kept], problem[kept]), most=2)
    assert (pairs.raters.tolist(), pairs.left_out) == ([0, 2], 1)


def test_two_verdicts_of_one_person_on_one_step_are_refused() -> None:
    with pytest.raises(ValueError, match="at most one verdict"):
        ratings_of(*(np.array(column) for column in ([1, 1], [7, 7], [0, 1], [1, 1])))


def test_a_verdict_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 3"):
        ratings_of(*(np.array(column) for column in ([1], [7], [4], [1])))


def test_nobody_and_an_error_are_not_next_to_each_other() -> None:
    places = [np.array(column) for column in ([1, 1, 2, 2], [7, 8, 7, 8], [0, 1, 2, 3], [1, 1, 2, 2])]
    found = first_errors_of(*places)
    assert (found.exact.value, found.within_one.value, found.exact.count) == (0.0, 0.5, 2)
