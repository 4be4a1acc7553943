"""Reads problem sets and problems; it writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet


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
