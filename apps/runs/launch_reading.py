"""Reads what was typed for a launch, a sentence for everything that is wrong; it writes nothing and launches nothing.

Names and texts are those of the form and of its address: `typed_of` writes an experiment in them, `read_launch` reads
them back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.templatetags.format import as_typed
from apps.problems.filters import READERS, ProblemFilter, read_filter
from apps.problems.models import ProblemSet
from apps.runs.capabilities import check_alternatives, check_plug_ins, check_scorer
from apps.runs.launching import MAX_SEED, check_problems, launch_name
from apps.runs.models import Experiment
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.budget import Budget
from workers.search.errors import BadParameter, UnknownKey
from workers.search.parameters import parameter, parameters_as_json, read_parameters
from workers.search.protocols import MOST_ALTERNATIVES
from workers.search.registry import Entry
from workers.search.strategies import STRATEGIES


@dataclass(frozen=True)
class Draws:
    """What the draws come from, and what is stored of them besides."""

    seed: int = parameter(0, "The same seed draws the same texts again.", minimum=0, maximum=MAX_SEED)
    alternatives: int = parameter(
        0,
        "Stores so many of the likeliest tokens at every place; costs several times the room of all else.",
        minimum=0,
        maximum=MOST_ALTERNATIVES,
    )


PLUG_INS = ("strategy", "engine", "scorer")
FILTER = tuple(READERS)
DRAWS = tuple(option.name for option in dataclasses.fields(Draws))
LIMITS = {f"budget_{limit.name}": limit.name for limit in dataclasses.fields(Budget)}
OWN_NAMES = ("name", *PLUG_INS, "problems", *FILTER, *DRAWS, *LIMITS)
"""Every name of the form but those of the strategy's parameters, which may take none of these."""


@dataclass(slots=True)
class Reading:
    """What was read. values: by name what is as it should be; errors: by name a sentence for what is not; problems: how
    many pass the filter, None where that cannot be told. Only without errors there is something to launch."""

    strategy: Entry[Any]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem_set: ProblemSet | None = None
    problem_filter: ProblemFilter | None = None
    problems: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """The strategy's parameters, those that could be read."""
        names = [option.name for option in dataclasses.fields(self.strategy.params)]
        return {name: self.values[name] for name in names if name in self.values}

    @property
    def budget(self) -> dict[str, Any]:
        """The limits that are set, by their own names."""
        limits = {limit: self.values.get(name) for name, limit in LIMITS.items()}
        return {limit: value for limit, value in limits.items() if value is not None}

    def can_say_what_it_costs(self) -> bool:
        """Whether all is read that a cost depends on."""
        return not self.errors.keys() - {"problems", "name", *DRAWS, *FILTER}


def parameter_names(strategy: Entry[Any]) -> tuple[str, ...]:
    """Names of the strategy's parameters, in their order."""
    return tuple(option.name for option in dataclasses.fields(strategy.params))


def problem_sets_of(team: Team) -> list[ProblemSet]:
    """The team's problem sets by name, each with `size`, the number of its problems."""
    return list(ProblemSet.objects.filter(team=team).annotate(size=Count("problems")).order_by("name", "slug"))


def read_launch(sets: Collection[ProblemSet], typed: Mapping[str, str]) -> Reading:
    """Read typed texts by name. A name that is missing is as if nothing was typed; one that nobody knows is left alone.

    sets: those the team may choose from. At most two statements: how many problems pass, and, where an engine or a
    scorer asks for them, these."""
    strategy = typed.get("strategy", "")
    reading = Reading(STRATEGIES.get(strategy if strategy in STRATEGIES else STRATEGIES.keys()[0]))
    if strategy not in STRATEGIES:
        reading.errors["strategy"] = str(UnknownKey("strategy", strategy, STRATEGIES.keys()))
    read_fields(reading, typed, reading.strategy.params, {name: name for name in parameter_names(reading.strategy)})
    read_fields(reading, typed, Draws, {name: name for name in DRAWS})
    read_fields(reading, typed, Budget, LIMITS)
    read_plug_ins(reading, typed)
    _read_problems(reading, sets, typed)
    _read_name(reading, typed)
    return reading


def read_fields(reading: Reading, typed: Mapping[str, str], cls: type[Any], names: Mapping[str, str]) -> None:
    """Each field by itself, so that every mistake is named and not the first alone. An empty text is the default."""
    for name, its_field in names.items():
        text = typed.get(name, "").strip()
        try:
            read = read_parameters(cls, {its_field: text} if text else {})
        except BadParameter as wrong:
            reading.errors[name] = f"Expected {wrong.expected}; found {wrong.found}."
        else:
            reading.values[name] = getattr(read, its_field)


