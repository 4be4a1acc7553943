"""Reads HumanEval: a function to complete, a canonical solution and tests; it runs no code.

The shape of Chen et al., "Evaluating Large Language Models Trained on Code", 2021, and of MultiPL-E, which names its
tasks by “name” and gives no solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from apps.common.incoming import Rejected
from apps.common.shape import text
from apps.problems.records import first_fields, problem_rows
from apps.problems.registry import problem_format
from apps.problems.rows import ProblemRow


@problem_format(
    "humaneval",
    label="HumanEval",
    summary="JSON lines of “prompt”, “canonical_solution”, “test” and “entry_point”. Solution and tests are kept; no"
    " checker runs code yet, so answers stay unjudged.",
)
class HumanEval:
    """One problem a record; the canonical solution is the reference, tests and the function's name are kept beside it.

    Without a checker nobody is told right or wrong by a comparison of code as text.
    """

    expects = "JSON with “task_id” (or “name”), “prompt”, “test” and “entry_point” in each record"

    def claims(self, first_bytes: bytes) -> bool:
        """A file whose first record has a prompt and what its tests call."""
        return {"prompt", "test", "entry_point"} <= first_fields(first_bytes)

    def read(self, stream: BinaryIO) -> Iterator[ProblemRow | Rejected]:
        """One problem a record."""
        return problem_rows(stream, _problem)


def _problem(line: int, record: dict[str, Any]) -> ProblemRow:
    extra = {name: text(record, name) for name in ("test", "entry_point")}
    source = text(record, "task_id" if "task_id" in record else "name")
    solution = text(record, "canonical_solution") if record.get("canonical_solution") is not None else ""
    return ProblemRow(line, text(record, "prompt"), solution, "", None, source, extra)
