"""Pauses, resumes and cancels experiments; launching.py writes them, and playing them is the business of workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Now

from apps.common.errors import Refused
from apps.runs import dispatch
from apps.runs.models import Experiment, Run
from apps.runs.news import tell_runs
from apps.runs.settled import settle
from apps.runs.states import ALLOWED_STATES, ExperimentState, RunStatus

_DONE = {ExperimentState.ACTIVE: "resumed", ExperimentState.PAUSED: "paused", ExperimentState.CANCELLED: "cancelled"}


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
            Experiment.objects.filter(pk=experiment.pk).update(resumed_at=Now())
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
            tell_runs(experiment.pk, [])
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
    """Its runs in these states, locked in the order of their ids, as leases.py locks them; told of on commit."""
    runs = Run.objects.filter(experiment=experiment, status__in=statuses)
    locked = list(runs.select_for_update(no_key=True).order_by("id").values_list("id", "seq"))
    tell_runs(experiment.pk, locked)
    return Run.objects.filter(id__in=[run_id for run_id, _ in locked])
