"""Reads the label a page sends and writes the labels it is shown; whether the step exists is the service's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.labels.models import Adjudication, Label
from apps.labels.services import REASON_LIMIT
from apps.labels.verdicts import VERDICTS


class GivenLabel(StrictSerializer):
    """What a page sends for one verdict; an empty verdict takes the label back.

    Strict, because a label stored by accident can never be deleted.
    """

    TYPES = {
        "verdict": ((str,), f"one of {', '.join(VERDICTS)}, or empty to take the label back"),
        "client_uuid": ((str,), "a UUID as text"),
        "scores_in_view": ((bool,), "true or false"),
        "seconds": ((int, float, type(None)), "a number or null"),
        "reason": ((str,), "a text"),
    }

    verdict = serializers.ChoiceField(
        choices=list(VERDICTS),
        allow_blank=True,
        error_messages={
            "invalid_choice": f"Unknown verdict {{input!r:.60}}. Known: {', '.join(VERDICTS)};"
            " empty takes the label back."
        },
    )
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


def history_as_json(row: Label | Adjudication, user_id: int | None) -> dict[str, Any]:
    """What was said of a step once, or settled about it; `settles` tells which. Taken back is an empty verdict."""
    if isinstance(row, Label):
        return {**label_as_json(row, user_id), "settles": False}
    return {
        "number": row.number,
        "labeller": str(row.settled_by),
        "mine": row.settled_by.user_id is not None and row.settled_by.user_id == user_id,
        "verdict": row.verdict,
        "at": row.created_at.isoformat(),
        "scores_in_view": None,
        "reason": row.reason,
        "settles": True,
    }
