"""Answers compared as text."""

from __future__ import annotations

from workers.search.checkers.exact_text import ExactText


def test_equal_but_for_white_space_is_right_and_all_else_is_unknown() -> None:
    texts = ["Answer: x  +\t1", "Answer: 1 + x", "No answer."]
    one, other, none = ExactText().classify("Question", " x + 1\n", texts)
    assert one is not None
    assert other is not None
    assert (one.text, one.class_key, one.correct) == ("x  +\t1", "x + 1", True)
    assert (other.class_key, other.correct) == ("1 + x", None)
    assert none is None


def test_without_a_reference_nothing_is_right() -> None:
    [answer] = ExactText().classify("Question", "", ["Answer: 1"])
    assert answer is not None
    assert answer.correct is None
