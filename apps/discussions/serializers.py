"""Reads what a page sends of a comment; whether it can be stored is the service's business."""

from __future__ import annotations

from rest_framework import serializers

from apps.common.strict import StrictSerializer

_TEXT = ((str,), "a text")


class GivenText(StrictSerializer):
    """What a comment is to say."""

    TYPES = {"text": _TEXT}

    # Its length and its characters are refused by the service, in one sentence wherever it comes from.
    text = serializers.CharField(trim_whitespace=False, allow_blank=True, validators=[])


class GivenComment(GivenText):
    """A comment, with the UUID by which it is one however often it is delivered."""

    TYPES = {"text": _TEXT, "client_uuid": ((str,), "a UUID as text")}

    client_uuid = serializers.UUIDField()


class GivenState(StrictSerializer):
    """Whether a thread is to be settled."""

    TYPES = {"resolved": ((bool,), "true or false")}

    resolved = serializers.BooleanField()


class Nothing(StrictSerializer):
    """A body that says nothing."""

    TYPES = {}
