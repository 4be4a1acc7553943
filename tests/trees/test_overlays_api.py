"""Overlays and visits over HTTP: those that have values, the newest of each step, and what came after an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.runs.models import Maker, Run, Score, Step, Visit
from apps.trees.columns import read_columns
from apps.trees.overlays import overlay_document, overlays_of, visits_document
from tests.factories import JUDGE, make_run_with_tree

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def run(team: Team) -> Run:
    """Three steps, scored by the playing scorer; step 2 by another as well, twice."""
    run = make_run_with_tree(team)
    later = Maker.objects.create(kind="scorer", key="later", version="2")
    for seq, value in ((900, 0.5), (901, 0.75)):
        Score.objects.create(run=run, seq=seq, number=2, maker=later, value=value)
    return run


def read(client: Client, run: Run, tail: str) -> tuple[dict[str, Any], dict[str, list[float]]]:
    header, columns = read_columns(client.get(f"/api/t/demo/runs/{run.pk}/{tail}").content)
    return header, {name: column.tolist() for name, column in columns.items()}


def keys(run: Run) -> list[str]:
    return [overlay["key"] for overlay in overlays_of(run)]


def test_only_overlays_with_values_are_offered_and_the_playing_scorer_comes_first(
    run: Run, owner: User, client_of: SignIn
) -> None:
    given = client_of(owner).get(f"/api/t/demo/runs/{run.pk}/overlays").json()["overlays"]
    assert [(one["kind"], one["maker"]["key"], one["count"], one["playing"]) for one in given] == [
        ("score", JUDGE.key, 3, True),
        ("score", "later", 1, False),
    ]
    Step.objects.filter(run=run, number=1).update(logprob=-2.5)
    Visit.objects.create(run=run, seq=950, number=2, value=1.0)
    assert overlays_of(run)[2:] == [
        {"key": "logprob", "kind": "logprob", "count": 1},
        {"key": "visits", "kind": "visits", "count": 1},
    ]


def test_a_step_has_its_newest_score_of_that_maker(run: Run, owner: User, client_of: SignIn) -> None:
    client = client_of(owner)
    playing, later = keys(run)
    header, columns = read(client, run, f"overlays/{later}")
    assert columns == {"number": [2], "value": [0.75]}
    assert (header["overlay"], header["seq"], header["run"]) == (later, run.seq, run.pk)
    _, columns = read(client, run, f"overlays/{playing}")
    assert columns["number"] == [1, 2, 3]
    assert columns["value"] == pytest.approx([0.01, 0.02, 0.03])


def test_a_playing_scorer_that_went_on_elsewhere_is_one_overlay(run: Run) -> None:
    before = keys(run)
    elsewhere = Maker.objects.create(kind="scorer", key=JUDGE.key, arguments='{"device":"cuda"}')
    Score.objects.create(run=run, seq=950, number=1, maker=elsewhere, value=0.25)
    assert keys(run) == before
    document = overlay_document(run, before[0], 0)
    assert document is not None
    assert read_columns(document.body)[1]["value"][0] == 0.25
    assert overlay_document(run, f"score-{Maker.objects.get(key='factory-engine').pk}", 0) is None


def test_after_an_event_only_later_values_come(run: Run, owner: User, client_of: SignIn) -> None:
    client, (_, later) = client_of(owner), keys(run)
    assert read(client, run, f"overlays/{later}?after=900")[1] == {"number": [2], "value": [0.75]}
    assert read(client, run, f"overlays/{later}?after=901")[1] == {"number": [], "value": []}
    Step.objects.filter(run=run).update(logprob=-2.5)
    third = Step.objects.get(run=run, number=3)
    assert read(client, run, f"overlays/logprob?after={third.born - 1}")[1] == {"number": [3], "value": [-2.5]}


def test_visits_come_one_a_simulation_with_what_each_step_is_credited_with(run: Run) -> None:
    first = np.array([0.1, 0.2, 0.3], "<f8").tobytes()
    Visit.objects.create(run=run, seq=20, number=2, value=0.3, returns=first)
    Visit.objects.create(run=run, seq=22, number=3, value=-1.0)
    Visit.objects.create(run=run, seq=24, number=3, value=2.0, returns=np.array([2.0, 3.0], "<f8").tobytes())
    header, columns = read_columns(visits_document(run, 0).body)
    assert {name: column.tolist() for name, column in columns.items()} == {
        "seq": [20, 22, 24],
        "number": [2, 3, 3],
        "value": [0.3, -1.0, 2.0],
    }
    assert header["returns"] == [[0.1, 0.2, 0.3], [], [2.0, 3.0]]
    assert read_columns(visits_document(run, 20).body)[0]["returns"] == [[], [2.0, 3.0]]
    Visit.objects.exclude(seq=22).delete()
    assert read_columns(visits_document(run, 0).body)[0]["returns"] is None


def test_what_is_no_overlay_of_the_run_is_not_found(run: Run, owner: User, client_of: SignIn) -> None:
    engine = Maker.objects.get(key="factory-engine")
    for key in ("score-", "score-0", f"score-{engine.pk}", "score-99999999999999999999", "score-²", "visits", "x"):
        assert client_of(owner).get(f"/api/t/demo/runs/{run.pk}/overlays/{key}").status_code == 404


@pytest.mark.parametrize("tail", ["overlays?x=1", "overlays/logprob?before=1", "overlays/logprob?after=x", "visits?x="])
def test_what_is_asked_wrongly_is_refused_by_name(run: Run, owner: User, client_of: SignIn, tail: str) -> None:
    answer = client_of(owner).get(f"/api/t/demo/runs/{run.pk}/{tail}")
    assert answer.status_code == 400
    assert tail.rpartition("?")[2].partition("=")[0] in answer.json()["error"]["message"]


def test_a_larger_tree_takes_no_more_queries(team: Team) -> None:
    counts = []
    for branches in (3, 300):
        run = make_run_with_tree(team, [["a", "b"]] * branches)
        with CaptureQueriesContext(connection) as captured:
            overlay_document(run, overlays_of(run)[0]["key"], 0)
            visits_document(run, 0)
        counts.append(len(captured))
    assert counts == [11, 11]
