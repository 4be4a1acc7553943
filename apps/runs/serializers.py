"""Reads what is sent for a fork and writes the fork that was made; what may be forked is the service's business."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.runs.models import Run

MOST = 2**31 - 1
FROM_A_SEQ = ("seq", "seed", "engine", "name")


class GivenFork(StrictSerializer):
    """Where a fork begins, and what is otherwise than in its parent: `step` for a branch, `seq` for a continuation."""

    TYPES = {
        "step": ((int,), "the number of a step, 0 for the question"),
        "seq": ((int,), "the number of an event"),
        "text": ((str,), "a text"),
        "strategy": ((str,), "the key of a strategy"),
        "parameters": ((dict,), "an object of parameters by name"),
        "engine": ((str,), "the key of an engine"),
        "scorer": ((str,), "the key of a scorer, or empty for none"),
        "budget": ((dict,), "an object of limits by name"),
        "seed": ((int,), "a whole number"),
        "name": ((str,), "a text"),
    }

    step = serializers.IntegerField(required=False, min_value=0, max_value=MOST)
    seq = serializers.IntegerField(required=False, min_value=1, max_value=MOST)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    strategy = serializers.CharField(required=False)
    parameters = serializers.DictField(required=False)
    engine = serializers.CharField(required=False)
    scorer = serializers.CharField(required=False, allow_blank=True)
    budget = serializers.DictField(required=False)
    seed = serializers.IntegerField(required=False)
    name = serializers.CharField(required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError unless there is one place to begin, and for what a continuation cannot change."""
        if ("step" in attrs) == ("seq" in attrs):
            where = "Give either step, for a branch, or seq, for a continuation."
            raise serializers.ValidationError({"step": where})
        if "seq" in attrs and (changed := [name for name in attrs if name not in FROM_A_SEQ]):
            kept = "A continuation keeps it; give a step instead of a seq to change it."
            raise serializers.ValidationError(dict.fromkeys(changed, kept))
        return attrs


def fork_as_json(fork: Run) -> dict[str, Any]:
    """A fork as its maker is told of it. parent: the run's id with the step or the seq it begins at, the other null."""
    return {
        "id": fork.pk,
        "experiment": fork.experiment_id,
        "status": fork.status,
        "address": reverse("trees:run", kwargs={"team": fork.team.slug, "run": fork.pk}),
        "parent": {"run": fork.parent_run_id, "step": fork.parent_step, "seq": fork.parent_seq},
    }
