"""What is stored of a run is enough to go on from, wherever it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from apps.accounts.models import Team
from apps.runs.log import read_log
from apps.runs.models import Run
from tests.runs.forking import played
from tests.search.replaying import cuts, resumed
from workers.search.budget import Budget
from workers.search.events import Event, StepAdded
from workers.search.parameters import read_parameters
from workers.search.runner import RunSpec

pytestmark = pytest.mark.django_db


def spec_of(run: Run) -> RunSpec:
    made = run.experiment
    about = (run.problem.statement, run.problem.answer, run.problem.checker)
    return RunSpec(*about, made.strategy, made.parameters, run.seed, read_parameters(Budget, made.budget))


def told(log: Sequence[Event]) -> list[Event]:
    """What a log says, without the time and without numbers of tokens, which are stored in 16 bits."""
    return [
        replace(event, at=0.0, trace=None) if isinstance(event, StepAdded) else replace(event, at=0.0) for event in log
    ]


def test_a_stored_log_cut_at_any_event_and_resumed_is_the_whole_run(team: Team) -> None:
    run = played(team)
    whole = read_log(run.pk)
    parts = cuts(whole)
    assert len(parts) > 5
    for part in parts:
        assert told(resumed(spec_of(run), part)) == told(whole)
