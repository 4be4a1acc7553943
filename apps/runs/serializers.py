"""Reads what is sent for a fork or a launch and writes what was made of it; what may be is the services' business."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from apps.common.strict import StrictSerializer
from apps.runs.models import Experiment, Run
from apps.runs.selectors import RunFigures

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
        "alternatives": ((int,), "a whole number"),
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
    alternatives = serializers.IntegerField(required=False)
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


class GivenLaunch(StrictSerializer):
    """What is to be launched; `key` makes sure that it is launched once, however often it is sent."""

    TYPES = {
        "problems": ((str,), "the slug of a problem set"),
        "filter": ((dict,), "an object of fields by name"),
        "strategy": ((str,), "the key of a strategy"),
        "parameters": ((dict,), "an object of parameters by name"),
        "engine": ((str,), "the key of an engine"),
        "scorer": ((str,), "the key of a scorer, or empty for none"),
        "budget": ((dict,), "an object of limits by name"),
        "alternatives": ((int,), "a whole number"),
        "seed": ((int,), "a whole number"),
        "name": ((str,), "a text"),
        "key": ((str,), "a text"),
    }

    problems = serializers.CharField()
    filter = serializers.DictField(required=False)
    strategy = serializers.CharField()
    parameters = serializers.DictField(required=False)
    engine = serializers.CharField()
    scorer = serializers.CharField(required=False, allow_blank=True)
    budget = serializers.DictField(required=False)
    alternatives = serializers.IntegerField(required=False)
    seed = serializers.IntegerField(required=False)
    name = serializers.CharField(required=False, allow_blank=True)
    key = serializers.CharField(required=False, allow_blank=True)


def experiment_as_json(experiment: Experiment, figures: RunFigures) -> dict[str, Any]:
    """An experiment with its figures. accuracy, right_in_tree: fractions of what can be told, null where nothing can;
    tokens: generated ones of all runs; address: of its page."""
    problem_set, maker = experiment.problem_set, experiment.created_by
    runs = ("waiting", "running", "finished", "failed", "cancelled")
    return {
        "id": experiment.pk,
        "name": experiment.name,
        "address": reverse("runs:experiment", kwargs={"team": experiment.team.slug, "experiment": experiment.pk}),
        "kind": experiment.kind,
        "state": experiment.state,
        "problems": problem_set.slug if problem_set else None,
        "filter": experiment.problem_filter,
        "strategy": experiment.strategy,
        "strategy_version": experiment.strategy_version,
        "parameters": experiment.parameters,
        "engine": experiment.engine,
        "scorer": experiment.scorer,
        "seed": experiment.seed,
        "budget": experiment.budget,
        "alternatives": experiment.alternatives,
        "created_at": experiment.created_at.isoformat(),
        "created_by": str(maker) if maker else None,
        "runs": {name: getattr(figures, name) for name in runs},
        "accuracy": figures.accuracy,
        "interval": figures.interval,
        "right_in_tree": figures.coverage,
        "steps": figures.steps,
        "tokens": figures.tokens,
    }


def fork_as_json(fork: Run) -> dict[str, Any]:
    """A fork as its maker is told of it. parent: the run's id with the step or the seq it begins at, the other null."""
    return {
        "id": fork.pk,
        "experiment": fork.experiment_id,
        "status": fork.status,
        "address": reverse("trees:run", kwargs={"team": fork.team.slug, "run": fork.pk}),
        "parent": {"run": fork.parent_run_id, "step": fork.parent_step, "seq": fork.parent_seq},
    }
