"""Brings problems into a set, each once; it reads no file and changes no problem that is there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from itertools import islice
from math import isfinite
from typing import Any

from django.db import transaction
from django.db.models import Max

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet
from apps.problems.selectors import ids_by_digest
from workers.verifiers.checkers import CHECKERS

FIELDS = ("statement", "answer", "checker", "difficulty", "source")
_CHUNK = 1000
_TEXT_LIMITS = {"checker": 50, "source": 200}


@transaction.atomic
def add_problems(
    *, team: Team, slug: str, name: str, description: str, rows: Iterable[Mapping[str, Any]]
) -> ProblemSet:
    """Add rows to the team's problem set `slug`, in their order, after what it holds; make the set if it is new.

    A row has a `statement` and may have `answer`, `checker` (empty: nobody classifies its answers), `difficulty` and
    `source`. A row whose statement, answer and checker are in the set already is passed over, so adding twice changes
    nothing. Name and description are those of the first time.

    Raises Refused for a row that cannot be taken, naming row and field, and then adds none."""
    problem_set, _ = ProblemSet.objects.get_or_create(
        team=team, slug=slug, defaults={"name": name, "description": description}
    )
    # The lock makes two writers number their problems one after the other.
    ProblemSet.objects.select_for_update().get(pk=problem_set.pk)
    last = Problem.objects.filter(problem_set=problem_set).aggregate(last=Max("position"))["last"] or 0
    numbered = iter(enumerate(rows, start=1))
    while chunk := list(islice(numbered, _CHUNK)):
        new = {problem.digest: problem for problem in (_problem(problem_set, *row) for row in chunk)}
        for digest in ids_by_digest(problem_set, list(new)):
            del new[digest]
        for last, problem in enumerate(new.values(), start=last + 1):  # noqa: B020
            problem.position = last
        Problem.objects.bulk_create(new.values())
    return problem_set


def problem_digest(statement: str, answer: str, checker: str) -> str:
    """SHA-256 of what makes a problem the same problem, in hexadecimal."""
    return hashlib.sha256(json.dumps([statement, answer, checker]).encode()).hexdigest()


def _problem(problem_set: ProblemSet, number: int, row: Mapping[str, Any]) -> Problem:
    for field in row:
        if field not in FIELDS:
            raise _refusal(number, field, f"one of the fields {', '.join(FIELDS)}", "a field of another name")
    texts = {field: _text(number, field, row.get(field, "")) for field in ("statement", "answer", "checker", "source")}
    if not texts["statement"].strip():
        raise _refusal(number, "statement", "a question", "nothing")
    if texts["checker"] and texts["checker"] not in CHECKERS:
        raise _refusal(number, "checker", f"one of {', '.join(CHECKERS.keys())}", repr(texts["checker"]))
    return Problem(
        problem_set=problem_set,
        difficulty=_difficulty(number, row.get("difficulty")),
        digest=problem_digest(texts["statement"], texts["answer"], texts["checker"]),
        **texts,
    )


def _text(number: int, field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _refusal(number, field, "text", f"{type(value).__name__} {value!r:.50}")
    if "\0" in value:
        raise _refusal(number, field, "text that can be stored", "the character U+0000 in it")
    limit = _TEXT_LIMITS.get(field)
    if limit is not None and len(value) > limit:
        raise _refusal(number, field, f"at most {limit} characters", f"{len(value)}")
    return value


def _difficulty(number: int, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _refusal(number, "difficulty", "a finite number", f"{value!r:.50}")
    return float(value)


def _refusal(number: int, field: str, expected: str, found: str) -> Refused:
    return Refused(
        f"Problem {number}, field {field!r}: expected {expected}; found {found}. Correct it and add all again.",
        code="bad_problem",
        fields={field: f"Expected {expected}; found {found}."},
    )
