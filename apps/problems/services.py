"""Brings problems into a set, each once, and changes or deletes a set; it reads no file and changes no problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from psycopg.types.json import Jsonb

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.shape import Misshapen
from apps.problems.models import Problem, ProblemSet
from apps.problems.rows import read_problem
from apps.problems.selectors import ids_by_digest

_CHUNK_ROWS = 2000
_CHUNK_CHARACTERS = 8_000_000
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
# Words that stand where a set's slug would in the addresses of the pages.
TAKEN_SLUGS = frozenset({"import"})
NAME_LIMIT = 200
DESCRIPTION_LIMIT = 10_000
_COLUMNS = ("position", "statement", "answer", "checker", "difficulty", "source", "digest")
_COPY = f"COPY problems_problem (problem_set_id, {', '.join(_COLUMNS)}, extra, created_at) FROM STDIN"


@transaction.atomic
def add_problems(
    *, team: Team, slug: str, name: str, description: str, rows: Iterable[Mapping[str, Any]]
) -> ProblemSet:
    """Add rows to the team's problem set `slug`, in their order, after what it holds; make the set if it is new.

    A row has a `statement` and may have `answer`, `checker` (empty: nobody classifies its answers), `difficulty` and
    `source`. A row whose statement, answer and checker are in the set already is passed over, so adding twice changes
    nothing. Name and description are those of the first time.

    Raises Refused for a slug that no set can have and a row that cannot be taken, naming row and field, and then adds
    none."""
    problem_set = opened_set(team, slug, name, description)
    store_problems(problem_set, _read(rows))
    return problem_set


def opened_set(team: Team, slug: str, name: str, description: str) -> ProblemSet:
    """The team's set of that slug, made where there is none, and locked: writers number their problems in turns.

    To be called in a transaction. Raises Refused for a slug that no set can have."""
    if slug in TAKEN_SLUGS or not _SLUG.fullmatch(slug):
        raise Refused(
            "Expected as slug of a problem set 1 to 80 of a to z, 0 to 9, - and _, a letter or digit first, and none of"
            f" {', '.join(sorted(TAKEN_SLUGS))}; found {slug[:100]!r}.",
            code="bad-slug",
            fields={"slug": "Expected small letters, digits, - and _."},
        )
    problem_set, _ = ProblemSet.objects.get_or_create(
        team=team, slug=slug, defaults={"name": name, "description": description}
    )
    return ProblemSet.objects.select_for_update().get(pk=problem_set.pk)


def store_problems(problem_set: ProblemSet, problems: Iterable[Problem]) -> int:
    """Store those problems that the set does not hold, after those it does; how many those were.

    The set is one that `opened_set` gave in this transaction. Memory is bounded by a chunk of rows."""
    last = Problem.objects.filter(problem_set=problem_set).aggregate(last=Max("position"))["last"] or 0
    first = last
    for chunk in _chunks(problems):
        new: dict[str, Problem] = {}
        for problem in chunk:
            new.setdefault(problem.digest, problem)
        for digest in ids_by_digest(problem_set, list(new)):
            del new[digest]
        for last, problem in enumerate(new.values(), start=last + 1):  # noqa: B020
            problem.position = last
        _copy(problem_set, new.values())
    return last - first


def describe_set(problem_set: ProblemSet, *, name: str, description: str) -> None:
    """Rename and describe a set; its slug, and so its address, stays. Raises Refused for a name that is none."""
    name = name.strip()
    if not 0 < len(name) <= NAME_LIMIT:
        raise Refused(f"Expected a name of 1 to {NAME_LIMIT} characters; found {len(name)}.", code="bad-name")
    if len(description) > DESCRIPTION_LIMIT:
        raise Refused(
            f"Expected a description of at most {DESCRIPTION_LIMIT} characters; found {len(description)}.",
            code="bad-description",
        )
    problem_set.name, problem_set.description = name, description
    problem_set.save(update_fields=["name", "description"])


def delete_set(problem_set: ProblemSet) -> int:
    """Delete a set with its problems; how many those were. Raises Refused while an experiment or a run uses it."""
    try:
        with transaction.atomic():
            _, deleted = problem_set.delete()
    except ProtectedError as error:
        raise Refused(
            f"{problem_set.name} is used by experiments, whose runs would lose their problems. It stays as it is.",
            code="set-in-use",
            status=409,
        ) from error
    return deleted.get(Problem._meta.label, 0)


def _read(rows: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        try:
            yield read_problem(row)
        except Misshapen as wrong:
            raise Refused(
                f"Problem {number}, field {wrong.field!r}: expected {wrong.expected}; found {wrong.found}."
                " Correct it and add all again.",
                code="bad_problem",
                fields={wrong.field: f"Expected {wrong.expected}; found {wrong.found}."},
            ) from wrong


def _chunks(problems: Iterable[Problem]) -> Iterator[list[Problem]]:
    chunk: list[Problem] = []
    characters = 0
    for problem in problems:
        chunk.append(problem)
        characters += len(problem.statement) + len(problem.answer)
        if len(chunk) >= _CHUNK_ROWS or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _copy(problem_set: ProblemSet, problems: Iterable[Problem]) -> None:
    """Rows by COPY: 100,000 of them in a third of the time that inserts take."""
    now = timezone.now()
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for problem in problems:
            values = [getattr(problem, column) for column in _COLUMNS]
            copy.write_row((problem_set.pk, *values, Jsonb(problem.extra), now))
