"""Steps in full over HTTP: a branch or some numbers, their tokens, and a sentence for what cannot be asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.models import Run, Step, StepTokens
from tests.factories import JUDGE, WRITER, make_run_with_tree


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, [["one", "two", "right"], ["other", "wrong"]])


@pytest.fixture
def client(owner: User, client_of: Any) -> Client:
    return client_of(owner)


def steps_of(client: Client, run: Run, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/t/demo/runs/{run.pk}/steps?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["steps"]


def test_a_branch_is_the_steps_from_the_root(client: Client, run: Run) -> None:
    assert [step["text"] for step in steps_of(client, run, "branch=3")] == ["one", "two", "right"]
    assert [step["number"] for step in steps_of(client, run, "branch=4")] == [4]


def test_a_step_comes_with_all_that_is_known_of_it(client: Client, run: Run) -> None:
    (step,) = steps_of(client, run, "numbers=3")
    assert (step["parent"], step["depth"], step["origin"], step["terminal"]) == (2, 3, "generated", True)
    assert step["maker"]["key"] == WRITER.key
    assert [(score["maker"]["key"], score["value"]) for score in step["scores"]] == [(JUDGE.key, 0.03)]
    assert step["chosen_why"] == "the first branch is right"
    assert (step["pruned"], step["pruned_why"]) == (None, "")
    assert step["answer"] == {
        "text": "right",
        "class_key": "right",
        "correct": True,
        "checker": "exact_text",
        "version": 1,
    }
    assert steps_of(client, run, "numbers=1")[0]["answer"] is None


def test_numbers_that_do_not_exist_are_left_out(client: Client, run: Run) -> None:
    assert [step["number"] for step in steps_of(client, run, "numbers=2,99,5")] == [2, 5]


def test_a_branch_of_no_step_is_not_found(client: Client, run: Run) -> None:
    assert client.get(f"/api/t/demo/runs/{run.pk}/steps?branch=99").status_code == 404


def test_more_steps_take_no_more_queries(client: Client, run: Run) -> None:
    counts = []
    for query in ("numbers=3", "numbers=1,2,3,4,5"):
        with CaptureQueriesContext(connection) as captured:
            steps_of(client, run, query)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "with branch=NUMBER, numbers=1,2,3 or subtree=NUMBER"),
        ("branch=1&numbers=1", "with branch=NUMBER, numbers=1,2,3 or subtree=NUMBER"),
        ("branch=one", "branch: expected step numbers such as 37, found 'one'"),
        ("numbers=1,,2", "numbers: expected step numbers such as 37, found ''"),
        ("numbers=-4", "found '-4'"),
        ("branch=99999999999999999999", "found '99999999999999999999'"),
        ("numbers=" + ",".join(["1"] * 501), "At most 500 steps a request, found 501"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(client: Client, run: Run, query: str, sentence: str) -> None:
    answer = client.get(f"/api/t/demo/runs/{run.pk}/steps?{query}")
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]["message"]


def test_tokens_are_cut_out_of_the_text_of_the_step(client: Client, run: Run) -> None:
    Step.objects.filter(run=run, number=2).update(tokens=2)
    StepTokens.objects.create(
        run=run,
        number=2,
        ids=np.array([7, 8], "<u4").tobytes(),
        lengths=np.array([1, 2], "<u2").tobytes(),
        logprob=np.array([-0.5, -np.inf], "<f2").tobytes(),
        entropy=np.array([0.25, 1.5], "<f2").tobytes(),
    )
    address = f"/api/t/demo/runs/{run.pk}/steps/2/tokens"
    answer = client.get(address).json()
    assert answer == {
        "number": 2,
        "tokens": [
            {"text": "t", "id": 7, "logprob": -0.5, "entropy": 0.25, "alternatives": None},
            {"text": "wo", "id": 8, "logprob": None, "entropy": 1.5, "alternatives": None},
        ],
    }
    StepTokens.objects.filter(run=run, number=2).update(alternatives=[[["t", -0.5], ["<b>", -1.25]], []])
    told = [token["alternatives"] for token in client.get(address).json()["tokens"]]
    assert told == [[{"text": "t", "logprob": -0.5}, {"text": "<b>", "logprob": -1.25}], []]


def test_a_step_without_tokens_has_an_empty_list_and_no_step_is_not_found(client: Client, run: Run) -> None:
    assert client.get(f"/api/t/demo/runs/{run.pk}/steps/1/tokens").json() == {"number": 1, "tokens": []}
    assert client.get(f"/api/t/demo/runs/{run.pk}/steps/99/tokens").status_code == 404
