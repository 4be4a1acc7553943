"""What commands share that launch runs and play them in their own process; what is launched is their own business."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.management.base import CommandParser

from apps.common.errors import Refused
from apps.runs.models import Experiment
from apps.runs.states import ENDED, ExperimentState, RunStatus
from workers import play

# Runs that another process plays, or that wait for another attempt, are waited for at this rate.
LOOK_AGAIN_S = 1.0
TELL_S = 5.0
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
    ended. `say` is told how far it is. What Ctrl-C breaks off waits, with all that is stored, for a worker."""
    progress = _Progress(experiment, say)
    try:
        while not progress.is_over():
            if not play.play_some(experiment.pk, stops=progress.stops):
                time.sleep(LOOK_AGAIN_S)
    except (KeyboardInterrupt, SystemExit):
        say(f"Stopped. What is stored of experiment {experiment.pk} is kept, and a worker plays it on: make worker.")
        raise


class _Progress:
    """How far an experiment is, said where it has changed."""

    def __init__(self, experiment: Experiment, say: Callable[[str], object]) -> None:
        self._experiment, self._say = experiment, say
        self._told = ""
        self._looked_at = time.monotonic()

    def stops(self) -> bool:
        """Never; asked each round, it says now and then how far the experiment is."""
        if time.monotonic() - self._looked_at >= TELL_S:
            self._looked_at = time.monotonic()
            self._tell(self._ended()[0])
        return False

    def is_over(self) -> bool:
        """Whether all runs have ended, said with what is waited for; for when none is being played here."""
        words, is_over = self._ended()
        elsewhere = self._experiment.runs.filter(status=RunStatus.RUNNING).count()
        if elsewhere:
            words += f" Waiting for {elsewhere} that another process plays."
        paused = Experiment.objects.filter(pk=self._experiment.pk, state=ExperimentState.PAUSED)
        if not is_over and paused.exists():
            words += " It is paused; resume it on its page."
        self._tell(words)
        return is_over

    def _ended(self) -> tuple[str, bool]:
        count = self._experiment.runs.count()
        ended = self._experiment.runs.filter(status__in=ENDED).count()
        return f"Experiment {self._experiment.pk}: {ended} of {count} runs have ended.", ended == count

    def _tell(self, words: str) -> None:
        if words != self._told:
            self._told = words
            self._say(words)
