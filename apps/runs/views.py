"""The list of experiments, and pausing, resuming and cancelling one; what one shows is experiment_page.py."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.run_table import read_run_table
from apps.runs.selectors import PAGE_ROWS, experiments_of, figures_of
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment


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
    """Pause, resume or cancel, and show the experiment and the same runs of it again with a sentence; `how` is a key of
    CHANGES."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    table = read_run_table(request.GET)
    do, sentence = CHANGES[how]
    try:
        do(found)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, sentence)
    shown = reverse("runs:experiment", kwargs={"team": team.slug, "experiment": experiment})
    return redirect(f"{shown}?{table.query}" if table.query else shown)
