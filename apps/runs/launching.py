"""Writes an experiment and its waiting runs, everything checked first; playing them is the business of workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.problems.filters import ProblemFilter
from apps.problems.models import Problem, ProblemSet
from apps.runs import dispatch
from apps.runs.capabilities import check_alternatives, check_plug_ins, check_texts
from apps.runs.models import Experiment, Run
from apps.runs.rows import storable
from workers.search.budget import Budget
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.strategies import STRATEGIES

_RUNS_A_STATEMENT = 1000
MAX_SEED = 2**63 - 1
NAME_LENGTH = 200
KEY_LENGTH = 64
ALL_PROBLEMS = ProblemFilter()
WHAT_IS_LAUNCHED = (
    "name",
    "problem_set_id",
    "problem_filter",
    "strategy",
    "strategy_version",
    "parameters",
    "engine",
    "scorer",
    "seed",
    "budget",
    "alternatives",
)


def launch_experiment(
    *,
    team: Team,
    problem_set: ProblemSet,
    strategy: str,
    parameters: Mapping[str, Any],
    engine: str,
    scorer: str = "",
    seed: int = 0,
    problem_filter: ProblemFilter = ALL_PROBLEMS,
    budget: Mapping[str, Any] | None = None,
    alternatives: int = 0,
    created_by: User | None = None,
    name: str = "",
    key: str = "",
    hint: bool = True,
) -> Experiment:
    """Write an experiment with a waiting run for each problem of the set that passes the filter, in the set's order; on
    commit, tell the workers, unless `hint` is False because the caller plays the runs itself. budget: limits of each
    run by name. alternatives: how many of the likeliest tokens at every place are stored beside the drawn one. key: the
    same launch with the same key is one experiment, however often it is called.

    Raises UnknownKey and BadParameter of the core for keys and parameters that are not known or not allowed, and
    Refused: plug-ins that do not fit together, problems they cannot read, none at all, a seed or key out of range, a
    problem set of another team, a key that something else was launched with."""
    experiment = _search(strategy, parameters, engine, scorer, seed, budget or {}, alternatives)
    experiment.team, experiment.created_by, experiment.launch_key = team, created_by, checked_key(key)
    experiment.problem_set, experiment.problem_filter = problem_set, problem_filter.as_json()
    experiment.name = launch_name(name, STRATEGIES.get(strategy).label, problem_set)
    if (before := _launched_before(experiment)) is not None:
        return before
    problems = _problems(team, problem_set, problem_filter)
    check_problems(engine, scorer, ((problem.position, problem.statement) for problem in problems))
    return _stored_once(experiment, problems, hint)


def _search(
    strategy: str,
    parameters: Mapping[str, Any],
    engine: str,
    scorer: str,
    seed: int,
    budget: Mapping[str, Any],
    alternatives: int,
) -> Experiment:
    """An experiment of a team and a problem set still to be said, its plug-ins and numbers checked."""
    entry = STRATEGIES.get(strategy)
    experiment = Experiment(
        kind=Experiment.Kind.SEARCH,
        strategy=strategy,
        strategy_version=entry.version,
        parameters=parameters_as_json(read_parameters(entry.params, parameters)),
        engine=engine,
        scorer=scorer,
        seed=seed,
        budget=limits_of(budget),
        alternatives=alternatives,
    )
    check_experiment(experiment)
    return experiment


def _stored_once(experiment: Experiment, problems: Sequence[Problem], hint: bool) -> Experiment:
    """What is stored now, or what somebody has just stored with the same key."""
    try:
        _store(experiment, problems, hint)
    except IntegrityError:
        first = _launched_before(experiment)
        if first is None:
            raise
        return first
    return experiment


def launch_name(name: str, strategy_label: str, problem_set: ProblemSet) -> str:
    """The name an experiment is given; without one it says what is done to what, cut to NAME_LENGTH characters.

    Raises Refused for a text that cannot be stored and for one that is longer."""
    if name != storable(name):
        sentence = "Expected a name that can be stored; found U+0000 or half a surrogate pair in it."
        raise Refused(sentence, code="bad_name", fields={"name": sentence})
    if len(name.strip()) > NAME_LENGTH:
        sentence = f"Expected a name of at most {NAME_LENGTH} characters; found {len(name.strip()):,}."
        raise Refused(sentence, code="bad_name", fields={"name": sentence})
    return name.strip() or f"{strategy_label} on {problem_set.name}"[:NAME_LENGTH]


def limits_of(budget: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the budget's limits that are set. Raises BadParameter."""
    read = parameters_as_json(read_parameters(Budget, budget))
    return {name: limit for name, limit in read.items() if limit is not None}


