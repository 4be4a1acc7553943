"""Pausing, resuming and cancelling: who may, what becomes of the runs, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.db.models.functions import Now
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.common.errors import Refused
from apps.runs import leases
from apps.runs.models import Experiment, Run
from apps.runs.services import cancel_experiment, pause_experiment, resume_experiment
from apps.runs.sink import FenceLost, RunSink
from tests.factories import make_experiment, make_problem
from tests.people import make_member
from tests.runs.logs import log, rows_of, waiting_runs

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PAGE, API = "/t/demo/experiments/{}/{}/", "/api/t/demo/experiments/{}/{}"


@pytest.fixture
def experiment(team: Team) -> Experiment:
    """One of the team's with a waiting run."""
    made = make_experiment(team)
    Run.objects.create(team=team, experiment=made, problem=make_problem(team))
    return made


def statuses(experiment: Experiment) -> list[tuple[str, int]]:
    return list(experiment.runs.order_by("id").values_list("status", "attempt"))


def begun(claim: leases.Claim) -> RunSink:
    """The sink of a run that has stored some of its events."""
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    sink.take(log()[:8])
    return sink


def test_a_pause_takes_the_runs_from_their_owners_and_counts_no_attempt() -> None:
    experiment = waiting_runs(3)
    alive, dead = leases.claim(2)
    sink, stored = begun(alive), rows_of(alive.run_id)
    Run.objects.filter(pk=dead.run_id).update(lease_until=Now())
    pause_experiment(experiment)
    assert (experiment.state, statuses(experiment)) == ("paused", [("waiting", 0), ("waiting", 1), ("waiting", 0)])
    with pytest.raises(FenceLost):
        sink.take(log()[8:])
    assert rows_of(alive.run_id) == stored
    assert leases.claim(9) == []
    assert leases.renew([alive, dead]) == set()


def test_a_resumed_experiment_is_played_on_and_the_workers_are_told(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append(name))
    experiment = waiting_runs(2)
    pause_experiment(experiment)
    with django_capture_on_commit_callbacks(execute=True):
        resume_experiment(experiment)
        assert sent == []
    assert sent == ["search.work"]
    assert len(leases.claim(9)) == 2


def test_cancelled_runs_keep_what_they_stored_and_those_that_ended_stay_as_they_are() -> None:
    experiment = waiting_runs(3)
    finished, running = leases.claim(2)
    RunSink(finished.run_id, finished.attempt, finished.owner).take(log())
    begun(running).flush()
    stored = rows_of(running.run_id)
    cancel_experiment(experiment)
    assert [status for status, _ in statuses(experiment)] == ["finished", "cancelled", "cancelled"]
    assert rows_of(running.run_id) == stored
    run = Run.objects.get(pk=running.run_id)
    assert run.best_score == 0.75
    assert run.ended_at is not None
    assert leases.claim(9) == leases.claim_spent(9) == []


def test_doing_it_twice_changes_nothing_more() -> None:
    experiment = waiting_runs()
    for change, state in (
        (pause_experiment, "paused"),
        (resume_experiment, "active"),
        (cancel_experiment, "cancelled"),
    ):
        assert {change(experiment).state for _ in range(2)} == {state}


@pytest.mark.parametrize("change", [pause_experiment, resume_experiment])
def test_a_cancelled_experiment_stays_cancelled(change: Callable[[Experiment], Experiment]) -> None:
    experiment = cancel_experiment(waiting_runs())
    with pytest.raises(Refused, match=r"The experiment is cancelled, and cannot be (paused|resumed)\."):
        change(experiment)


@pytest.mark.parametrize("change", [pause_experiment, cancel_experiment])
def test_an_experiment_that_is_over_is_not_changed(change: Callable[[Experiment], Experiment]) -> None:
    experiment = waiting_runs()
    experiment.runs.update(status="finished")
    with pytest.raises(Refused, match=r"All runs of the experiment have ended; nothing is left to be "):
        change(experiment)
    assert Experiment.objects.get(pk=experiment.pk).state == "active"


@pytest.mark.parametrize("how", ["pause", "resume", "cancel"])
def test_only_who_may_launch_may_steer(
    experiment: Experiment, owner: User, colleague: User, stranger: User, client_of: ClientOf, how: str
) -> None:
    page, api = PAGE.format(experiment.pk, how), API.format(experiment.pk, how)
    reviewer = make_member(experiment.team, "reviewer@example.org", Role.REVIEWER)
    for person, of_page, of_api in (
        (stranger, 404, 404),
        (colleague, 403, 403),
        (reviewer, 302, 200),
        (owner, 302, 200),
    ):
        client = client_of(person)
        assert (client.post(page).status_code, client.post(api).status_code) == (of_page, of_api)
    assert (Client().post(page).status_code, Client().post(api).status_code) == (302, 401)
    assert client_of(stranger).post(f"/t/elsewhere/experiments/{experiment.pk}/{how}/").status_code == 404
    assert client_of(owner).get(page).status_code == 405


def test_the_api_says_how_the_experiment_stands(experiment: Experiment, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    runs = {"waiting": 1, "running": 0, "finished": 0, "failed": 0, "cancelled": 0}
    answer = client.post(API.format(experiment.pk, "pause")).json()
    assert answer == {"id": experiment.pk, "state": "paused", "runs": runs}
    answer = client.post(API.format(experiment.pk, "cancel")).json()
    assert answer == {"id": experiment.pk, "state": "cancelled", "runs": {**runs, "waiting": 0, "cancelled": 1}}
    refused = client.post(API.format(experiment.pk, "resume"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "bad_state")


def test_the_page_offers_what_can_be_done_and_says_what_was(
    experiment: Experiment, owner: User, colleague: User, client_of: ClientOf
) -> None:
    page, client = f"/t/demo/experiments/{experiment.pk}/", client_of(owner)

    def offered(of: Client = client) -> list[str]:
        shown = of.get(page).content.decode()
        return [how for how in ("pause", "resume", "cancel") if f'action="{page}{how}/"' in shown]

    assert offered() == ["pause", "cancel"]
    assert offered(client_of(colleague)) == []
    assert "The experiment is paused." in client.post(page + "pause/", follow=True).content.decode()
    assert offered() == ["resume", "cancel"]
    shown = client.post(page + "cancel/", follow=True).content.decode()
    assert "The experiment is cancelled." in shown
    assert "state-cancelled" in shown
    assert offered() == []
    assert "cannot be paused" in client.post(page + "pause/", follow=True).content.decode()


def test_the_tree_of_a_cancelled_run_still_opens(experiment: Experiment, owner: User, client_of: ClientOf) -> None:
    [claim] = leases.claim(1, experiment.pk)
    begun(claim).flush()
    cancel_experiment(experiment)
    shown = client_of(owner).get(f"/t/demo/runs/{claim.run_id}/").content.decode()
    assert "This run was cancelled; its tree up to then was kept." in shown


def test_a_run_that_waits_for_the_experiment_to_be_resumed_says_so(
    experiment: Experiment, owner: User, client_of: ClientOf
) -> None:
    page = f"/t/demo/runs/{experiment.runs.get().pk}/"
    assert "No worker has taken this run yet." in client_of(owner).get(page).content.decode()
    pause_experiment(experiment)
    shown = client_of(owner).get(page).content.decode()
    assert "Its experiment is paused, so no worker takes this run." in shown
    assert "No worker has taken this run yet." not in shown
