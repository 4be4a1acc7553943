"""Experiments over HTTP: paused, resumed, cancelled; every address is checked by the team's gate."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.runs.models import Experiment
from apps.runs.selectors import experiments_of, figures_of
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment

CHANGES = {"pause": pause_experiment, "resume": resume_experiment, "cancel": cancel_experiment}


@team_api("launch", methods=("POST",))
def change(request: Request, team: Team, *, experiment: int, how: str) -> Response:
    """Pause, resume or cancel an experiment, and say how it stands then; sent twice it is done once.

    `how` is a key of CHANGES. 409 where it was cancelled before, or all of its runs have ended."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    return Response(_as_json(CHANGES[how](found)))


def _as_json(experiment: Experiment) -> dict[str, object]:
    figures = figures_of([experiment])[experiment.pk]
    runs = ("waiting", "running", "finished", "failed", "cancelled")
    return {"id": experiment.pk, "state": experiment.state, "runs": {name: getattr(figures, name) for name in runs}}
