"""The page that searches a team: problems and steps, with what was found in them; it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.hiding import HiddenRuns
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.problems.models import Problem
from apps.runs.models import Run
from apps.runs.outcomes import Outcome, outcome_of
from apps.trees.snippets import Piece, Snippet, snippet_of
from apps.trees.team_search import (
    FoundSteps,
    find_problems,
    find_steps_of,
    has_unsearched_runs,
    read_query,
    runs_of,
    texts_of,
)

NAMES = ("q",)


@dataclass(frozen=True, slots=True)
class FoundStep:
    """A step with the part of its text where something was found; address: its tree with the same search in it."""

    number: int
    pieces: list[Piece]
    address: str


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A run with steps found in it; more: the address of its tree with all of them, empty where these are all."""

    run: Run
    outcome: Outcome
    steps: list[FoundStep]
    more: str


@require_safe
@team_page("look")
@limited("search", "120/m", methods=("GET",))
def search(request: TeamRequest, team: Team) -> HttpResponse:
    """What of the team holds the words of `q`; where nothing can be looked for, the page says why (400)."""
    query = request.GET.get("q", "")
    terms, refusal = [], ""
    try:
        _take_only_names(request)
        terms = read_query(query)
    except Refused as refused:
        refusal = refused.message
    context: dict[str, object] = {"team": team, "query": query, "terms": terms, "refusal": refusal}
    if terms:
        problems, steps = find_problems(team, terms), find_steps_of(team, terms)
        context |= {
            "problems": [(problem, _shown_of(problem, terms)) for problem in problems.problems],
            "more_problems": problems.partial,
            "runs": _found_runs(team, steps, terms, request.hidden),
            "more_runs": steps.partial,
            "is_late": problems.is_late or steps.is_late,
            "lacks_runs": has_unsearched_runs(team),
        }
    return render(request, "trees/search.html", context, status=400 if refusal else 200)


def _take_only_names(request: TeamRequest) -> None:
    for name in request.GET:
        if name not in NAMES or len(request.GET.getlist(name)) > 1:
            raise Refused(f"This address takes q, once; found {name[:40]!r}.", code="bad-query")


def _found_runs(team: Team, found: FoundSteps, terms: list[str], hidden: HiddenRuns) -> list[FoundRun]:
    texts = texts_of(found)
    rows = []
    for run in runs_of(team, found, hidden):
        steps = []
        for number in found.by_run[run.pk]:
            snippet = snippet_of(texts.get((run.pk, number), ""), terms)
            step = reverse("trees:step", kwargs={"team": team.slug, "run": run.pk, "number": number})
            steps.append(FoundStep(number, snippet.pieces, f"{step}?{_as_search(snippet)}"))
        tree = reverse("trees:run", kwargs={"team": team.slug, "run": run.pk})
        more = f"{tree}?{urlencode({'find': quoted(terms)})}" if run.pk in found.cut else ""
        rows.append(FoundRun(run, outcome_of(run), steps, more))
    return rows


def _as_search(snippet: Snippet) -> str:
    # As the text has them: a search inside a tree tells accents apart.
    return urlencode({"find": quoted(snippet.as_written)})


def quoted(terms: list[str]) -> str:
    """Terms as a query that read_terms reads as these terms."""
    return " ".join(f'"{term}"' if any(sign.isspace() for sign in term) else term for term in terms)


def _shown_of(problem: Problem, terms: list[str]) -> list[Piece]:
    return snippet_of(problem.statement, terms).pieces
