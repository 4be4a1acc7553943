"""The states of a run and of an experiment and the changes that are allowed; every other change is refused."""

from __future__ import annotations

from django.db import models


class RunStatus(models.TextChoices):
    """Where a run is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


# running → running: another owner takes over from one whose lease ran out.
ALLOWED: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.WAITING: frozenset({RunStatus.RUNNING, RunStatus.CANCELLED}),
    RunStatus.RUNNING: frozenset(set(RunStatus)),
    RunStatus.FINISHED: frozenset(),
    RunStatus.FAILED: frozenset(),
    RunStatus.CANCELLED: frozenset(),
}
ENDED = tuple(status for status, after in ALLOWED.items() if not after)


class ExperimentState(models.TextChoices):
    """Whether the runs of an experiment may be played: yes, not now, not any more."""

    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


ALLOWED_STATES: dict[ExperimentState, frozenset[ExperimentState]] = {
    ExperimentState.ACTIVE: frozenset({ExperimentState.PAUSED, ExperimentState.CANCELLED}),
    ExperimentState.PAUSED: frozenset({ExperimentState.ACTIVE, ExperimentState.CANCELLED}),
    ExperimentState.CANCELLED: frozenset(),
}
