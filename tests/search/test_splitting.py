"""Splitters lose nothing and make no blank steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.errors import UnknownKey
from workers.search.splitting import SPLITTERS, split

texts = st.text(alphabet="ab \n\t\u2028é", max_size=60)
every_splitter = pytest.mark.parametrize("key", SPLITTERS)


@every_splitter
@quick
@given(text=texts)
def test_joined_again_the_steps_are_the_text(key: str, text: str) -> None:
    assert "".join(split(key, text)) == text


@every_splitter
@quick
@given(text=texts)
def test_no_step_is_blank_unless_the_whole_text_is(key: str, text: str) -> None:
    steps = split(key, text)
    if text and not text.isspace():
        assert not any(step.isspace() for step in steps)
    else:
        assert steps == ([text] if text else [])


@pytest.mark.parametrize(
    ("key", "text", "steps"),
    [
        ("line-1", "one\ntwo\n", ["one\n", "two\n"]),
        ("line-1", "one\n\n\ntwo", ["one\n\n\n", "two"]),
        ("line-1", "\n\none\n", ["\n\none\n"]),
        ("paragraph-1", "one\ntwo\n\nthree\n\n", ["one\ntwo\n\n", "three\n\n"]),
        ("paragraph-1", "one\n\n\ntwo", ["one\n\n", "\ntwo"]),
        ("paragraph-1", "one\n\n\n\n\n", ["one\n\n\n\n\n"]),
    ],
)
def test_it_cuts_after_the_separator(key: str, text: str, steps: list[str]) -> None:
    assert split(key, text) == steps


def test_it_refuses_an_unknown_splitter_by_name() -> None:
    with pytest.raises(UnknownKey, match=r"splitter 'line-2'. Known: line-1, paragraph-1"):
        split("line-2", "text")
