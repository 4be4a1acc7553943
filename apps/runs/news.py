"""News of runs and experiments: that they have changed, and where they stand; never what has changed.

Whoever hears it asks for the rows, so news may come twice, late, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q, Sum

from apps.accounts.models import Team
from apps.common.announce import tell
from apps.common.live_socket import Standing
from apps.runs.models import Experiment, Run
from apps.runs.states import ENDED


def run_group(run_id: int) -> str:
    """The group that hears how far a run has come."""
    return f"run-{run_id}"


def experiment_group(experiment_id: int) -> str:
    """The group that hears that something about an experiment or its runs has changed."""
    return f"experiment-{experiment_id}"


def tell_runs(experiment_id: int, seqs: Iterable[tuple[int, int]]) -> None:
    """On commit, say of runs of one experiment, (id, seq) each, how far they have come, and that it has changed."""
    told = list(seqs)

    def say() -> None:
        for run_id, seq in told:
            tell(run_group(run_id), {"run": run_id, "seq": seq})
        tell(experiment_group(experiment_id), {"experiment": experiment_id})

    transaction.on_commit(say)


def run_standing(team: Team, run_id: int) -> Standing | None:
    """How far the team's run has come; None where it has no such run."""
    row = Run.objects.filter(team=team, pk=run_id).values_list("seq", "status", "experiment__state").first()
    return None if row is None else Standing(run_group(run_id), {"run": run_id, "seq": row[0]}, row)


def experiment_standing(team: Team, experiment_id: int) -> Standing | None:
    """What changes when anything of the team's experiment does; None where it has no such experiment."""
    counts = (Sum("runs__seq"), Count("runs"), Count("runs", filter=Q(runs__status__in=ENDED)))
    claims = Sum("runs__attempt")
    found = Experiment.objects.filter(team=team, pk=experiment_id)
    row = found.annotate(steps=counts[0], all=counts[1], ended=counts[2], claims=claims).values_list(
        "state", "steps", "all", "ended", "claims"
    )
    for standing in row:
        return Standing(experiment_group(experiment_id), {"experiment": experiment_id}, standing)
    return None
