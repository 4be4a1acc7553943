"""Writes experiments and their waiting runs; playing them is the business of workers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet
from apps.runs import dispatch
from apps.runs.models import Experiment, Run
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.strategies import STRATEGIES

_RUNS_A_STATEMENT = 1000
MAX_SEED = 2**63 - 1


def launch_experiment(
    *,
    team: Team,
    problem_set: ProblemSet,
    strategy: str,
    parameters: Mapping[str, Any],
    engine: str,
    scorer: str = "",
    seed: int = 0,
    limit: int | None = None,
    created_by: User | None = None,
    name: str = "",
    hint: bool = True,
) -> Experiment:
    """Write an experiment with one waiting run a problem, of the first `limit` in the set's order; on commit, tell the
    workers, unless `hint` is False because the caller plays the runs itself.

    Raises UnknownKey and BadParameter of the core for keys and parameters that are not known or not allowed, and
    Refused for a missing scorer, a limit or seed out of range, and a problem set that is empty or another team's."""
    entry = STRATEGIES.get(strategy)
    experiment = Experiment(
        team=team,
        kind=Experiment.Kind.SEARCH,
        name=name.strip()[:200] or f"{entry.label} on {problem_set.name}"[:200],
        problem_set=problem_set,
        strategy=strategy,
        strategy_version=entry.version,
        parameters=parameters_as_json(read_parameters(entry.params, parameters)),
        engine=engine,
        scorer=scorer,
        seed=seed,
        created_by=created_by,
    )
    _check_plug_ins(experiment, needs_scorer=entry.needs_scorer)
    _store(experiment, _problems(team, problem_set, limit), hint)
    return experiment


def _check_plug_ins(experiment: Experiment, *, needs_scorer: bool) -> None:
    ENGINES.get(experiment.engine)
    if experiment.scorer:
        SCORERS.get(experiment.scorer)
    elif needs_scorer:
        known = ", ".join(SCORERS.keys())
        raise Refused(f"Strategy {experiment.strategy!r} needs a scorer. Known: {known}.", code="no_scorer")
    if not 0 <= experiment.seed <= MAX_SEED:
        raise Refused(f"Expected a seed from 0 to {MAX_SEED}; found {experiment.seed}.", code="bad_seed")


@transaction.atomic
def _store(experiment: Experiment, problems: Sequence[Problem], hint: bool) -> None:
    experiment.save()
    runs = (
        Run(team=experiment.team, experiment=experiment, problem=problem, seed=_run_seed(experiment.seed, problem))
        for problem in problems
    )
    Run.objects.bulk_create(runs, batch_size=_RUNS_A_STATEMENT)
    if hint:
        transaction.on_commit(dispatch.hint)


def _problems(team: Team, problem_set: ProblemSet, limit: int | None) -> list[Problem]:
    if problem_set.team_id != team.pk:
        raise Refused("The problem set belongs to another team.", code="unknown_problem_set", status=404)
    if limit is not None and limit < 1:
        raise Refused(f"Expected a limit of at least 1 problem; found {limit}.", code="bad_limit")
    found = list(Problem.objects.filter(problem_set=problem_set).only("id", "digest").order_by("position")[:limit])
    if not found:
        raise Refused(f"Problem set {problem_set.slug!r} is empty: add problems to it first.", code="no_problems")
    return found


def _run_seed(seed: int, problem: Problem) -> int:
    """Each run draws its own numbers, the same in every database: they come of the experiment's seed and the problem's
    content, not of ids. 53 bits, so that a reader of the event's JSON in a browser sees the same number."""
    digest = hashlib.sha256(f"{seed}:{problem.digest}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11
