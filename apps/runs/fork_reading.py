"""Reads what was typed for a fork, a sentence for everything that is wrong; it writes nothing and forks nothing.

Names and texts are those of the form: `typed_for` writes a run in them, `read_fork` reads them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.common.errors import Refused
from apps.runs.forks import check_continuation
from apps.runs.launch_reading import (
    DRAWS,
    LIMITS,
    Draws,
    Reading,
    parameter_names,
    read_fields,
    read_plug_ins,
    typed_of,
)
from apps.runs.launching import MAX_SEED
from apps.runs.models import Experiment, Run, Step, StepText
from workers.search.budget import Budget
from workers.search.errors import UnknownKey
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.strategies import STRATEGIES

KINDS = ("branch", "continue")
OWN_NAMES = ("kind", "step", "seq", "text", "name", "strategy", "engine", "scorer", *DRAWS, *LIMITS)
DIGITS = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fork may begin. step: of a branch, 0 the question; text: of that step; has_ended: whether nothing can
    follow it unless it is edited; seq: of a continuation; uncontinuable: why the run cannot be continued, or empty."""

    run: Run
    step: int
    text: str
    has_ended: bool
    seq: int
    uncontinuable: str


@dataclass(slots=True)
class ForkReading:
    """What was read. Only without errors there is something to fork."""

    origin: Origin
    kind: str
    reading: Reading
    text: str | None
    name: str

    @property
    def errors(self) -> dict[str, str]:
        """By name a sentence for what is not as it should be."""
        return self.reading.errors

    @property
    def settings(self) -> dict[str, Any]:
        """What `branch_run` or `continue_run` is called with besides run, place and key."""
        values = self.reading.values
        if self.kind == "continue":
            return {"engine": values["engine"], "seed": values["seed"], "name": self.name}
        return {
            "text": self.text,
            "strategy": self.reading.strategy.key,
            "parameters": parameters_as_json(read_parameters(self.reading.strategy.params, self.reading.parameters)),
            "engine": values["engine"],
            "scorer": values["scorer"],
            "budget": self.reading.budget,
            **{name: values[name] for name in DRAWS},
            "name": self.name,
        }


def origin_of_fork(run: Run, step: str, seq: str) -> Origin:
    """Where the run is to be forked, out of an address or a form; nothing given is the question and the last event.

    Raises Refused for what is no step and no event of the run."""
    number = _number("step", step, run.step_count, 0, run)
    event = _number("seq", seq, run.seq, run.seq, run)
    known = Step.objects.filter(run=run, number=number).values_list("terminal", flat=True).first()
    text = StepText.objects.filter(run=run, number=number).values_list("text", flat=True).first()
    return Origin(run, number, text or "", bool(known), event, _uncontinuable(run))


def typed_for(origin: Origin) -> dict[str, str]:
    """The form as it is shown first: as the run was played, with other draws."""
    experiment = origin.run.experiment
    typed = {"kind": "branch", "step": str(origin.step), "seq": str(origin.seq), "text": origin.text}
    if experiment.kind == Experiment.Kind.IMPORTED:
        return {**typed, "strategy": "", "engine": "", "scorer": "", "seed": "0"}
    as_played = typed_of(experiment)
    kept = {*OWN_NAMES, *experiment.parameters} - {"name", *typed}
    seed = (experiment.seed + 1) % (MAX_SEED + 1)
    return {**{name: text for name, text in as_played.items() if name in kept}, **typed, "seed": str(seed)}


def read_fork(origin: Origin, typed: Mapping[str, str]) -> ForkReading:
    """Read typed texts by name; a name that is missing is as if nothing was typed. At most two statements."""
    strategy = typed.get("strategy", "")
    reading = Reading(STRATEGIES.get(strategy if strategy in STRATEGIES else STRATEGIES.keys()[0]))
    kind = typed.get("kind", "")
    fork = ForkReading(origin, kind, reading, _edited(origin, typed.get("text")), typed.get("name", ""))
    read_fields(reading, typed, Draws, {name: name for name in DRAWS})
    if kind == "continue":
        _read_continuation(fork, typed)
    elif kind == "branch":
        _read_branch(fork, typed)
    else:
        reading.errors["kind"] = str(UnknownKey("kind of fork", kind, KINDS))
    return fork


def _read_branch(fork: ForkReading, typed: Mapping[str, str]) -> None:
    reading, strategy, origin = fork.reading, typed.get("strategy", ""), fork.origin
    if strategy in STRATEGIES:
        names = {name: name for name in parameter_names(reading.strategy)}
        read_fields(reading, typed, reading.strategy.params, names)
        read_plug_ins(reading, typed)
    else:
        unknown = str(UnknownKey("strategy", strategy, STRATEGIES.keys()))
        reading.errors["strategy"] = unknown if strategy else "Choose a strategy."
    read_fields(reading, typed, Budget, LIMITS)
    if origin.has_ended and fork.text is None:
        reading.errors["text"] = (
            f"The text of step {origin.step} has ended, so nothing can follow it: edit it here, or fork from the step"
            " before."
        )


def _read_continuation(fork: ForkReading, typed: Mapping[str, str]) -> None:
    experiment, reading = fork.origin.run.experiment, fork.reading
    as_played = {"engine": typed.get("engine", ""), "scorer": experiment.scorer}
    try:
        check_continuation(fork.origin.run, fork.origin.seq)
    except (Refused, UnknownKey) as refused:
        reading.errors["kind" if fork.origin.uncontinuable else "seq"] = str(refused)
    else:
        reading.strategy = STRATEGIES.get(experiment.strategy)
        read_plug_ins(reading, {**typed, **as_played})


def _edited(origin: Origin, text: str | None) -> str | None:
    """The typed text where it is another than the step's. A browser sends every line's end as two letters, so ends of
    lines alone make no edit."""
    if text is None or not origin.step or _lines(text) == _lines(origin.text):
        return None
    return _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _uncontinuable(run: Run) -> str:
    try:
        check_continuation(run)
    except (Refused, UnknownKey) as refused:
        return str(refused)
    return ""


def _number(name: str, given: str, last: int, usual: int, run: Run) -> int:
    if not given:
        return usual
    what = {"step": "step", "seq": "event"}[name]
    if not (given.isascii() and given.isdigit() and len(given) < DIGITS):
        raise Refused(f"{name}: expected the number of a {what}, found {given[:40]!r}.", code="bad-query")
    if int(given) > last or (name == "seq" and not int(given)):
        known = f"1 to {last:,}" if last else "none yet"
        raise Refused(f"Run {run.pk} has no {what} {given}; it has {known}.", code=f"unknown-{what}", status=404)
    return int(given)
