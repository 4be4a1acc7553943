"""Big JSON lists and JSON lines are read value by value, whatever stands in them and wherever the reads fall."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.common import json_stream
from apps.common.incoming import Rejected
from apps.common.json_stream import json_lines, json_list

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    st.lists(values, max_size=6),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.integers(1, 40),
)
def test_a_list_is_the_same_as_when_read_at_once(
    rows: list[Any], indent: int | None, escaped: bool, chunk: int
) -> None:
    content = json.dumps(rows, indent=indent, ensure_ascii=escaped).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        found = list(json_list(io.BytesIO(content)))
    assert [value for _, value in found] == rows


def test_every_value_has_the_line_it_begins_on() -> None:
    content = b'\n[{"a":\n1}, 2,\n\n"x\\"]",\n[3\n]]\n'
    assert list(json_list(io.BytesIO(content))) == [(2, {"a": 1}), (3, 2), (5, 'x"]'), (6, [3])]


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b'[{"a": 1},\n{"a": [1, 2', 2, "the file ends on line 2"),
        (b'[{"a": "x\\', 1, "the file ends on line 1"),
        (b'[{"a": 1}\n', 2, "the end of the file"),
        (b'[{"a": 1} 2]', 1, "“2]”"),
        (b"[1] tail", 1, "“tail”"),
        (b"{}", 1, "“{}”"),
        (b"", 1, "nothing"),
    ],
)
def test_a_list_that_breaks_off_says_where(content: bytes, line: int, found: str) -> None:
    last = list(json_list(io.BytesIO(content)))[-1]
    assert isinstance(last, Rejected)
    assert (last.line, last.found) == (line, found)


def test_a_broken_element_does_not_hide_the_next() -> None:
    broken, good = list(json_list(io.BytesIO(b'[{"a": NaN},\n{"a": 2}]')))
    assert isinstance(broken, Rejected)
    assert good == (2, {"a": 2})


def test_lines_may_be_empty_end_in_crlf_and_begin_with_a_mark() -> None:
    assert list(json_lines(io.BytesIO(b"\xef\xbb\xbf1\r\n\r\n 2 \n3"))) == [(1, 1), (3, 2), (4, 3)]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_VALUE_BYTES", 10)
    first, huge, last = json_lines(io.BytesIO(b'"a"\n"' + b"b" * 100 + b'"\n"c"\n'))
    assert (first, last) == ((1, "a"), (3, "c"))
    assert isinstance(huge, Rejected)
    assert huge.line == 2


def test_an_element_that_is_too_large_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_VALUE_BYTES", 10)
    monkeypatch.setattr(json_stream, "_CHUNK", 4)
    first, huge = json_list(io.BytesIO(b'["a",\n"' + b"b" * 100 + b'",3]'))
    assert first == (1, "a")
    assert isinstance(huge, Rejected)
    assert "MiB" in huge.expected
