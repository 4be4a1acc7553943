"""Checks game-24 answers by exact rational arithmetic; it evaluates no code and judges no step on the way.

An answer is right if it uses each of the question's numbers exactly once, with + - * / and brackets, and equals 24.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from workers.search.answers import final_answer
from workers.search.errors import CheckerError
from workers.search.registry import checker
from workers.search.step import Answer

TARGET = 24
LONGEST = 200  # characters; bounds the depth of brackets, and four numbers never need as many
_SPELLINGS = {"\\times": "*", "\\cdot": "*", "\\div": "/", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "$": ""}
_TOKENS = re.compile(r"\s*(\d+|[-+*/()])")


@dataclass(frozen=True, slots=True)
class _Value:
    """A part of an expression: its value, the numbers in it, and a spelling that equal parts share."""

    value: Fraction
    numbers: tuple[int, ...]
    spelling: str


class _Unreadable(Exception):
    """The text is no expression, or divides by zero."""


class _Parser:
    """Recursive descent over +, -, *, / and brackets; no sign before a number, because four numbers need none."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text):
            match = _TOKENS.match(text, place)
            if match is None:
                raise _Unreadable(text[place:])
            self.tokens.append(match[1])
            place = match.end()
        self.place = 0

    def whole(self) -> _Value:
        """The value of all tokens. Raises _Unreadable."""
        value = self._sum()
        if self.place != len(self.tokens):
            raise _Unreadable(self.tokens[self.place])
        return value

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _sum(self) -> _Value:
        value = self._product()
        while self._next() in ("+", "-"):
            self.place += 1
            value = _joined(value, self.tokens[self.place - 1], self._product())
        return value

    def _product(self) -> _Value:
        value = self._atom()
        while self._next() in ("*", "/"):
            self.place += 1
            value = _joined(value, self.tokens[self.place - 1], self._atom())
        return value

    def _atom(self) -> _Value:
        part = self._next()
        self.place += 1
        if part.isdecimal():
            return _Value(Fraction(int(part)), (int(part),), str(int(part)))
        if part != "(":
            raise _Unreadable(part)
        value = self._sum()
        if self._next() != ")":
            raise _Unreadable(self._next())
        self.place += 1
        return value


def _joined(left: _Value, sign: str, right: _Value) -> _Value:
    """Two parts and the sign between them. The operands of + and * are put in order, so 1+2 and 2+1 are one class."""
    if sign == "+":
        value = left.value + right.value
    elif sign == "-":
        value = left.value - right.value
    elif sign == "*":
        value = left.value * right.value
    elif right.value == 0:
        raise _Unreadable("/0")
    else:
        value = left.value / right.value
    one, two = left.spelling, right.spelling
    if sign in "+*" and two < one:
        one, two = two, one
    return _Value(value, left.numbers + right.numbers, f"({one}{sign}{two})")


@checker(
    "game24",
    label="Game of 24",
    summary="Right where the expression uses each number exactly once and equals 24, by exact fractions.",
    needs_reference=False,
)
class Game24:
    """Classes are expressions but for blanks, needless brackets and the order of operands.

    An answer that is no expression has no class and is wrong, as it would be for a person.
    """

    key = "game24"
    version = 1

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a text; None where it marks none. Raises CheckerError for a question without four numbers."""
        numbers = tuple(sorted(int(number) for number in re.findall(r"\d+", question)))
        if len(numbers) != 4:
            raise CheckerError(
                f"Checker 'game24' expected a question of four numbers such as '4 5 6 10'; found {question[:80]!r}."
            )
        return [self._answer(final_answer(text), numbers) for text in texts]

    def _answer(self, found: str | None, numbers: tuple[int, ...]) -> Answer | None:
        if found is None:
            return None
        value = _read(found)
        if value is None:
            return Answer(found, None, False, self.key, self.version)
        right = value.value == TARGET and tuple(sorted(value.numbers)) == numbers
        return Answer(found, value.spelling, right, self.key, self.version)


def _read(text: str) -> _Value | None:
    """The expression of an answer, with or without "= 24" after it; None where it is none or claims another number."""
    if len(text) > LONGEST:
        return None
    for spelling, plain in _SPELLINGS.items():
        text = text.replace(spelling, plain)
    expression, equals, claimed = text.strip().rstrip(".").partition("=")
    if equals and claimed.strip() != str(TARGET):
        return None
    try:
        return _Parser(expression.strip()).whole()
    except _Unreadable:
        return None
