"""Reads which labels a program wants taken back; whether it may is the view's business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.labels.bulk_withdrawals import MOST
from apps.labels.said import REASON_LIMIT

MOST_ID = 2**63 - 1


class GivenWithdrawal(StrictSerializer):
    """Labels by their client_uuids, or a labeller with runs; never both, so that nobody takes back more than meant."""

    TYPES = {
        "client_uuids": ((list,), "a list of the labels' UUIDs"),
        "labeller": ((int,), "the id of a labeller"),
        "runs": ((list,), "a list of ids of runs"),
        "reason": ((str,), "a text that says why"),
        "client_uuid": ((str,), "a UUID as text, the same whenever this is sent again"),
    }

    client_uuids = serializers.ListField(child=serializers.UUIDField(), required=False, min_length=1, max_length=MOST)
    labeller = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    runs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST_ID), required=False, min_length=1, max_length=MOST
    )
    reason = serializers.CharField(max_length=REASON_LIMIT)
    client_uuid = serializers.UUIDField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError unless the labels are named in exactly one way."""
        ways = ("client_uuids" in attrs, "labeller" in attrs, "runs" in attrs)
        if ways not in {(True, False, False), (False, True, True)}:
            raise serializers.ValidationError({"client_uuids": "Give either client_uuids, or a labeller with runs."})
        return attrs
