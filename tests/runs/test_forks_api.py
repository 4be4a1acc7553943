"""Forks over HTTP: what is sent and answered, what is refused by name, and who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.runs.models import Run, StepText
from tests.people import make_member
from tests.runs.forking import imported, played, replayed

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    return played(team)


@pytest.fixture
def reviewer(team: Team) -> User:
    return make_member(team, "reviewer@example.org", Role.REVIEWER)


def send(client: Client, run: Run, **body: Any) -> Any:
    return client.post(f"/api/t/demo/runs/{run.pk}/forks", body, "application/json")


def test_a_step_is_branched_from_as_was_asked(client_of: ClientOf, reviewer: User, run: Run) -> None:
    response = send(
        client_of(reviewer), run, step=1, text=" try 6\n", strategy="self_consistency", scorer="", seed=5, name="Mine",
        parameters={"n": 2, "temperature": 0.5}, budget={"tokens": 300},
    )  # fmt: skip
    assert response.status_code == 201
    fork = Run.objects.select_related("experiment").get(parent_run=run)
    assert response.json() == {
        "id": fork.pk,
        "experiment": fork.experiment_id,
        "status": "waiting",
        "address": f"/t/demo/runs/{fork.pk}/",
        "parent": {"run": run.pk, "step": 1, "seq": None},
    }
    made = fork.experiment
    assert (made.strategy, made.parameters["n"], made.parameters["temperature"]) == ("self_consistency", 2, 0.5)
    assert (made.scorer, made.budget, made.seed, made.name) == ("", {"tokens": 300}, 5, "Mine")
    assert made.created_by == reviewer
    assert StepText.objects.get(run=fork).text == " try 6\n"
    assert client_of(reviewer).get(response.json()["address"]).status_code == 200
    assert replayed(fork).status == "finished"


def test_an_event_is_continued_from_as_was_asked(client_of: ClientOf, owner: User, run: Run) -> None:
    response = send(client_of(owner), run, seq=run.seq, seed=8, engine="scripted", name="Again")
    assert response.status_code == 201
    fork = Run.objects.select_related("experiment").get(parent_run=run)
    assert response.json()["parent"] == {"run": run.pk, "step": None, "seq": fork.parent_seq}
    assert (fork.experiment.seed, fork.experiment.name) == (8, "Again")


def test_the_workers_are_told_once_the_fork_is_there(
    client_of: ClientOf, owner: User, run: Run, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    hints: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: hints.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client_of(owner), run, step=0).status_code == 201
        assert hints == []
    assert hints == ["search.work"]


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"step": 1, "steps": 3}, "steps", "Unknown field. Known: step, seq, text, strategy, "),
        ({"step": "1"}, "step", "Expected the number of a step, 0 for the question; found '1'."),
        ({"step": True}, "step", "Expected the number of a step, 0 for the question; found true."),
        ({"step": -1}, "step", "greater than or equal to 0"),
        ({"step": 2**40}, "step", "less than or equal to"),
        ({"step": 1, "parameters": [1]}, "parameters", "Expected an object of parameters by name; found a list."),
        ({"step": 1, "text": 5}, "text", "Expected a text; found a number."),
        ({}, "step", "Give either step, for a branch, or seq, for a continuation."),
        ({"step": 1, "seq": 1}, "step", "Give either step, for a branch, or seq, for a continuation."),
        ({"seq": 9, "strategy": "beam"}, "strategy", "A continuation keeps it; give a step instead of a seq"),
        ({"seq": 9, "budget": {}}, "budget", "A continuation keeps it"),
        ({"step": 1, "parameters": {"m": 1}}, "m", "Parameter 'm': expected one of n, "),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    client_of: ClientOf, owner: User, run: Run, body: dict[str, Any], field: str, sentence: str
) -> None:
    response = send(client_of(owner), run, **body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert sentence in error["fields"][field]
    assert not Run.objects.filter(parent_run=run).exists()


@pytest.mark.parametrize(
    "body", [{"\udfff": 1}, {"step": 1, "parameters": {"\udfff": 1}}, {"step": 1, "budget": {"\udfff": 1}}]
)
def test_a_name_that_no_answer_can_hold_is_refused_by_its_code(
    client_of: ClientOf, owner: User, run: Run, body: dict[str, Any]
) -> None:
    # As text of ASCII: half a surrogate pair has no other way into JSON.
    url = f"/api/t/demo/runs/{run.pk}/forks"
    response = client_of(owner).post(url, json.dumps(body), "application/json")
    assert response.status_code == 400
    assert "\\udfff" in response.json()["error"]["fields"]


def test_what_the_service_refuses_has_its_status_and_code(client_of: ClientOf, owner: User, run: Run) -> None:
    client = client_of(owner)
    for body, status, code in (
        ({"step": 9999}, 404, "unknown_step"),
        ({"seq": 9999, "seed": 1}, 404, "unknown_seq"),
        ({"step": run.chosen}, 400, "step_ended"),
        ({"seq": run.seq}, 400, "nothing_new"),
        ({"step": 1, "engine": "gpt"}, 400, "unknown-key"),
    ):
        response = send(client, run, **body)
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_only_who_may_launch_may_fork(
    client_of: ClientOf, owner: User, reviewer: User, colleague: User, stranger: User, run: Run
) -> None:
    assert send(client_of(owner), run, step=1).status_code == 201
    assert send(client_of(reviewer), run, step=1).status_code == 201
    assert send(client_of(colleague), run, step=1).status_code == 403
    assert send(client_of(stranger), run, step=1).status_code == 404
    assert send(Client(), run, step=1).status_code == 401
    assert Run.objects.filter(parent_run=run).count() == 2


def test_another_teams_run_looks_like_none(client_of: ClientOf, team: Team, stranger: User, owner: User) -> None:
    foreign = imported(stranger.memberships.get().team)
    assert send(client_of(owner), foreign, step=1, strategy="best_of_n", engine="scripted").status_code == 404
    assert not Run.objects.filter(parent_run=foreign).exists()
