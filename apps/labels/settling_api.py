"""Settling over HTTP, for programs: what stands on a step, one adjudication at a time; the team's gate checks each."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.common.strict import StrictSerializer
from apps.labels.said import REASON_LIMIT
from apps.labels.selectors import standing_verdict_of
from apps.labels.settling import RULES, adjudicate, adjudication_as_json
from apps.labels.verdicts import VERDICTS


class GivenAdjudication(StrictSerializer):
    """What is to stand on a step; an empty verdict opens it again."""

    TYPES = {
        "verdict": ((str,), f"one of {', '.join(VERDICTS)}, or empty to open the step again"),
        "rule": ((str,), f"one of {', '.join(RULES)}"),
        "reason": ((str,), "a text"),
        "expected": ((int,), "the id of the latest adjudication as you know it, 0 for none"),
    }

    verdict = serializers.ChoiceField(choices=list(VERDICTS), allow_blank=True)
    rule = serializers.ChoiceField(choices=list(RULES), required=False, default="decision")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)
    expected = serializers.IntegerField(min_value=0, max_value=2**62)


@team_api("settle", methods=("POST",))
def adjudications(request: Request, team: Team, *, run: int, number: int) -> Response:
    """Settle a step, or open it again; 412 with the one that stands where somebody else did meanwhile."""
    given = GivenAdjudication(data=request.data)
    given.is_valid(raise_exception=True)
    by = labeller_of(team, cast(User, request.user))
    values: dict[str, Any] = given.validated_data
    row = adjudicate(team=team, by=by, run=run, number=number, **values)
    answer = {"adjudication": adjudication_as_json(row), "standing": standing_verdict_of(run, number)}
    return Response(answer, status=201)
