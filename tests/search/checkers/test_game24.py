"""Game-24 answers by exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.checkers.game24 import Game24
from workers.search.errors import CheckerError
from workers.search.step import Answer


def judged(text: str, question: str = "4 5 6 10") -> Answer:
    [answer] = Game24().classify(question, "", [f"Answer: {text}"])
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("5 * 6 - (10 - 4) = 24", "4 5 6 10"),
        ("5*6-(10-4)", "4 5 6 10"),
        ("5 × 6 − (10 − 4) = 24.", "4 5 6 10"),
        (r"$5 \times 6 - (10 - 4) = 24$", "4 5 6 10"),
        ("8 / (3 - 8 / 3) = 24", "3 3 8 8"),
        ("((4)) * 6 * 1 * 1", "1 1 4 6"),
    ],
)
def test_an_expression_of_all_four_numbers_that_equals_24_is_right(text: str, question: str) -> None:
    assert judged(text, question).correct is True


@pytest.mark.parametrize(
    "text",
    ["4 + 5 + 6 + 10 = 24", "4 + 5 + 6 + 10 = 25", "4 * 6 = 24", "4 * 6 + 5 - 5 + 10 - 10", "24", "6 * 4 + 0 * 5 * 10"],
)
def test_another_value_or_other_numbers_are_wrong(text: str) -> None:
    assert judged(text).correct is False


@pytest.mark.parametrize(
    "text",
    [
        "5 * 6 - (10 - 4",
        "5 6 10 4",
        "-4 + 28",
        "6 ** 2",
        "__import__('os')",
        "4 / (5 - 5)",
        "(" * 5000,
        "= 24",
        "4e1",
        "6 = 4",
    ],
)
def test_what_is_no_expression_is_wrong_and_forms_no_class(text: str) -> None:
    answer = judged(text)
    assert (answer.class_key, answer.correct) == (None, False)


def test_spellings_of_one_expression_are_one_class() -> None:
    spellings = ["5 * 6 - (10 - 4)", "(6*5) - (10-4) = 24", "((5 × 6) − (10 − 4))"]
    assert len({judged(text).class_key for text in spellings}) == 1
    assert judged("5 * 6 - 10 + 4").class_key != judged(spellings[0]).class_key


def test_a_text_without_an_answer_gives_none() -> None:
    assert Game24().classify("4 5 6 10", "", ["10 - 4 = 6 (left: 5 6 6)\n"]) == [None]


@pytest.mark.parametrize("question", ["", "4 5 6", "1 2 3 4 5"])
def test_it_refuses_a_question_without_four_numbers(question: str) -> None:
    with pytest.raises(CheckerError, match="expected a question of four numbers"):
        Game24().classify(question, "", ["Answer: 24"])


numbers = st.lists(st.integers(1, 13), min_size=4, max_size=4)
signs = st.lists(st.sampled_from("+-*/"), min_size=3, max_size=3)


@quick
@given(numbers=numbers, signs=signs, order=st.sampled_from(list(permutations(range(4)))))
def test_it_agrees_with_fractions_from_left_to_right(
    numbers: list[int], signs: list[str], order: tuple[int, ...]
) -> None:
    first, *rest = (numbers[place] for place in order)
    value, text = Fraction(first), str(first)
    for sign, number in zip(signs, rest, strict=True):
        text = f"({text} {sign} {number})"
        if sign == "/":
            value /= number
        else:
            value = value + number if sign == "+" else value - number if sign == "-" else value * number
    assert judged(text, " ".join(map(str, numbers))).correct is (value == 24)


@quick
@given(st.text(alphabet="0123456789+-*/()= .$×", max_size=30))
def test_it_reads_whatever_a_model_wrote(text: str) -> None:
    assert len(Game24().classify("4 5 6 10", "", [f"Answer: {text}"])) == 1
