"""Labels over HTTP: those of a run, and one more; every address is checked by the team's gate."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import by_method, team_api
from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.selectors import (
    current_labels,
    history_of,
    own_newest,
    settled_verdicts,
    standing_verdict_of,
    verdicts_that_stand,
)
from apps.labels.serializers import GivenLabel, history_as_json, label_as_json
from apps.labels.services import add_label
from apps.runs.models import Run, Step


@team_api("look")
def run_labels(request: Request, team: Team, *, run: int) -> Response:
    """The current labels of a run and the verdicts that stand, by step number.

    `newest` is what the reader said last of each step, by its client_uuid: what they say next says that it follows it.
    """
    if not Run.objects.filter(team=team, pk=run).exists():
        raise Http404
    labels = current_labels(run)
    standing = verdicts_that_stand(labels, settled_verdicts(run))
    return Response(
        {
            "labels": [label_as_json(label, request.user.pk) for label in labels],
            "standing": {str(number): verdict for number, verdict in standing.items()},
            "newest": own_newest(run, request.user.pk),
        }
    )


@team_api("look")
def step_history(request: Request, team: Team, *, run: int, number: int) -> Response:
    """All that people said of a step, oldest first, what they took back included."""
    if not Step.objects.filter(run__team=team, run=run, number=number).exists():
        raise Http404
    return Response({"history": [history_as_json(row, request.user.pk) for row in history_of(run, number)]})


@team_api("label", methods=("POST",))
def give_label(request: Request, team: Team, *, run: int, number: int) -> Response:
    """Add the reader's verdict on a step; sent twice with one client_uuid it is one label and one answer."""
    given = GivenLabel(data=request.data)
    given.is_valid(raise_exception=True)
    user = cast(User, request.user)
    labeller = labeller_of(team, user)
    labeller.user = user  # the very person; the answer names them without another query
    label = add_label(team=team, labeller=labeller, run=run, number=number, **given.validated_data)
    answer = {"label": label_as_json(label, user.pk), "standing": standing_verdict_of(run, number)}
    return Response(answer, status=201)


step_labels = by_method(GET=step_history, POST=give_label)
