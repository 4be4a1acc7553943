"""Checks operator puzzles exactly: answers, and every single step; refuses a statement that is not an operator puzzle.

A statement such as 8?2?6?9=43 asks for the signs between the numbers. They are applied from left to right, every
value on the way stays within 0 to 200, and the last value is the target. A solution has one line a sign (8-2=6), then
a line Answer: -*+.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from workers.search.errors import CheckerError
from workers.search.registry import checker
from workers.search.step import Answer

OPERATORS = "+-*"
HIGHEST = 200
SIZES = tuple(range(3, 10))
StepVerdict = Literal["ok", "dead", "slip"]

_STATEMENT = re.compile(r"[0-9]{1,3}(?:\?[0-9]{1,3})+=[0-9]{1,3}")
_LINE = re.compile(r"([0-9]{1,3})([-+*])([0-9]{1,3})=([0-9]{1,3})")
_ANSWER = re.compile(r"Answer: ?([-+*]+)")


class NotAPuzzle(CheckerError):
    """The statement is no operator puzzle; the sentence shows one."""

    def __init__(self, statement: str) -> None:
        super().__init__(
            f"Expected an operator puzzle such as 8?2?6?9=43; found {statement[:80]!r}. "
            "Use the checker that fits this problem."
        )


@dataclass(frozen=True, slots=True)
class Puzzle:
    """The numbers of a statement, left to right, and the target."""

    numbers: tuple[int, ...]
    target: int

    @classmethod
    def parse(cls, statement: str) -> Puzzle:
        """The puzzle of a statement. Raises NotAPuzzle."""
        if not _STATEMENT.fullmatch(statement.strip()):
            raise NotAPuzzle(statement)
        left, target = statement.strip().split("=")
        return cls(tuple(int(number) for number in left.split("?")), int(target))

    def value(self, signs: str) -> int | None:
        """What the first len(signs) signs lead to; None where a value leaves 0 to 200 or there are more signs than
        places."""
        if len(signs) >= len(self.numbers):
            return None
        value: int | None = self.numbers[0]
        for sign, number in zip(signs, self.numbers[1:], strict=False):
            value = applied(value, sign, number) if value is not None else None
        return value

    def solved_by(self, signs: str) -> bool:
        """Whether these signs fill every place and reach the target."""
        return len(signs) == len(self.numbers) - 1 and self.value(signs) == self.target

    def solutions(self) -> list[str]:
        """Every choice of signs that reaches the target, in the order of OPERATORS."""
        found = [("", self.numbers[0])]
        for number in self.numbers[1:]:
            found = [
                (signs + sign, value)
                for signs, before in found
                for sign in OPERATORS
                if (value := applied(before, sign, number)) is not None
            ]
        return [signs for signs, value in found if value == self.target]

    def reachable(self, value: int, used: int) -> bool:
        """Whether the target can still be reached from `value` once `used` signs are set."""
        values = {value}
        for number in self.numbers[used + 1 :]:
            after = (applied(before, sign, number) for before in values for sign in OPERATORS)
            values = {one for one in after if one is not None}
        return self.target in values


def applied(value: int, sign: str, number: int) -> int | None:
    """value sign number, or None where it leaves 0 to 200."""
    result = value + number if sign == "+" else value - number if sign == "-" else value * number
    return result if 0 <= result <= HIGHEST else None


def step_verdicts(statement: str, steps: Iterable[str]) -> list[StepVerdict]:
    """One verdict a step: ok (true, target still in reach), dead (true, target out of reach), slip (false or no legal
    line).

    What follows a slip is a slip too, because there is no value to check it against. Raises NotAPuzzle.
    """
    puzzle = Puzzle.parse(statement)
    value, signs, slipped, answered = puzzle.numbers[0], "", False, False
    verdicts: list[StepVerdict] = []
    for step in steps:
        line = _LINE.fullmatch(step.strip())
        quoted = _ANSWER.fullmatch(step.strip())
        if slipped or answered:
            slipped = True
        elif line and len(signs) < len(puzzle.numbers) - 1:
            due = (value, puzzle.numbers[len(signs) + 1])
            signs += line[2]
            result = applied(value, line[2], due[1])
            slipped = (int(line[1]), int(line[3])) != due or result != int(line[4])
            value = value if result is None else result
        else:
            answered = quoted is not None and quoted[1] == signs and len(signs) == len(puzzle.numbers) - 1
            slipped = not answered
        verdicts.append("slip" if slipped else "ok" if puzzle.reachable(value, len(signs)) else "dead")
    return verdicts


@checker(
    "puzzle",
    label="Operator puzzle",
    summary="Applies the answered signs from left to right and compares the result with the target.",
    needs_reference=False,
)
class PuzzleChecker:
    """Answers are strings of signs; equal strings are one class, and right is what reaches the target. The reference
    is not needed."""

    key = "puzzle"
    version = 1

    def classify(self, question: str, reference: str, texts: Sequence[str]) -> list[Answer | None]:
        """One answer a text, from its last line `Answer: ...`; None where there is no such line. Raises NotAPuzzle."""
        puzzle = Puzzle.parse(question)
        answers: list[Answer | None] = []
        for text in texts:
            last = next(
                (found for line in reversed(text.splitlines()) if (found := _ANSWER.fullmatch(line.strip()))), None
            )
            if last is None:
                answers.append(None)
                continue
            answers.append(Answer(last[1], last[1], puzzle.solved_by(last[1]), self.key, self.version))
        return answers
