"""Reads problem sets and problems; it writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Team
from apps.common.deadlines import TookTooLong, at_most
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet

FOUND_AT_MOST = 50
SEARCH_MS = 2000


@dataclass(frozen=True, slots=True)
class CheckerCount:
    """How many problems of a set a checker judges ("" is none), and how many of them have a reference answer."""

    checker: str
    problems: int
    answered: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. is_more: there are others; is_late: it took too long and was stopped."""

    problems: list[Problem]
    is_more: bool
    is_late: bool


def problem_set_of(team: Team, slug: str) -> ProblemSet:
    """The team's problem set with this slug. Raises Refused, which names the known ones."""
    found = ProblemSet.objects.filter(team=team, slug=slug).first()
    if found is None:
        known = ", ".join(ProblemSet.objects.filter(team=team).order_by("slug").values_list("slug", flat=True))
        raise Refused(
            f"Unknown problem set {slug!r}. Known: {known or 'none'}.", code="unknown_problem_set", status=404
        )
    return found


def ids_by_digest(problem_set: ProblemSet, digests: Sequence[str]) -> dict[str, int]:
    """Ids of those problems of the set that have one of these digests, by digest."""
    rows = Problem.objects.filter(problem_set=problem_set, digest__in=digests).values_list("digest", "id")
    return dict(rows)


def problem_sets_of(team: Team) -> QuerySet[ProblemSet]:
    """The team's problem sets by name."""
    return ProblemSet.objects.filter(team=team).order_by("name", "pk")


def checkers_of(problem_sets: Sequence[ProblemSet]) -> dict[int, list[CheckerCount]]:
    """What judges the problems of some sets, by the set's id, the most frequent first; one query."""
    rows = (
        Problem.objects.filter(problem_set__in=problem_sets)
        .order_by()
        .values_list("problem_set_id", "checker")
        .annotate(count=Count("pk"), answered=Count("pk", filter=~Q(answer="")))
    )
    found: dict[int, list[CheckerCount]] = {}
    for problem_set, checker, count, answered in rows:
        found.setdefault(problem_set, []).append(CheckerCount(checker, count, answered))
    return {key: sorted(counts, key=lambda one: (-one.problems, one.checker)) for key, counts in found.items()}


def problem_at(team: Team, slug: str, position: int) -> Problem | None:
    """One problem of the team with its set, or None."""
    wanted = Problem.objects.filter(problem_set__team=team, problem_set__slug=slug, position=position)
    return wanted.select_related("problem_set").first()


def twins_of(team: Team, problem: Problem) -> QuerySet[Problem]:
    """The same problem - statement, answer and checker - in the team's other sets, with these."""
    same = Problem.objects.filter(problem_set__team=team, digest=problem.digest).exclude(pk=problem.pk)
    return same.select_related("problem_set").order_by("problem_set__name", "pk")


def found_in_statements(team: Team, text: str) -> Found:
    """The first FOUND_AT_MOST problems of the team whose statement holds the text, case aside, in order of birth.

    Every statement is looked through, so the server stops after SEARCH_MS; then nothing is found and `is_late` says so.
    """
    sets = list(ProblemSet.objects.filter(team=team).values_list("pk", flat=True))
    wanted = Problem.objects.filter(problem_set__in=sets, statement__icontains=text).order_by("pk")
    try:
        with at_most(SEARCH_MS / 1000):
            ids = list(wanted.values_list("pk", flat=True)[: FOUND_AT_MOST + 1])
    except TookTooLong:
        return Found([], is_more=False, is_late=True)
    shown = Problem.objects.filter(pk__in=ids[:FOUND_AT_MOST]).select_related("problem_set").order_by("pk")
    return Found(list(shown), is_more=len(ids) > FOUND_AT_MOST, is_late=False)