def read_plug_ins(reading: Reading, typed: Mapping[str, str]) -> None:
    """The engine and the scorer, and whether they give what the reading's strategy needs."""
    engine, scorer = typed.get("engine", ""), typed.get("scorer", "")
    known = (("engine", engine, ENGINES.keys()), ("scorer", scorer, SCORERS.keys()))
    for kind, key, keys in known:
        if key in keys or (kind == "scorer" and not key):
            reading.values[kind] = key
        else:
            reading.errors[kind] = str(UnknownKey(kind, key, keys)) if key else f"Choose an {kind}."
    try:
        if {"engine", "alternatives"} <= reading.values.keys():
            check_alternatives(engine, reading.values["alternatives"])
    except Refused as refused:
        reading.errors.update(refused.fields)
    try:
        if {"engine", "scorer"} <= reading.values.keys():
            check_plug_ins(reading.strategy.key, engine, scorer)
        elif "scorer" in reading.values:
            check_scorer(reading.strategy.key, scorer)
    except Refused as refused:
        reading.errors.update(refused.fields)


def _read_problems(reading: Reading, sets: Collection[ProblemSet], typed: Mapping[str, str]) -> None:
    """The set, the filter, how many pass, and whether they can be read."""
    try:
        reading.problem_filter = read_filter({name: typed.get(name, "").strip() for name in FILTER})
        reading.values.update(reading.problem_filter.as_json())
    except Refused as refused:
        reading.errors.update(refused.fields)
    if not (slug := typed.get("problems", "")):
        reading.errors["problems"] = "Choose a problem set."
        return
    reading.problem_set = next((one for one in sets if one.slug == slug), None)
    if reading.problem_set is None:
        reading.errors["problems"] = str(UnknownKey("problem set", slug, [one.slug for one in sets]))
        return
    reading.values["problems"] = slug
    if reading.problem_filter is not None:
        _read_texts(reading, reading.problem_set, reading.problem_filter)


def _read_texts(reading: Reading, problem_set: ProblemSet, problem_filter: ProblemFilter) -> None:
    passing = problem_filter.of(problem_set)
    reading.problems = passing.count()
    if not reading.problems:
        reading.errors["problems"] = (
            "No problem of this set passes the filter."
            if problem_filter.as_json()
            else ("This set holds no problems: add some to it first.")
        )
        return
    asked = {kind: reading.values[kind] for kind in ("engine", "scorer") if kind in reading.values}
    if reading.errors.keys() & {"engine", "scorer"} or len(asked) < 2:
        return
    try:
        check_problems(asked["engine"], asked["scorer"], passing.values_list("position", "statement"))
    except Refused as refused:
        reading.errors.update(refused.fields)


def _read_name(reading: Reading, typed: Mapping[str, str]) -> None:
    name = typed.get("name", "")
    try:
        if reading.problem_set is not None:
            launch_name(name, reading.strategy.label, reading.problem_set)
        reading.values["name"] = name.strip()
    except Refused as refused:
        reading.errors["name"] = refused.message


def typed_of(experiment: Experiment) -> dict[str, str]:
    """An experiment as it would have been typed; a name that was made for it is left empty."""
    problem_set, strategy = experiment.problem_set, experiment.strategy
    label = STRATEGIES.get(strategy).label if strategy in STRATEGIES else strategy
    made = problem_set is not None and experiment.name == launch_name("", label, problem_set)
    typed = {
        "name": "" if made else experiment.name,
        "strategy": strategy,
        "engine": experiment.engine,
        "scorer": experiment.scorer,
        "problems": problem_set.slug if problem_set is not None else "",
        "seed": str(experiment.seed),
        "alternatives": str(experiment.alternatives),
    }
    typed |= {name: as_typed(value) for name, value in experiment.parameters.items()}
    typed |= {name: as_typed(value) for name, value in experiment.problem_filter.items()}
    return typed | {f"budget_{limit}": as_typed(value) for limit, value in experiment.budget.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is otherwise than in the original; a text is empty where there is none."""

    name: str
    before: str
    now: str


def differences(original: Experiment, reading: Reading, typed: Mapping[str, str]) -> list[Difference]:
    """What is otherwise than in the original, in the form's order; as it was read, so that 1 and 1.0 are the same."""
    before = typed_of(original)
    read = {name: as_typed(value) for name, value in reading.values.items() if value not in ("", None)}
    names = dict.fromkeys([*OWN_NAMES, *original.parameters, *parameter_names(reading.strategy)])
    now = {name: read.get(name, "" if name in reading.values else typed.get(name, "")) for name in names}
    kept = {*OWN_NAMES, *parameter_names(reading.strategy)}
    now = {name: text if name in kept else "" for name, text in now.items()} | {"strategy": reading.strategy.key}
    return [Difference(name, before.get(name, ""), now[name]) for name in names if before.get(name, "") != now[name]]


def settings_of(reading: Reading) -> dict[str, Any]:
    """What `launch_experiment` is called with, for a reading without errors."""
    return {
        "problem_set": reading.problem_set,
        "problem_filter": reading.problem_filter,
        "strategy": reading.strategy.key,
        "parameters": parameters_as_json(read_parameters(reading.strategy.params, reading.parameters)),
        "engine": reading.values["engine"],
        "scorer": reading.values["scorer"],
        **{name: reading.values[name] for name in DRAWS},
        "budget": reading.budget,
        "name": reading.values["name"],
    }
