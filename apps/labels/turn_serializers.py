"""Reads what the labelling page sends about a turn, by field and type; what it means is the services' business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.labels.judged import MOST_PROGRESS
from apps.labels.models import Assignment
from apps.labels.said import NONE_BEFORE, REASON_LIMIT, Said
from apps.labels.verdicts import BY_RATING, VERDICTS

UUID_TYPE = ((str,), "a UUID as text")
TEXT_TYPE = ((str,), "a text")
SECONDS_TYPE = ((int, float, type(None)), "a number or null")
NUMBER_TYPE = ((int,), "the number of a step")
LARGEST = 2**31 - 1
IN_HAND_AT_MOST = 50


def _verdict(known: list[str], **options: Any) -> serializers.ChoiceField:
    sentence = f"Unknown verdict {{input!r:.60}}. Known: {', '.join(known)}; empty takes it back."
    return serializers.ChoiceField(
        choices=known, allow_blank=True, error_messages={"invalid_choice": sentence}, **options
    )


def _text() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)


class InHand(StrictSerializer):
    """Which turns the page has already, by id."""

    TYPES = {"besides": ((list,), "a list of turns by id")}

    besides = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        default=list,
        max_length=IN_HAND_AT_MOST,
    )


class TurnLabel(StrictSerializer):
    """One verdict in a turn, with all that goes with it; an empty one takes the earlier back."""

    TYPES = {
        "number": NUMBER_TYPE,
        "verdict": ((str,), f"one of {', '.join(VERDICTS)}, or empty to take the label back"),
        "client_uuid": UUID_TYPE,
        "replaces": ((str, type(None)), "the UUID of your label before as text, or null where you know of none"),
        "seconds": SECONDS_TYPE,
        "reason": TEXT_TYPE,
        "flagged": ((bool,), "true or false"),
        "critique": TEXT_TYPE,
        "chosen": ((bool, type(None)), "true, false or null"),
        "prelabel": ((str, type(None)), f"one of {', '.join(VERDICTS)}, or null where nothing was proposed"),
    }

    number = serializers.IntegerField(min_value=1, max_value=LARGEST)
    verdict = _verdict(list(VERDICTS))
    client_uuid = serializers.UUIDField()
    replaces = serializers.UUIDField(required=False, allow_null=True)
    seconds = serializers.FloatField(required=False, allow_null=True, default=None)
    reason = _text()
    flagged = serializers.BooleanField(required=False, default=False)
    critique = _text()
    chosen = serializers.BooleanField(required=False, allow_null=True, default=None)
    prelabel = _verdict(list(VERDICTS), required=False, allow_null=True, default="")

    def said(self) -> tuple[int, Said]:
        """The step's number and what is said of it, once it is valid. null for the label before says that the page
        knows of none; left out, it says nothing."""
        values = {**self.validated_data}
        number = values.pop("number")
        if "replaces" in values:
            values["replaces"] = values["replaces"] or NONE_BEFORE
        values["prelabel"] = values["prelabel"] or ""
        return number, Said(**values).checked()


class TurnState(StrictSerializer):
    """Where a turn is to stand, and how it ended."""

    TYPES = {
        "client_uuid": UUID_TYPE,
        "state": ((str,), f"one of {', '.join(Assignment.State.values)}"),
        "finish": ((str, type(None)), f"one of {', '.join(Assignment.Finish.values)}, or empty"),
        "reason": TEXT_TYPE,
        "progress": ((int, type(None)), f"0 to {MOST_PROGRESS}, or null"),
        "seconds": SECONDS_TYPE,
    }

    client_uuid = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Assignment.State.values)
    finish = serializers.ChoiceField(
        choices=Assignment.Finish.values, required=False, allow_blank=True, allow_null=True, default=""
    )
    reason = _text()
    progress = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MOST_PROGRESS
    )
    seconds = serializers.FloatField(required=False, allow_null=True, default=None)

    def validate_finish(self, value: str | None) -> str:
        """null is as empty: the verdicts say how it ended."""
        return value or ""


class GivenOwnStep(StrictSerializer):
    """A step of the labeller's own; an empty text takes it back."""

    TYPES = {
        "parent": NUMBER_TYPE,
        "instead_of": ((int, type(None)), "the number of a step or null"),
        "text": TEXT_TYPE,
        "client_uuid": UUID_TYPE,
    }

    parent = serializers.IntegerField(min_value=0, max_value=LARGEST)  # type: ignore[assignment]  # a field's name
    instead_of = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=LARGEST)
    text = serializers.CharField(allow_blank=True, max_length=REASON_LIMIT)
    client_uuid = serializers.UUIDField()


class CritiqueVerdict(StrictSerializer):
    """What the labeller says of a critique."""

    TYPES = {"verdict": ((str,), "bad, neutral or good, or empty to take it back"), "client_uuid": UUID_TYPE}

    verdict = _verdict([verdict.key for verdict in BY_RATING.values()])
    client_uuid = serializers.UUIDField()


class Nothing(StrictSerializer):
    """A body without a field."""

    TYPES = {}


class NumberAsked(StrictSerializer):
    """One number in the query, which holds texts; which name it goes by the address says."""

    TYPES = {"number": ((str,), "the number of a step"), "parent": ((str,), "the number of a step")}

    number = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    parent = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST)  # type: ignore[assignment]  # a field's name
