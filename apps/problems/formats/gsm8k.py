"""Reads GSM8K: a question and a worked answer whose last line is "#### n"; it checks no arithmetic.

The shape of Cobbe et al., "Training Verifiers to Solve Math Word Problems", 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from apps.common.incoming import Rejected
from apps.common.shape import Misshapen, describe, text
from apps.problems.records import first_fields, problem_rows
from apps.problems.registry import problem_format
from apps.problems.rows import ProblemRow

_RESULT = re.compile(r"^####[ \t]*(\S.*)$", re.M)


@problem_format(
    "gsm8k",
    label="GSM8K",
    summary="JSON lines of “question” and “answer”; the reference is what stands after “####”, checked as mathematics.",
)
class Gsm8k:
    """One problem a record. The worked answer is kept beside the reference, its calculator marks (<<…>>) included."""

    expects = "JSON with “question” and “answer” in each record, the answer ending in “#### …”"

    def claims(self, first_bytes: bytes) -> bool:
        """A file whose first record has both fields, and whose answers end as those of the set do."""
        return {"question", "answer"} <= first_fields(first_bytes) and b"####" in first_bytes

    def read(self, stream: BinaryIO) -> Iterator[ProblemRow | Rejected]:
        """One problem a record."""
        return problem_rows(stream, _problem)


def _problem(line: int, record: dict[str, Any]) -> ProblemRow:
    statement, solution = text(record, "question"), text(record, "answer")
    *_, result = (None, *_RESULT.finditer(solution))
    if result is None:
        raise Misshapen("answer", "a last line “#### …” with the result", describe(solution[-50:]))
    return ProblemRow(
        line, statement, result[1].strip(), "math", extra={"solution": solution[: result.start()].rstrip()}
    )
