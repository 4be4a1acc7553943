"""Writes experiments and their waiting runs, pauses and cancels them; playing them is the business of workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Now

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.problems.models import Problem, ProblemSet
from apps.runs import dispatch
from apps.runs.models import Experiment, Run
from apps.runs.settled import settle
from apps.runs.states import ALLOWED_STATES, ExperimentState, RunStatus
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.budget import Budget
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.strategies import STRATEGIES

_RUNS_A_STATEMENT = 1000
_DONE = {ExperimentState.ACTIVE: "resumed", ExperimentState.PAUSED: "paused", ExperimentState.CANCELLED: "cancelled"}
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
    budget: Mapping[str, Any] | None = None,
    created_by: User | None = None,
    name: str = "",
    hint: bool = True,
) -> Experiment:
    """Write an experiment with one waiting run a problem, of the first `limit` in the set's order; on commit, tell the
    workers, unless `hint` is False because the caller plays the runs itself. budget: the limits of each run by name.

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
        budget=limits_of(budget or {}),
        created_by=created_by,
    )
    check_plug_ins(experiment, needs_scorer=entry.needs_scorer)
    _store(experiment, _problems(team, problem_set, limit), hint)
    return experiment


def pause_experiment(experiment: Experiment) -> Experiment:
    """Let no run of it be played for now; runs that are being played wait again, with what is stored of them.

    Their workers are stopped by the fence. Doing it twice is harmless. Raises Refused where nothing is left to pause.
    """
    with _changed(experiment, ExperimentState.PAUSED) as changes:
        if changes:
            # An owner that died before the pause has used its attempt up; one that is alive has not.
            alive = Case(When(lease_until__gt=Now(), then=Value(1)), default=Value(0))
            _held_runs(experiment, RunStatus.RUNNING).update(
                status=RunStatus.WAITING, attempt=F("attempt") - alive, lease_owner="", lease_until=None
            )
    return experiment


def resume_experiment(experiment: Experiment) -> Experiment:
    """Let its runs be played again, each from where it stood; on commit, tell the workers. Twice is harmless."""
    with _changed(experiment, ExperimentState.ACTIVE) as changes:
        if changes:
            transaction.on_commit(dispatch.hint)
    return experiment


def cancel_experiment(experiment: Experiment) -> Experiment:
    """Give up every run of it that has not ended; what is stored stays, and nothing is ever played of it again.

    Doing it twice is harmless. Raises Refused where nothing is left to cancel."""
    with _changed(experiment, ExperimentState.CANCELLED) as changes:
        if changes:
            given_up = _held_runs(experiment, RunStatus.WAITING, RunStatus.RUNNING)
            begun = list(given_up.filter(seq__gt=0).values_list("id", flat=True))
            given_up.update(status=RunStatus.CANCELLED, lease_owner="", lease_until=None, ended_at=Now())
            with connection.cursor() as cursor:
                settle(cursor, begun)
    return experiment


@contextmanager
def _changed(experiment: Experiment, state: ExperimentState) -> Iterator[bool]:
    """Lock the experiment and change its state; whether it was in another one before. What the caller does with the
    runs is in the same transaction. Raises Refused for a change that is not allowed."""
    with transaction.atomic():
        now = ExperimentState(
            Experiment.objects.select_for_update().values_list("state", flat=True).get(pk=experiment.pk)
        )
        if now != state:
            _check_change(experiment, now, state)
            Experiment.objects.filter(pk=experiment.pk).update(state=state)
        experiment.state = state
        yield now != state


def _check_change(experiment: Experiment, now: ExperimentState, state: ExperimentState) -> None:
    if state not in ALLOWED_STATES[now]:
        raise Refused(
            f"The experiment is {now}, and cannot be {_DONE[state]}. Launch another one.", code="bad_state", status=409
        )
    if not experiment.runs.filter(status__in=(RunStatus.WAITING, RunStatus.RUNNING)).exists():
        raise Refused(
            f"All runs of the experiment have ended; nothing is left to be {_DONE[state]}.", code="is_over", status=409
        )


def _held_runs(experiment: Experiment, *statuses: RunStatus) -> QuerySet[Run]:
    """Its runs in these states, locked in the order of their ids, as leases.py locks them."""
    runs = Run.objects.filter(experiment=experiment, status__in=statuses)
    locked = list(runs.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    return Run.objects.filter(id__in=locked)


def limits_of(budget: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the budget's limits that are set. Raises BadParameter."""
    read = parameters_as_json(read_parameters(Budget, budget))
    return {name: limit for name, limit in read.items() if limit is not None}


def check_plug_ins(experiment: Experiment, *, needs_scorer: bool) -> None:
    """Raises UnknownKey for its engine and scorer, Refused for a scorer that is missing and a seed out of range."""
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
        Run(team=experiment.team, experiment=experiment, problem=problem, seed=run_seed(experiment.seed, problem))
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


def run_seed(seed: int, problem: Problem) -> int:
    """Each run draws its own numbers, the same in every database: they come of the experiment's seed and the problem's
    content, not of ids. 53 bits, so that a reader of the event's JSON in a browser sees the same number."""
    digest = hashlib.sha256(f"{seed}:{problem.digest}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 11
