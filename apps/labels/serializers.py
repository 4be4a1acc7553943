"""Reads the label a page sends and writes the labels it is shown; whether the step exists is the service's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.labels.models import Adjudication, Label, OwnStep
from apps.labels.said import NONE_BEFORE, REASON_LIMIT
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
        "replaces": ((str, type(None)), "the UUID of your label before as text, or null where you know of none"),
        "flagged": ((bool,), "true or false"),
        "critique": ((str,), "a text"),
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
    replaces = serializers.UUIDField(required=False, allow_null=True)
    flagged = serializers.BooleanField(required=False, default=False)
    critique = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """null for the label before says that there is none, as far as the page knows; left out, it says nothing."""
        if "replaces" in attrs:
            attrs["replaces"] = attrs["replaces"] or NONE_BEFORE
        return attrs


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


def history_as_json(row: Label | Adjudication | OwnStep, user_id: int | None) -> dict[str, Any]:
    """What was said of a step once, settled about it, or written in its place; `kind` tells which: label, adjudication,
    own-step. Taken back is an empty verdict, or the empty text of an own step."""
    person = row.settled_by if isinstance(row, Adjudication) else row.labeller
    told = {
        "labeller": str(person),
        "mine": person.user_id is not None and person.user_id == user_id,
        "at": row.created_at.isoformat(),
    }
    if isinstance(row, OwnStep):
        return {**told, "kind": "own-step", "number": row.instead_of, "text": row.text}
    if isinstance(row, Adjudication):
        said = {"number": row.number, "verdict": row.verdict, "reason": row.reason, "rule": row.rule}
        return {**told, **said, "kind": "adjudication"}
    version = row.guideline_version
    under = None if version is None else {"name": version.guideline.name, "number": version.number}
    also = {"flagged": row.flagged, "critique": row.critique, "seconds": row.seconds, "guideline": under}
    return {**label_as_json(row, user_id), **also, "kind": "label"}
