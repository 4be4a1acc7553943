"""Plays waiting runs: claims some, plays them together in an ensemble, stores their events; it knows no queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django.db import connection

from apps.runs import leases
from apps.runs.leases import Claim
from apps.runs.models import Run
from apps.runs.sink import FenceLost, RunSink
from workers import loaded
from workers.search import ensemble
from workers.search.budget import Budget
from workers.search.errors import SearchError
from workers.search.events import RunFailed
from workers.search.parameters import read_parameters
from workers.search.runner import Runner, RunSpec

logger = logging.getLogger(__name__)
SLOTS = 16


def work(slots: int = SLOTS) -> int:
    """Claim and play until nothing waits; answers how many runs were played. Doing it twice is harmless."""
    played = 0
    while some := play_some(slots=slots):
        played += some
    return played


def play_some(experiment_id: int | None = None, *, slots: int = SLOTS) -> int:
    """Claim up to `slots` waiting runs of one experiment, play them to their ends; answers how many, 0 if none waited.

    Of the given experiment, else of the one that has waited longest. The claim is under a name of its own."""
    claims = leases.claim(leases.new_owner(), slots, experiment_id)
    if claims:
        _play_group(claims)
    return len(claims)


def _play_group(claims: Sequence[Claim]) -> None:
    """Play claimed runs of one experiment together; each of them has ended afterwards, or is someone else's.

    A bug or a stop ends the group: its runs fail with the reason, so that none seems to be running for ever, and it is
    raised."""
    try:
        _played(claims)
    except BaseException as error:
        # A connection that the server closed refuses every further statement; dropped, it is made anew. One inside a
        # transaction is the caller's.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        for claim in claims:
            _fail(claim, _broken_off(error))
        raise


def _played(claims: Sequence[Claim]) -> None:
    """Play the claimed runs that are still there."""
    runs = Run.objects.select_related("experiment", "problem").in_bulk([claim.run_id for claim in claims])
    held = [claim for claim in claims if claim.run_id in runs]
    if not held:
        return
    experiment = runs[held[0].run_id].experiment
    try:
        engine = loaded.engine(experiment.engine)
        scorer = loaded.scorer(experiment.scorer) if experiment.scorer else None
    except SearchError as error:
        for claim in held:
            _fail(claim, str(error))
        return
    runners = [runner for claim in held if (runner := _runner(claim, runs[claim.run_id])) is not None]
    ensemble.play(runners, engine, scorer)


def _broken_off(error: BaseException) -> str:
    if isinstance(error, Exception):
        return f"A fault in the program broke the run off: {type(error).__name__}: {error}"
    return "The program was told to stop while it played the run. Launch it again."


def _runner(claim: Claim, run: Run) -> Runner | None:
    """A runner for a claimed run, or None if it cannot even begin; then it has failed with the reason."""
    experiment = run.experiment
    try:
        spec = RunSpec(
            question=run.problem.statement,
            reference=run.problem.answer,
            checker=run.problem.checker,
            strategy=experiment.strategy,
            parameters=experiment.parameters,
            seed=run.seed,
            budget=read_parameters(Budget, experiment.budget),
        )
        return Runner(spec, RunSink(claim.run_id, claim.attempt, claim.owner), clock=time.time)
    except SearchError as error:
        _fail(claim, str(error))
        return None


def _fail(claim: Claim, reason: str) -> None:
    """End a run of ours as failed, after what is stored of it; one that has ended already stays as it is."""
    stored = Run.objects.values_list("seq", flat=True).filter(pk=claim.run_id).first()
    if stored is None:
        return
    try:
        RunSink(claim.run_id, claim.attempt, claim.owner).take(
            [RunFailed(stored + 1, time.time(), reason, retryable=False)]
        )
    except FenceLost:
        logger.info("Run %s has ended or has another owner; nothing is written to it.", claim.run_id)
