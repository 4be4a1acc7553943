"""Search inside one run over HTTP: by text, by answer, by what happened; limits, refusals, other teams."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.common.deadlines import TookTooLong, at_most
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Run
from apps.trees import search
from apps.trees.search import KINDS, Wanted, find_steps
from tests.factories import AT, JUDGE, WRITER, make_experiment, make_problem, make_run_with_tree
from workers.search.events import (
    AnswerChosen,
    Answered,
    Event,
    Origin,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRepeated,
    StepRevisited,
)

BRANCHES = [[r"Take $\frac{1}{2}$ of X", "It's 100% of 5_0 \\ done", "ÉTÉ right"], ["take two", "wrong one"]]


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team, BRANCHES)


@pytest.fixture
def client(owner: User, client_of: Any) -> Client:
    return client_of(owner)


def numbers(client: Client, run: Run, **asked: str) -> list[int]:
    answer = client.get(f"/api/t/demo/runs/{run.pk}/search", asked)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["total"] == len(said["numbers"])
    assert said["searched"] == 5
    assert not said["partial"]
    return said["numbers"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TAKE", [1, 4]),
        (r"\frac{1}{2}", [1]),
        ("take two", [4]),
        ('"two take"', []),
        ("ake ne", []),
        ("%", [2]),
        ("5_0", [2]),
        ("_", [2]),
        ("\\", [1, 2]),
        ("été", [3]),
        ("it's", [2]),
    ],
)
def test_text_is_found_as_it_stands_case_aside(client: Client, run: Run, text: str, expected: list[int]) -> None:
    assert numbers(client, run, text=text) == expected


def test_an_answer_is_found_by_a_part_and_what_is_asked_together_holds_together(client: Client, run: Run) -> None:
    assert numbers(client, run, answer="ÉT") == [3]
    assert numbers(client, run, answer="one", text="wrong") == [5]
    assert numbers(client, run, answer="one", text="take") == []
    assert numbers(client, run, kind="wrong", answer="one") == [5]


def test_every_kind_of_event_finds_the_steps_it_happened_to(client: Client, team: Team) -> None:
    problem = make_problem(team)
    origins: tuple[Origin, ...] = ("generated", "edited", "inherited", "forced", "generated")
    events: list[Event] = [
        RunStarted(1, AT, "best_of_n", 1, {"n": 1}, 0, "lines-1", "exact_text", (WRITER, JUDGE)),
        *(StepAdded(seq, AT, seq - 1, 0, 1, "text", origin, WRITER) for seq, origin in enumerate(origins, start=2)),
        StepPruned(7, AT, 1, "why"),
        StepRepeated(8, AT, 2, 1, 1, 1),
        StepRevisited(9, AT, 3, 0.5),
        Answered(10, AT, 1, "1", "1", True, "exact_text", 1),
        Answered(11, AT, 2, "2", "2", False, "exact_text", 1),
        Answered(12, AT, 3, "3", "3", None, "exact_text", 1),
        AnswerChosen(13, AT, 5, "best"),
        RunFinished(14, AT, "answered"),
    ]
    with transaction.atomic():
        stored = store_new_runs(make_experiment(team, problem.problem_set), [NewRun(problem.pk, "", events)])
    run = Run.objects.get(pk=stored.run_ids[0])
    found = {kind: numbers(client, run, kind=kind) for kind in KINDS}
    assert found == {
        "pruned": [1], "chosen": [5], "right": [1], "wrong": [2], "unknown": [3], "edited": [2], "inherited": [3],
        "forced": [4], "repeated": [2], "revisited": [3],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Expected text, answer or kind to look for"),
        ({"text": "  "}, "Expected text, answer or kind to look for"),
        ({"kind": "born"}, "Unknown kind 'born'. Known: pruned"),
        ({"text": "x" * 201}, "expected at most 200 characters; found 201"),
        ({"answer": "a\0b"}, "one that no text can hold"),
        ({"words": "x"}, "Unknown parameter 'words'"),
    ],
)
def test_what_cannot_be_looked_for_is_said(client: Client, run: Run, asked: dict[str, str], sentence: str) -> None:
    answer = client.get(f"/api/t/demo/runs/{run.pk}/search", asked)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]["message"]


def test_a_long_run_is_searched_piece_by_piece_and_more_pieces_change_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "STEPS_AT_ONCE", 2)
    with CaptureQueriesContext(connection) as captured:
        found = find_steps(run, Wanted(text="take"))
    assert (found.numbers, found.searched, found.partial) == ([1, 4], 5, False)
    assert sum("runs_steptext" in query["sql"] for query in captured) == 3


def test_where_time_or_room_runs_out_what_was_found_is_told_as_a_part(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = find_steps(run, Wanted(text="take"), most_seconds=0)
    assert (late.numbers, late.searched, late.partial) == ([], 0, True)
    monkeypatch.setattr(search, "MOST_NUMBERS", 1)
    many = find_steps(run, Wanted(text="take"))
    assert (many.numbers, many.total, many.partial) == ([1], 2, True)


def test_a_question_to_the_database_is_given_up_and_the_next_one_has_all_time_again(db: None) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(TookTooLong), at_most(0.05):
            cursor.execute("SELECT pg_sleep(20)")
        with at_most(20):
            pass
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_nobody_outside_the_team_searches_its_runs(run: Run, stranger: User, client_of: Any) -> None:
    assert client_of(stranger).get(f"/api/t/demo/runs/{run.pk}/search?text=take").status_code == 404
    assert Client().get(f"/api/t/demo/runs/{run.pk}/search?text=take").status_code == 401
