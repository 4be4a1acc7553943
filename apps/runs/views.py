"""Pages that list experiments and their runs; a tree is the page of apps.trees."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.runs.outcomes import outcome_of
from apps.runs.selectors import chosen_answers, experiments_of, figures_of, runs_of

PAGE_ROWS = 50


@require_safe
@team_page("look")
def experiments(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's experiments with how far they are and how well they did."""
    page = Paginator(experiments_of(team), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    figures = figures_of(shown)
    rows = [(experiment, figures[experiment.pk]) for experiment in shown]
    refreshes = any(not figure.is_over for figure in figures.values())
    context = {"team": team, "page": page, "rows": rows, "refreshes": refreshes}
    return render(request, "runs/experiments.html", context)


@require_safe
@team_page("look")
def experiment(request: TeamRequest, team: Team, *, experiment: int) -> HttpResponse:
    """One experiment: its figures, and its runs with what each chose."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    page = Paginator(runs_of(found), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    answers = chosen_answers(shown)
    rows = [(run, outcome_of(run), answers.get(run.pk)) for run in shown]
    figures = figures_of([found])[found.pk]
    context = {"team": team, "experiment": found, "page": page, "rows": rows, "figures": figures}
    return render(request, "runs/experiment.html", context)
