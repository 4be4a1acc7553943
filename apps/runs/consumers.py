"""Sockets of runs and experiments: whom they hear of and where it stands; the gate decides who may listen."""

from __future__ import annotations

from apps.accounts.models import Team
from apps.accounts.socket_gate import team_socket
from apps.common.live_socket import Standing
from apps.runs.news import experiment_standing, run_standing


@team_socket("look")
def run_socket(team: Team, *, run: int) -> Standing | None:
    """Tells {"run": id, "seq": n} whenever the run has come further or its status has changed."""
    return run_standing(team, run)


@team_socket("look")
def experiment_socket(team: Team, *, experiment: int) -> Standing | None:
    """Tells {"experiment": id} whenever the experiment or one of its runs has changed."""
    return experiment_standing(team, experiment)
