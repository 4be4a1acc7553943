"""The wire form of a tree: what was written is read, aligned, and refused when it was cut off."""

from __future__ import annotations

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.trees.columns import ALIGNMENT, PREFIX_BYTES, NotColumns, read_columns, write_columns

KINDS = {"u32": (0, 2**32 - 1), "u16": (0, 2**16 - 1), "u8": (0, 255)}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, tuple[str, np.ndarray]]:
    count = draw(st.integers(0, 40))
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6))
    return {
        f"column {at} é": (kind, np.array(draw(st.lists(st.integers(*KINDS[kind]), min_size=count, max_size=count))))
        for at, kind in enumerate(kinds)
    }


@given(tables(), st.dictionaries(st.sampled_from(["run", "seq", "note"]), st.integers(0, 9)))
def test_what_is_written_is_read(table: dict[str, tuple[str, np.ndarray]], facts: dict[str, int]) -> None:
    header, columns = read_columns(write_columns(table, facts).body)
    assert {key: header[key] for key in facts} == facts
    assert {name: column.tolist() for name, column in columns.items()} == {
        name: array.tolist() for name, (_, array) in table.items()
    }


@given(tables())
def test_every_array_starts_at_a_multiple_of_eight(table: dict[str, tuple[str, np.ndarray]]) -> None:
    body = write_columns(table, {}).body
    start = PREFIX_BYTES + int.from_bytes(body[4:8], "little")
    assert start % ALIGNMENT == 0
    assert all(entry["offset"] % ALIGNMENT == 0 for entry in orjson.loads(body[8:start])["columns"])


def test_halves_keep_what_is_not_known() -> None:
    _, columns = read_columns(write_columns({"score": ("f16", np.array([0.5, np.nan]))}, {}).body)
    assert columns["score"][0] == 0.5
    assert np.isnan(columns["score"][1])


@given(st.lists(st.floats(width=32), max_size=9), st.lists(st.floats(), max_size=9))
def test_floats_come_back_bit_for_bit(singles: list[float], doubles: list[float]) -> None:
    for dtype, values in (("f32", np.array(singles, "<f4")), ("f64", np.array(doubles, "<f8"))):
        _, columns = read_columns(write_columns({"value": (dtype, values)}, {}).body)
        assert columns["value"].tobytes() == values.tobytes()


def test_the_digest_follows_every_value_and_every_fact() -> None:
    column = {"parent": ("u32", np.array([0, 1]))}
    digests = {
        write_columns(column, {"seq": 1}).sha256,
        write_columns(column, {"seq": 2}).sha256,
        write_columns({"parent": ("u32", np.array([0, 0]))}, {"seq": 1}).sha256,
    }
    assert len(digests) == 3


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"equal length, found \{'a': 1, 'b': 2\}"):
        write_columns({"a": ("u8", np.array([1])), "b": ("u8", np.array([1, 2]))}, {})


def test_bytes_that_are_no_document_are_refused() -> None:
    with pytest.raises(NotColumns, match="starts with b'BWC1', found b'PK"):
        read_columns(b"PK\x03\x04....")


@pytest.mark.parametrize(("length", "what"), [(12, "The header ends"), (-4, "Column parent ends")])
def test_a_document_that_was_cut_off_is_refused(length: int, what: str) -> None:
    body = write_columns({"parent": ("u32", np.array([0, 1]))}, {}).body
    with pytest.raises(NotColumns, match=what):
        read_columns(body[:length])
