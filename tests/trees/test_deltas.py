"""Whatever is stored in whatever batches: what was known up to a cut, and what changed since, is what is known now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team, User
from apps.runs.models import Run
from apps.runs.sink import RunSink
from apps.trees.columns import read_columns, write_columns
from apps.trees.selectors import delta, skeleton
from tests.factories import make_run_with_tree
from tests.runs.logs import claimed_run
from tests.trees.grown import Known, grown, random_log
from workers.search.events import Event

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def known(run_id: int) -> Known:
    """The whole tree, over the wire form."""
    run = Run.objects.get(pk=run_id)
    _, columns = read_columns(write_columns(skeleton(run).columns, {}).body)
    return Known(run.seq, columns)


def changed(run_id: int, after: int) -> Known:
    """What changed since, over the wire form."""
    run = Run.objects.get(pk=run_id)
    _, columns = read_columns(write_columns(delta(run, after).columns, {"after": after}).body)
    return Known(run.seq, columns, after)


def same(left: Known, right: Known) -> bool:
    return left.seq == right.seq and all(
        np.array_equal(left.columns[name], right.columns[name], equal_nan=right.columns[name].dtype.kind == "f")
        for name in right.columns
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=random_log(), data=st.data())
def test_what_was_known_and_what_changed_since_is_what_is_known_now(log: list[Event], data: st.DataObject) -> None:
    claim = claimed_run()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(log)), min_size=1, max_size=4)) | {len(log)})
    trees, deltas, start = [known(claim.run_id)], [], 0
    for cut in cuts:
        sink.take(log[start:cut])
        sink.flush()
        start = cut
        deltas += [changed(claim.run_id, tree.seq) for tree in trees]
        trees.append(known(claim.run_id))
    end = trees[-1]
    for tree in trees:
        assert same(grown(tree, changed(claim.run_id, tree.seq)), end)
    # In any order, some twice, some late: what does not follow is left, and the last makes it whole.
    tree = trees[0]
    for late in data.draw(st.lists(st.sampled_from(deltas), max_size=6)):
        tree = grown(tree, late)
    assert same(grown(tree, changed(claim.run_id, tree.seq)), end)


def address(run: Run, query: str = "") -> str:
    return f"/api/t/demo/runs/{run.pk}/tree{query}"


def header_and_columns(client: Client, url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return read_columns(client.get(url).content)


def test_it_says_where_the_run_stands_and_which_steps_it_brings(team: Team, owner: User, client_of: SignIn) -> None:
    run = make_run_with_tree(team)
    client = client_of(owner)
    header, columns = header_and_columns(client, address(run, "?after=3"))
    assert columns["number"].tolist() == [2, 3]
    assert next(iter(columns)) == "number"
    asked = {name: header[name] for name in ("after", "seq", "status", "step_count", "chosen", "count")}
    assert asked == {"after": 3, "seq": run.seq, "status": "finished", "step_count": 3, "chosen": 2, "count": 2}
    assert header_and_columns(client, address(run, f"?after={run.seq}"))[0]["count"] == 0
    whole, _ = header_and_columns(client, address(run))
    assert (whole["status"], whole["step_count"], "after" in whole) == ("finished", 3, False)


@pytest.mark.parametrize("given", ["", "-1", "1.5", "²", "1e3", "99999999999", "0x1", "1,2"])
def test_what_is_no_event_number_is_refused(team: Team, owner: User, client_of: SignIn, given: str) -> None:
    answer = client_of(owner).get(address(make_run_with_tree(team)), {"after": given})
    assert answer.status_code == 400
    assert "after: expected an event's number such as 812" in answer.json()["error"]["message"]


def test_a_longer_log_takes_no_more_queries(team: Team) -> None:
    counts = []
    for branches in (1, 300):
        run = make_run_with_tree(team, [["a", "b"]] * branches)
        with CaptureQueriesContext(connection) as captured:
            delta(run, 0)
        counts.append(len(captured))
    assert counts == [5, 5]


def test_what_changed_is_found_by_the_primary_keys(team: Team) -> None:
    run, *_ = [make_run_with_tree(team, [["a", "b", "c"]] * 100) for _ in range(15)]
    with connection.cursor() as cursor:
        for table in ("runs_runevent", "runs_step", "runs_score"):
            cursor.execute(f"ANALYZE {table}")
    with CaptureQueriesContext(connection) as captured:
        delta(run, run.seq - 10)
    for query in captured.captured_queries[1:]:
        asked = query["sql"].removeprefix("COPY (").removesuffix(") TO STDOUT (FORMAT binary)")
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {asked}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on runs_runevent" not in plan
        assert "Seq Scan on runs_step" not in plan
        assert "Seq Scan on runs_score" not in plan
