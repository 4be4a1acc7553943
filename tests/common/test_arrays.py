"""Columns of a query as arrays: what the rows hold, in their order, and a refusal for what is no number."""

from __future__ import annotations

import numpy as np
import pytest

from apps.common.arrays import NotArrays, read_arrays

pytestmark = pytest.mark.django_db
VALUES = "SELECT a, b, c::int2 FROM (VALUES (3, 0.5::float8, 1), (-1, 'NaN', 2), (2147483647, 1e300, 3)) AS v (a, b, c)"


def test_columns_hold_what_the_rows_hold_in_their_order() -> None:
    arrays = read_arrays(("c", "a", "b"), f"{VALUES} ORDER BY a DESC", {})
    assert list(arrays) == ["c", "a", "b"]
    assert arrays["a"].tolist() == [2147483647, 3, -1]
    assert arrays["c"].tolist() == [3, 1, 2]
    assert arrays["b"][:2].tolist() == [1e300, 0.5]
    assert np.isnan(arrays["b"][2])
    assert {name: array.dtype.str for name, array in arrays.items()} == {"a": "<i4", "b": "<f8", "c": "<i2"}


def test_values_are_put_in_as_values() -> None:
    hostile = "1); DROP TABLE runs_step; --"
    [length] = read_arrays(("size",), "SELECT octet_length(%(given)s) AS size", {"given": hostile})["size"]
    assert length == len(hostile)


def test_no_rows_are_arrays_without_values() -> None:
    arrays = read_arrays(("a", "b"), f"{VALUES} WHERE a = 7", {})
    assert [array.shape for array in arrays.values()] == [(0,), (0,)]


def test_moments_are_microseconds_since_2000() -> None:
    [at] = read_arrays(("at",), "SELECT '2000-01-01 00:00:01.5Z'::timestamptz AS at", {})["at"]
    assert at == 1_500_000


@pytest.mark.parametrize(
    ("select", "found"), [("SELECT NULL::int AS a", "nulls"), ("SELECT 'x' AS a", "the type with id 25")]
)
def test_what_is_no_number_is_refused_by_the_columns_name(select: str, found: str) -> None:
    with pytest.raises(NotArrays, match=f"Column a: expected numbers without nulls; found {found}"):
        read_arrays(("a",), select, {})
