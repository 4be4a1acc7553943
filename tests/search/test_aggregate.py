"""Step scores to a branch score, and never one out of nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.aggregate import AGGREGATIONS, aggregate
from workers.search.errors import UnknownKey

every_aggregation = pytest.mark.parametrize("name", AGGREGATIONS)


@pytest.mark.parametrize(
    ("name", "value"), [("last", 0.25), ("min", 0.25), ("product", 0.0625), ("mean", 0.4166666666666667), ("sum", 1.25)]
)
def test_each_aggregation_is_what_its_name_says(name: str, value: float) -> None:
    assert aggregate(name, [0.5, 0.5, 0.25]) == pytest.approx(value, abs=1e-15)


@every_aggregation
@quick
@given(score=st.floats(0, 1))
def test_one_score_is_its_own_aggregate(name: str, score: float) -> None:
    assert aggregate(name, [score]) == score


@every_aggregation
def test_it_refuses_no_scores(name: str) -> None:
    with pytest.raises(ValueError, match="needs at least one step score; found none"):
        aggregate(name, [])


def test_it_refuses_an_unknown_aggregation_by_name() -> None:
    with pytest.raises(UnknownKey, match=r"aggregation 'avg'. Known: last, min, product, mean, sum"):
        aggregate("avg", [1.0])
