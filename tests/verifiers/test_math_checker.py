"""The checker `math`: which answers are right, which are one class, and what stays unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from workers.search.step import Answer
from workers.verifiers import answers_pool
from workers.verifiers.checkers import CHECKERS


@pytest.fixture(scope="module", autouse=True)
def child() -> Iterator[None]:
    """The children of this module end with it."""
    yield
    answers_pool.shared().close()


def answers(reference: str, *found: str) -> list[Answer]:
    checked = CHECKERS.get("math").make().classify("", reference, [f"So.\nAnswer: {text}" for text in found])
    return [answer for answer in checked if answer is not None]


def classes(*found: str) -> set[str | None]:
    """Without a reference, so that it is the spelling that makes them equal."""
    return {answer.class_key for answer in answers("", *found)}


EQUAL = [
    ("1/2", "0.5", "50%", r"\frac12", "$\\dfrac{1}{2}$", "x=1/2", r"\(\frac{2}{4}\)", ".50"),
    ("1/3", "0.333333", r"\frac{1}{3}"),
    ("1 1/2", "3/2", r"1\frac{1}{2}", "x = 1 1/2", "1 1/2 cm", "1.5"),
    ("-2 1/2", "-2.5", r"-\frac 5 2"),
    (r"\frac{\sqrt2}{2}", r"\frac{1}{\sqrt 2}", "sqrt(2)/2", "sin(pi/4)", "2^(-1/2)"),
    (r"\{1,2\}", "2, 1", "1 and 2", r"x=1 \text{ or } x=2"),
    ("x^2+2x+1", "(x+1)^2", "x(x+2)+1"),
    (r"\frac{x-1}{2-x}", r"-\frac{x-1}{x-2}"),
    ("1,234", "1234", "1 234", r"1\,234", "1234.0"),
    ("12", "12 cm", "$12$.", "12 apples", r"12^\circ"),
    ("Evelyn", r"\text{Evelyn}"),
    ("no solution", r"\text{no solution}"),
    ("C", r"\text{(C)}", "(C)"),
    ("1<x<2", "(1,2)", r"x \in (1,2)"),
    (r"x\ge3", r"[3,\infty)", r"3\le x"),
    ("2x+z=1", "4x+2z=2"),
    (r"\sum_{i=1}^{10} i", "55"),
    ("100000", "1e5", "10^5", "100,000"),
    (r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{bmatrix}1\\2\end{bmatrix}"),
]


@pytest.mark.parametrize("spellings", EQUAL, ids=lambda spellings: spellings[0])
def test_spellings_of_one_value_are_one_class_and_right(spellings: Sequence[str]) -> None:
    assert len(classes(*spellings)) == 1
    for reference in spellings:
        checked = answers(reference, *spellings)
        assert [answer.correct for answer in checked] == [True] * len(spellings)
        assert len({answer.class_key for answer in checked}) == 1


@pytest.mark.parametrize(
    ("reference", "wrong"),
    [
        ("(1,2)", "[1,2]"),
        ("x=5", "y=5"),
        ("1/2", "1/3"),
        ("2", "-2"),
        ("A", "B"),
        (r"\ln(x^2)", r"2\ln x"),
        ("{1,2}", "1"),
    ],
)
def test_what_is_not_equal_is_wrong_and_in_another_class(reference: str, wrong: str) -> None:
    right, other = answers(reference, reference, wrong)
    assert (right.correct, other.correct) == (True, False)
    assert right.class_key != other.class_key


def test_a_class_does_not_depend_on_what_was_asked_before_or_beside_it() -> None:
    every = [spellings[-1] for spellings in EQUAL]
    pool = answers_pool.AnswersPool()
    there = {text: pool.judged("1/2", [text])[0] for text in every}
    pool.close()
    back = answers_pool.AnswersPool()
    assert back.judged("1/2", every[::-1]) == [there[text] for text in every[::-1]]
    back.close()


@pytest.mark.parametrize("unreadable", [r"\frac{1}{0}", "((((", r"\{x|x>2\}", "_", "5 \x00", "\u202e5", "7" * 1_001])
def test_what_cannot_be_read_is_unknown_and_forms_no_class(unreadable: str) -> None:
    [answer] = answers("5", unreadable)
    assert (answer.correct, answer.class_key) == (None, None)
    assert answer.text == unreadable


@pytest.mark.parametrize("two", ["40 2", "41 1", r"40\,2", r"40\quad 2", "$40$ $2$", "40 2 apples"])
def test_two_numbers_side_by_side_are_not_their_sum(two: str) -> None:
    [answer] = answers("42", two)
    assert (answer.correct, answer.class_key) == (None, None)


def test_without_a_reference_classes_are_told_and_right_is_not() -> None:
    one, two = answers("", "1/2", "3")
    assert (one.class_key, one.correct, two.class_key, two.correct) == ("0.5", None, "3", None)


def test_of_a_reference_that_cannot_be_read_only_the_same_text_is_right() -> None:
    same, other = answers(r"\{x | x>2\}", r"\{x |  x>2\}", "2")
    assert (same.correct, same.class_key) == (True, r"\{x | x>2\}")
    assert (other.correct, other.class_key) == (None, "2")


def test_the_marks_of_gsm8k_and_of_boxes_are_read_in_texts_and_references() -> None:
    texts = [r"so \boxed{\frac{144}{2}}", "60 + 12\n#### 72", "#### 71", "72"]
    checked = CHECKERS.get("math").make().classify("", "She has 72.\n#### 72", texts)
    assert [None if one is None else one.correct for one in checked] == [True, True, False, None]
    assert checked[3] is None


def test_long_answers_have_short_class_keys() -> None:
    [one], [other] = answers("", "9" * 900), answers("", "9" * 899 + "8")
    assert one.class_key is not None
    assert len(one.class_key) < 120
    assert one.class_key != other.class_key


def test_an_expression_of_python_is_read_and_not_run() -> None:
    [answer] = answers("5", "__import__('os').kill(__import__('os').getppid(), 9)")
    assert answer.correct is not True
