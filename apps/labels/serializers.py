"""Reads the label a page sends and writes the labels it is shown; whether the step exists is the service's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.labels.models import Label
from apps.labels.services import REASON_LIMIT
from apps.labels.verdicts import VERDICTS


class GivenLabel(serializers.Serializer[Any]):
    """What a page sends for one verdict; an empty verdict takes the label back."""

    verdict = serializers.ChoiceField(choices=list(VERDICTS), allow_blank=True)
    client_uuid = serializers.UUIDField()
    scores_in_view = serializers.BooleanField()
    seconds = serializers.FloatField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)


def label_as_json(label: Label, user_id: int | None) -> dict[str, Any]:
    """A label as pages see it; `mine` says whether it is the reader's own."""
    return {
        "number": label.number,
        "labeller": str(label.labeller),
        "mine": label.labeller.user_id is not None and label.labeller.user_id == user_id,
        "verdict": label.verdict,
        "at": label.created_at.isoformat(),
        "scores_in_view": label.scores_in_view,
        "reason": label.reason,
    }
