"""Reads the columns of a query as arrays of numpy, without a loop over its rows; it knows no table.

The server gathers each column into one array and sends it in its binary form; sent row by row, 280,000 rows took five
times as long, most of it in Python (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

# By the id of PostgreSQL's type, which the arrays carry; a timestamptz is in microseconds since 2000.
_DTYPES = {21: ">i2", 23: ">i4", 20: ">i8", 700: ">f4", 701: ">f8", 1184: ">i8"}
# COPY's binary form: a signature, flags and an extension before the first row, a row's count of fields before each.
_BEFORE_ROWS = len(b"PGCOPY\n\xff\r\n\0") + 8
_BEFORE_FIELDS = 2
_LENGTH_BYTES = 4
# An array's: how many dimensions, whether there are nulls, the type, and of the one dimension its size and first index.
_BEFORE_VALUES = 20


class NotArrays(ValueError):
    """A column cannot be read as an array of numbers; the message says which and why."""


def read_arrays(names: Sequence[str], select: str, values: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The columns `names` of a SELECT by name, each of shape (rows,), in the order of its rows; in one statement.

    select: gives every one of `names`, of type int2, int4, int8, float4, float8 or timestamptz and nowhere null; it may
    hold %(name)s for `values`. Raises NotArrays.
    """
    gathered = ", ".join(f"array_agg({name})" for name in names)
    # The rows of an ordered SELECT reach the aggregates in its order.
    statement = f"COPY (SELECT {gathered} FROM ({select}) AS rows) TO STDOUT (FORMAT binary)"  # noqa: S608
    operations: Any = connection.ops  # Django's stubs leave PostgreSQL's own out
    with connection.cursor() as cursor, cursor.copy(operations.compose_sql(statement, values)) as copy:
        body = b"".join(copy)
    arrays, at = {}, _BEFORE_ROWS + _BEFORE_FIELDS
    for name in names:
        length = int.from_bytes(body[at : at + _LENGTH_BYTES], "big", signed=True)
        at += _LENGTH_BYTES
        arrays[name] = _numbers(name, memoryview(body)[at : at + max(length, 0)])
        at += max(length, 0)
    return arrays


def _numbers(name: str, field: memoryview) -> NDArray[Any]:
    """The numbers of one array in PostgreSQL's binary form; no bytes are no row."""
    if not len(field):
        return np.zeros(0)
    _, nulls, type_id, count, _ = np.frombuffer(field, ">i4", 5).tolist()
    if nulls or type_id not in _DTYPES:
        found = "nulls" if nulls else f"the type with id {type_id}"
        raise NotArrays(f"Column {name}: expected numbers without nulls; found {found}.")
    value = np.dtype(_DTYPES[type_id])
    elements = np.dtype([("bytes", ">i4"), ("value", value)])
    return np.ascontiguousarray(np.frombuffer(field, elements, count, _BEFORE_VALUES)["value"], value.newbyteorder("="))
