"""What is told when: after every commit of a run's events and every change of its state, and only numbers."""

from __future__ import annotations

import pytest

from apps.accounts.models import Role, User
from apps.runs import leases
from apps.runs.forks import branch_run
from apps.runs.models import Experiment, Run
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment
from apps.runs.sink import RunSink
from tests.live.listening import facts, news, opened, session_of
from tests.people import make_member
from tests.runs.logs import log, waiting_runs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def experiment(db: None) -> Experiment:
    return waiting_runs(2)


@pytest.fixture
def member(experiment: Experiment) -> User:
    return make_member(experiment.team, "viewer@example.org", Role.VIEWER)


def test_a_run_that_is_played_is_told_of_by_its_seq_until_its_end(
    server: str, experiment: Experiment, member: User
) -> None:
    [claim] = leases.claim(1, experiment.pk)
    events = log()
    with opened(server, f"/ws/t/{experiment.team.slug}/runs/{claim.run_id}", session=session_of(member)) as socket:
        assert facts(socket) == {"run": claim.run_id, "seq": 0}
        sink = RunSink(claim.run_id, claim.attempt, claim.owner)
        sink.take(events[:4])
        assert news(socket) == {"run": claim.run_id, "seq": 4}
        sink.take(events[4:])
        assert news(socket) == {"run": claim.run_id, "seq": 14}


def test_an_experiment_is_told_of_whenever_one_of_its_runs_changes(
    server: str, experiment: Experiment, member: User
) -> None:
    told = {"experiment": experiment.pk}
    path = f"/ws/t/{experiment.team.slug}/experiments/{experiment.pk}"
    with opened(server, path, session=session_of(member)) as socket:
        assert facts(socket) == told
        [claim] = leases.claim(1, experiment.pk)
        assert news(socket) == told
        leases.hand_back([claim], counted=False)
        assert news(socket) == told
        [claim] = leases.claim(1, experiment.pk)
        assert news(socket) == told
        RunSink(claim.run_id, claim.attempt, claim.owner).take(log())
        assert news(socket) == told
        for change in (pause_experiment, resume_experiment, cancel_experiment):
            change(experiment)
            assert news(socket) == told


def test_a_run_is_told_of_when_it_is_claimed_paused_forked_and_cancelled(
    server: str, experiment: Experiment, member: User
) -> None:
    run = Run.objects.filter(experiment=experiment).earliest("pk")
    with opened(server, f"/ws/t/{experiment.team.slug}/runs/{run.pk}", session=session_of(member)) as socket:
        facts(socket)
        leases.claim(1, experiment.pk)
        assert news(socket) == {"run": run.pk, "seq": 0}
        for change in (pause_experiment, resume_experiment):
            change(experiment)
        assert news(socket) == {"run": run.pk, "seq": 0}
        branch_run(run, 0, strategy="chain_of_thought", engine="scripted")
        assert news(socket) == {"run": run.pk, "seq": 0}
        cancel_experiment(experiment)
        assert news(socket) == {"run": run.pk, "seq": 0}
