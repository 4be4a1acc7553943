"""The log over HTTP: its columns say what its rows say from any event on, and single events come in full."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team, User
from apps.runs.log import read_log
from apps.runs.models import Run
from apps.runs.sink import RunSink
from apps.trees.columns import read_columns
from apps.trees.events import log_document
from tests.factories import make_run_with_tree
from tests.runs.logs import claimed_run, log
from tests.trees.grown import random_log
from workers.search.events import Event, StepRepeated

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def stored(events: list[Event]) -> Run:
    """A run whose sink took these events."""
    claim = claimed_run()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    sink.take(events)
    sink.flush()
    return Run.objects.get(pk=claim.run_id)


def told(run: Run, after: int = 0) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of the document, with the words of kinds and makers in place of their indices."""
    header, columns = read_columns(log_document(run, after).body)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]
    for row in rows:
        row["kind"] = header["kinds"][row["kind"]]
        row["maker"] = "" if row["maker"] == 255 else header["makers"][row["maker"]]["key"]
        row["value"] = None if np.isnan(row["value"]) else row["value"]
    return header, rows


def expected(events: list[Event]) -> list[dict[str, Any]]:
    """What the columns of these events should say."""
    tokens = accumulate(getattr(event, "generated", 0) for event in events)
    return [
        {
            "kind": event.kind,
            "number": getattr(event, "number", 0),
            "move": event.move,
            "tokens": sum_so_far,
            "value": pytest.approx(event.value) if event.kind == "step-scored" else None,
            "maker": event.maker.key if hasattr(event, "maker") else "",
            "at": pytest.approx(event.at - events[0].at),
        }
        for event, sum_so_far in zip(events, tokens, strict=True)
    ]


def with_a_repeat() -> list[Event]:
    """Every kind of event there is in a finished run, one of them a step that was drawn again."""
    whole = log()
    repeated = StepRepeated(len(whole), 14.0, 2, 3, 12, 40, 5)
    return [*whole[:-1], repeated, type(whole[-1])(len(whole) + 1, 14.25, "answered")]


def test_the_columns_say_what_the_events_say() -> None:
    run = stored(with_a_repeat())
    header, rows = told(run)
    assert rows == expected(read_log(run.pk))
    assert rows[-1]["tokens"] == run.tokens_generated == 20
    assert (header["seq"], header["after"], header["count"]) == (run.seq, 0, run.seq)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=random_log(), data=st.data())
def test_what_comes_after_an_event_is_the_rest_of_the_whole(events: list[Event], data: st.DataObject) -> None:
    run = stored(events)
    after = data.draw(st.integers(0, len(events)))
    assert told(run, after)[1] == told(run)[1][after:] == expected(events)[after:]


def test_a_run_without_events_has_an_empty_log() -> None:
    run = Run.objects.get(pk=claimed_run().run_id)
    assert told(run)[1] == []


def test_an_event_comes_with_all_its_fields_and_its_makers(team: Team, owner: User, client_of: SignIn) -> None:
    run = make_run_with_tree(team)
    client, address = client_of(owner), f"/api/t/demo/runs/{run.pk}/events"
    added = client.get(f"{address}/2").json()
    assert (added["kind"], added["number"], added["origin"], added["terminal"], added["logprob"], added["move"]) == (
        "step-added", 1, "generated", False, None, 0,
    )  # fmt: skip
    assert added["maker"]["key"] == "factory-engine"
    assert "text" not in added
    few = client.get(f"{address}?from=1&to=5", headers={"Accept": "application/json"}).json()["events"]
    assert [event["seq"] for event in few] == [1, 2, 3, 4, 5]
    assert [maker["key"] for maker in few[0]["makers"]] == ["factory-engine", "factory-scorer"]
    assert few[2]["maker"]["kind"] == "scorer"
    chosen = client.get(f"{address}/{run.seq - 1}").json()
    assert (chosen["kind"], chosen["why"]) == ("answer-chosen", "the first branch is right")
    assert [client.get(f"{address}/{seq}").status_code for seq in (0, run.seq, run.seq + 1)] == [404, 200, 404]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=3", "from=3&to=9, both"),
        ("to=3", "from=3&to=9, both"),
        ("from=9&to=3", "in that order"),
        ("from=1&to=3&after=2", "or with after=812"),
        ("from=1&to=2001", "at most 2000 events a request, found 2001"),
        ("from=x&to=3", "from: expected an event's number such as 812, found 'x'"),
        ("since=3", "Unknown parameter 'since'. Known: after, from, to."),
    ],
)
def test_events_that_are_asked_for_wrongly_are_refused(
    team: Team, owner: User, client_of: SignIn, query: str, said: str
) -> None:
    answer = client_of(owner).get(f"/api/t/demo/runs/{make_run_with_tree(team).pk}/events?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


def test_a_longer_log_takes_no_more_queries(team: Team) -> None:
    counts = []
    for branches in (3, 300):
        run = make_run_with_tree(team, [["a", "b"]] * branches)
        with CaptureQueriesContext(connection) as captured:
            log_document(run, 0)
        counts.append(len(captured))
    assert counts == [3, 3]
