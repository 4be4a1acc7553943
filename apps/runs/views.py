"""Pausing, resuming and cancelling an experiment from its page; what the page shows is experiment_page.py."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.run_table import read_run_table
from apps.runs.selectors import experiments_of
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment

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
