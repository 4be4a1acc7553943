"""Reads the label a page sends and writes the labels it is shown; whether the step exists is the service's business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.labels.models import Label
from apps.labels.services import REASON_LIMIT
from apps.labels.verdicts import VERDICTS

# The types JSON has for a field. DRF would take 1 for a UUID, "yes" for true and true for a number, and a label stored
# by accident can never be deleted.
TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "verdict": ((str,), f"one of {', '.join(VERDICTS)}, or empty to take the label back"),
    "client_uuid": ((str,), "a UUID as text"),
    "scores_in_view": ((bool,), "true or false"),
    "seconds": ((int, float, type(None)), "a number or null"),
    "reason": ((str,), "a text"),
}
SHOWN = 60


class GivenLabel(serializers.Serializer[Any]):
    """What a page sends for one verdict; an empty verdict takes the label back.

    Refuses, by name, a field nobody knows and a value of another type than its field's: nothing is converted.
    """

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

    def to_internal_value(self, data: Any) -> Any:
        """The fields, checked. Raises ValidationError, which names each field nobody knows or of a wrong type."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"": f"Expected an object of fields; found {_described(data)}."})
        wrong = {name: f"Unknown field. Known: {', '.join(TYPES)}." for name in data if name not in TYPES}
        for name, (types, expected) in TYPES.items():
            value = data.get(name)
            if name in data and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
                wrong[name] = f"Expected {expected}; found {_described(value)}."
        if wrong:
            raise serializers.ValidationError({str(name)[:SHOWN]: sentence for name, sentence in wrong.items()})
        return super().to_internal_value(data)


def _described(value: Any) -> str:
    """A value of JSON in a few words, however long it is."""
    if isinstance(value, str):
        return repr(value[:SHOWN]) + ("…" if len(value) > SHOWN else "")
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else "a number"


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