def check_experiment(experiment: Experiment) -> None:
    """Raises UnknownKey for its strategy, engine and scorer, Refused where they do not fit together, cannot give the
    alternatives that are asked for, or its seed is out of range."""
    check_plug_ins(experiment.strategy, experiment.engine, experiment.scorer)
    check_alternatives(experiment.engine, experiment.alternatives)
    if not 0 <= experiment.seed <= MAX_SEED:
        sentence = f"Expected a seed from 0 to {MAX_SEED}; found {experiment.seed}."
        raise Refused(sentence, code="bad_seed", fields={"seed": sentence})


def check_problems(engine: str, scorer: str, problems: Iterable[tuple[int, str]]) -> None:
    """Raises Refused where the engine or the scorer cannot read one of (position, statement)."""
    named = ((f"problem {position}", statement) for position, statement in problems)
    check_texts(engine, scorer, named, otherwise="leave these problems out by the filter")


def run_seed(seed: int, problem: Problem) -> int:
    """Each run draws its own numbers, the same in every database: they come of the experiment's seed and the problem's
    content, not of ids. 53 bits, so that a reader of the event's JSON in a browser sees the same number."""
    digest = hashlib.sha256(f"{seed}:{problem.digest}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11


@transaction.atomic
def _store(experiment: Experiment, problems: Sequence[Problem], hint: bool) -> None:
    experiment.save()
    runs = (
        Run(team=experiment.team, experiment=experiment, problem=problem, seed=run_seed(experiment.seed, problem))
        for problem in problems
    )
    Run.objects.bulk_create(runs, batch_size=_RUNS_A_STATEMENT)
    if hint:
        transaction.on_commit(dispatch.hint)


def checked_key(key: str) -> str:
    """Raises Refused for a key that could not be kept."""
    if len(key) > KEY_LENGTH or key != storable(key):
        found = f"{len(key)} characters" if len(key) > KEY_LENGTH else "U+0000 or half a surrogate pair in it"
        sentence = f"Expected a key of at most {KEY_LENGTH} characters; found {found}."
        raise Refused(sentence, code="bad_key", fields={"key": sentence})
    return key


def _launched_before(experiment: Experiment) -> Experiment | None:
    """What was launched with the experiment's key. Raises Refused where that was something else: whoever went back in
    the browser and changed the form means another experiment and must not be shown the first in its stead."""
    if not experiment.launch_key:
        return None
    before = Experiment.objects.filter(team=experiment.team_id, launch_key=experiment.launch_key).first()
    if before is None:
        return None
    changed = [name for name in WHAT_IS_LAUNCHED if getattr(before, name) != getattr(experiment, name)]
    if changed:
        raise Refused(
            f"Experiment {before.pk} was launched with this key, and differs in {', '.join(changed)}. Launch again with"
            " another key.",
            code="key_taken",
            status=409,
        )
    return before


def _problems(team: Team, problem_set: ProblemSet, problem_filter: ProblemFilter) -> list[Problem]:
    if problem_set.team_id != team.pk:
        raise Refused("The problem set belongs to another team.", code="unknown_problem_set", status=404)
    found = list(problem_filter.of(problem_set).only("id", "digest", "position", "statement"))
    if not found:
        filtered = bool(problem_filter.as_json()) and problem_set.problems.exists()
        raise Refused(
            f"No problem of set {problem_set.slug!r} passes the filter: widen it."
            if filtered
            else f"Problem set {problem_set.slug!r} is empty: add problems to it first.",
            code="no_problems",
        )
    return found
