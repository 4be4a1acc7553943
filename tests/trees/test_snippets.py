"""What a search shows of a text: pieces of it, all of its own characters, marked where something was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.trees.snippets import LENGTH, snippet_of

TEXTS = st.text(max_size=400) | st.text(alphabet="aAéÉßﬁ x²İ", max_size=400)


def marked(text: str, *terms: str) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in snippet_of(text, terms).pieces)


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("Take half of it", ("half",), "Take [half] of it"),
        ("HALF and half", ("half", "and"), "[HALF] [and] [half]"),
        ("un café", ("CAFE",), "un [café]"),
        ("ﬁne Straße", ("fine", "strasse"), "[ﬁne] [Straße]"),
        ("abcabc", ("abc", "bca"), "[abcabc]"),
        ("<b>x</b>", ("b>",), "<[b>]x</[b>]"),
        ("nothing here", ("absent",), "nothing here"),
        ("", ("x",), ""),
    ],
)
def test_every_term_is_marked_case_and_accents_aside(text: str, terms: tuple[str, ...], shown: str) -> None:
    assert marked(text, *terms) == shown


def test_a_long_text_is_cut_to_where_something_was_found() -> None:
    shown = marked("word " * 100 + "needle" + " word" * 100, "needle")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "[needle]" in shown
    assert len(shown) < LENGTH + 10


def test_what_was_found_is_told_as_the_text_has_it() -> None:
    assert snippet_of("Un CAFÉ noir", ["cafe", "absent"]).as_written == ["CAFÉ", "absent"]


@given(text=TEXTS, terms=st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_the_pieces_are_a_part_of_the_text_and_nothing_else(text: str, terms: list[str]) -> None:
    pieces = snippet_of(text, terms).pieces
    whole = "".join(piece.text for piece in pieces)
    assert whole.removeprefix("…").removesuffix("…") in text or whole in text
    assert all(piece.text for piece in pieces)
