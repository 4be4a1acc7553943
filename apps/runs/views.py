"""Pages that list experiments and their runs, and pause or cancel one; a tree is the page of apps.trees."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import ALLOWED
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Role, Team
from apps.common.errors import Refused
from apps.runs.outcomes import outcome_of
from apps.runs.selectors import chosen_answers, experiments_of, figures_of, runs_of
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment

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
    steers = "launch" in ALLOWED[Role(request.role)] and not figures.is_over
    context = {"team": team, "experiment": found, "page": page, "rows": rows, "figures": figures, "steers": steers}
    return render(request, "runs/experiment.html", context)


CHANGES = {
    "pause": (
        pause_experiment,
        "The experiment is paused. What its runs have stored is kept; resume to go on from there.",
    ),
    "resume": (resume_experiment, "The experiment goes on."),
    "cancel": (cancel_experiment, "The experiment is cancelled. What its runs have stored is kept."),
}


@require_POST
@team_page("launch")
def change(request: TeamRequest, team: Team, *, experiment: int, how: str) -> HttpResponse:
    """Pause, resume or cancel, and show the experiment again with a sentence; `how` is a key of CHANGES."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    do, sentence = CHANGES[how]
    try:
        do(found)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect("runs:experiment", team=team.slug, experiment=experiment)
