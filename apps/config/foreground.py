"""What commands share that launch runs and play them in their own process; what is launched is their own business."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.management.base import CommandParser

from apps.common.errors import Refused
from apps.runs.models import Experiment, Run
from apps.runs.states import ENDED, ExperimentState, RunStatus
from workers import play

# Runs that another process plays, or that wait for another attempt, are waited for at this rate.
LOOK_AGAIN_S = 1.0
LIMITS = {"tokens": "generated tokens", "steps": "steps of the tree", "seconds": "seconds"}


def add_launch_arguments(parser: CommandParser) -> None:
    """Add --param, read by `given_parameters`, and --budget-tokens and its like, read by `given_budget`."""
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="A parameter of the strategy; repeatable.",
    )
    for name, unit in LIMITS.items():
        parser.add_argument(f"--budget-{name}", metavar="N", help=f"At most so many {unit} a run.")


def given_parameters(given: Sequence[str]) -> dict[str, str]:
    """Raises Refused for what is not NAME=VALUE, and for a name given twice."""
    parameters: dict[str, str] = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise Refused(f"--param: expected NAME=VALUE; found {part!r}.", code="bad_parameter")
        if name.strip() in parameters:
            raise Refused(f"--param: {name.strip()!r} is given twice; give it once.", code="bad_parameter")
        parameters[name.strip()] = value.strip()
    return parameters


def given_budget(options: Mapping[str, Any]) -> dict[str, str]:
    """The limits that were given, by name."""
    given = {name: options[f"budget_{name}"] for name in LIMITS}
    return {name: limit for name, limit in given.items() if limit is not None}


def play_here(experiment: Experiment, say: Callable[[str], object]) -> None:
    """Play what waits, then wait for the runs that others play, and take over those that are given up, until all have
    ended. What Ctrl-C breaks off waits again, for a worker or for ever. `say` is told how far it is."""
    told = ""
    while True:
        standing, is_over = _standing(experiment)
        if standing != told:
            say(standing)
            told = standing
        if is_over:
            return
        if not play.play_some(experiment.pk):
            time.sleep(LOOK_AGAIN_S)


def _standing(experiment: Experiment) -> tuple[str, bool]:
    """How far the runs are, in a sentence, and whether all have ended."""
    runs = Run.objects.filter(experiment=experiment)
    count = runs.count()
    ended = runs.filter(status__in=ENDED).count()
    elsewhere = runs.filter(status=RunStatus.RUNNING).count()
    words = f"Experiment {experiment.pk}: {ended} of {count} runs have ended."
    if elsewhere:
        words += f" Waiting for {elsewhere} that another process plays."
    if ended < count and Experiment.objects.filter(pk=experiment.pk, state=ExperimentState.PAUSED).exists():
        words += " It is paused; resume it on its page."
    return words, ended == count
