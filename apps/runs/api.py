"""Experiments over HTTP, paused, resumed, cancelled, and runs forked; every address is checked by the team's gate."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team, User
from apps.runs.forks import branch_run, continue_run
from apps.runs.models import Experiment
from apps.runs.selectors import experiments_of, figures_of, run_in_full
from apps.runs.serializers import GivenFork, fork_as_json
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment

CHANGES = {"pause": pause_experiment, "resume": resume_experiment, "cancel": cancel_experiment}


@team_api("launch", methods=("POST",))
def change(request: Request, team: Team, *, experiment: int, how: str) -> Response:
    """Pause, resume or cancel an experiment, and say how it stands then; sent twice it is done once.

    `how` is a key of CHANGES. 409 where it was cancelled before, or all of its runs have ended."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    return Response(_as_json(CHANGES[how](found)))


@team_api("launch", methods=("POST",))
def forks(request: Request, team: Team, *, run: int) -> Response:
    """Fork a run: from a step (a branch) or from an event (a continuation); the workers are told. 404 for no such run,
    step or event."""
    found = run_in_full(team, run)
    if found is None:
        raise Http404
    given = GivenFork(data=request.data)
    given.is_valid(raise_exception=True)
    wanted = dict(given.validated_data)
    user = cast(User, request.user)
    if "step" in wanted:
        fork = branch_run(found, wanted.pop("step"), created_by=user, **wanted)
    else:
        fork = continue_run(found, wanted.pop("seq"), created_by=user, **wanted)
    return Response(fork_as_json(fork), status=201)


def _as_json(experiment: Experiment) -> dict[str, object]:
    figures = figures_of([experiment])[experiment.pk]
    runs = ("waiting", "running", "finished", "failed", "cancelled")
    return {"id": experiment.pk, "state": experiment.state, "runs": {name: getattr(figures, name) for name in runs}}
