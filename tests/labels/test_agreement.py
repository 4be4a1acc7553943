"""Agreement equals what independent libraries compute, on a thousand random tables with missing verdicts and more."""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

from apps.labels.agreement import NAMED, ORDERED, Array
from apps.labels.ratings import ratings_of
from apps.labels.resampling import Agreement, Pairs, agreement_of, first_errors_of, pairs_of

MISSING = -1
ROOT = Path(__file__).resolve().parents[2]
TWICE = ROOT / "fixtures" / "agreement" / "prm800k-twice.jsonl"
WHOLE = ROOT.parent / "shared" / "data" / "prm800k-flat-labels" / "single-step.json"
CLOSE = 1e-9


@st.composite
def tables(draw: st.DrawFn) -> Array:
    """(steps, people): verdicts, MISSING where a person did not judge a step."""
    people, steps = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    kinds = draw(st.lists(st.integers(0, NAMED - 1), min_size=1, max_size=NAMED, unique=True))
    cell = st.sampled_from([MISSING, *kinds]) if draw(st.booleans()) else st.sampled_from(kinds)
    return np.array(draw(st.lists(st.lists(cell, min_size=people, max_size=people), min_size=steps, max_size=steps)))


def figures(table: Array) -> tuple[Agreement, Pairs]:
    step, rater = np.nonzero(table != MISSING)
    ratings = ratings_of(step, rater, table[step, rater], step % 3)
    return agreement_of(ratings), pairs_of(ratings)


def alpha(table: Array, level: str) -> float | None:
    """Alpha by the library, None where that finds nothing to compute."""
    table = np.where((level == "ordinal") & (table >= ORDERED), MISSING, table)
    shared = table[(table != MISSING).sum(1) > 1]
    if len(np.unique(shared[shared != MISSING])) < 2:
        return None
    data = np.where(table == MISSING, np.nan, table).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def kappa(one: Array, other: Array, weights: str | None) -> float | None:
    limit = ORDERED if weights else NAMED
    both = (one != MISSING) & (other != MISSING) & (one < limit) & (other < limit)
    if not both.any():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of one category alone it is not defined, which it says besides
        found = cohen_kappa_score(one[both], other[both], labels=list(range(limit)), weights=weights)
    return None if np.isnan(found) else float(found)


def same(found: float | None, expected: float | None) -> bool:
    if found is None or np.isnan(found):
        return expected is None
    return expected is not None and abs(found - expected) < CLOSE


@settings(max_examples=1_000, deadline=None)
@given(tables())
def test_every_coefficient_equals_that_of_an_independent_library(table: Array) -> None:
    found, pairs = figures(table)
    assert same(found.nominal.value, alpha(table, "nominal"))
    assert same(found.ordinal.value, alpha(table, "ordinal"))
    assert same(found.fleiss.value, fleiss(table, found.ratings))
    assert same(found.percent.value, share_of_like_pairs(table))
    people = pairs.raters.tolist()
    for first, second in combinations(range(len(people)), 2):
        one, other = table[:, people[first]], table[:, people[second]]
        assert same(float(pairs.cohen[0, first, second]), kappa(one, other, None))
        assert same(float(pairs.linear[0, first, second]), kappa(one, other, "linear"))


def fleiss(table: Array, ratings: int) -> float | None:
    given_here = (table != MISSING).sum(1)
    chosen = table[given_here == ratings] if ratings > 1 else table[:0]
    counts = np.stack([(chosen == kind).sum(1) for kind in range(NAMED)], 1)
    if not len(chosen) or (counts.sum(0) > 0).sum() < 2:
        return None
    return float(fleiss_kappa(counts))


def share_of_like_pairs(table: Array) -> float | None:
    pairs = [a == b for row in table for a, b in combinations(row[row != MISSING].tolist(), 2)]
    return float(np.mean(pairs)) if pairs else None


def test_steps_that_real_files_label_twice_agree_as_the_libraries_say() -> None:
    """Of both judgements of a step nobody's name is known, and none differs from the other."""
    table = np.array([row["labels"] for row in judged_twice()])
    assert table.shape == (214, 2)
    found, pairs = figures(table)
    assert same(found.nominal.value, alpha(table, "nominal"))
    assert same(found.fleiss.value, fleiss(table, 2))
    assert same(float(pairs.cohen[0, 0, 1]), kappa(table[:, 0], table[:, 1], None))
    assert found.percent.value == float(np.mean(table[:, 0] == table[:, 1])) == 1.0


def test_agreement_falls_as_the_libraries_say_when_some_of_the_real_labels_are_turned() -> None:
    """Every seventh second judgement turned, as the files themselves hold no dispute."""
    table = np.array([row["labels"] for row in judged_twice()])
    table[::7, 1] = 1 - table[::7, 1]
    found, pairs = figures(table)
    assert found.percent.value == pytest.approx(183 / 214)
    assert same(found.nominal.value, alpha(table, "nominal"))
    assert same(found.fleiss.value, fleiss(table, 2))
    assert same(float(pairs.cohen[0, 0, 1]), kappa(table[:, 0], table[:, 1], None))


@pytest.mark.skipif(not WHOLE.is_file(), reason=f"{WHOLE} is not on this machine")
def test_the_fixture_holds_every_step_that_the_whole_file_labels_twice() -> None:
    said: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in json.loads(WHOLE.read_text(encoding="utf-8")):
        said[row["question"], row["process"]].append(row["label"])
    assert sum(map(len, said.values())) == 4_441
    twice = {(row["question"], row["process"]): row["labels"] for row in judged_twice()}
    assert twice == {step: labels for step, labels in said.items() if len(labels) > 1}


def judged_twice() -> list[dict[str, Any]]:
    """Steps with both of their labels, 1 for right and 0 for wrong."""
    return [json.loads(line) for line in TWICE.read_text(encoding="utf-8").splitlines()]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(-1, 4), min_size=3, max_size=3), min_size=1, max_size=10))
def test_the_first_error_is_compared_pair_by_pair(places: list[list[int]]) -> None:
    """Against a count by hand: -1 did not judge the solution, 0 found no error."""
    pairs: list[Any] = [two for row in places for two in combinations([place for place in row if place >= 0], 2)]
    table = np.array(places)
    solution, rater = np.nonzero(table >= 0)
    found = first_errors_of(solution, rater, table[solution, rater], solution)
    near = [a == b or (a > 0 and b > 0 and abs(a - b) == 1) for a, b in pairs]
    assert same(found.exact.value, float(np.mean([a == b for a, b in pairs])) if pairs else None)
    assert same(found.within_one.value, float(np.mean(near)) if pairs else None)
