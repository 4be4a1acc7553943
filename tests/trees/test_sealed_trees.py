"""Sealed trees: they hold what the rows say, are made again where they are behind, and never before the end."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.runs.models import Maker, Run, Score, SealedTree, Step
from apps.runs.sink import RunSink
from apps.trees import sealing
from apps.trees.columns import read_columns
from apps.trees.ended import look_after_ended
from apps.trees.sealing import seal, seal_all, sealed, unsealed
from apps.trees.selectors import skeleton, tree_document
from tests.factories import make_run_with_tree
from tests.runs.logs import claimed_run
from tests.trees.grown import Known, grown, random_log
from tests.trees.test_deltas import changed, known, same
from workers.search.events import Event

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def unpacked(tree: SealedTree) -> bytes:
    return gzip.decompress(tree.columns)


@pytest.fixture
def run(team: Team) -> Run:
    return make_run_with_tree(team)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=random_log(), data=st.data())
def test_what_was_known_at_any_cut_and_what_changed_since_is_the_sealed_tree(
    log: list[Event], data: st.DataObject
) -> None:
    claim = claimed_run()
    sink = RunSink(claim.run_id, claim.attempt, claim.owner)
    cut = data.draw(st.integers(1, len(log)))
    sink.take(log[:cut])
    sink.flush()
    before = known(claim.run_id)
    sink.take(log[cut:])
    sink.flush()
    run = Run.objects.get(pk=claim.run_id)
    tree = sealed(run)
    header, columns = read_columns(unpacked(tree))
    end = Known(tree.upto_seq, columns)
    assert unpacked(sealed(run)) == tree_document(run, skeleton(run)).body
    assert same(grown(before, changed(run.pk, before.seq)), end)
    assert header["sha256"] == tree.sha256
    chosen = [event.seq for event in log if event.kind == "answer-chosen"]
    assert header["chosen_seq"] == (chosen[0] if chosen else None)


def test_a_run_that_may_grow_is_not_sealed() -> None:
    run = Run.objects.get(pk=claimed_run().run_id)
    with pytest.raises(Refused, match=f"Run {run.pk} is running; its tree may grow"):
        sealed(run)
    assert not unsealed(at_least=0).filter(pk=run.pk).exists()


def test_what_is_sealed_is_read_and_not_made_again(run: Run) -> None:
    first = sealed(run)
    Step.objects.filter(run=run, number=1).update(tokens=77)
    with CaptureQueriesContext(connection) as captured:
        again = sealed(run)
    assert (again.sha256, len(captured)) == (first.sha256, 1)


def test_a_log_that_has_grown_since_makes_it_again(run: Run) -> None:
    first = sealed(run)
    playing = Maker.objects.get(kind="scorer")
    Score.objects.create(run=run, seq=run.seq + 1, number=1, maker=playing, value=0.875)
    Run.objects.filter(pk=run.pk).update(seq=run.seq + 1)
    assert unsealed(at_least=0).get() == run
    again = sealed(Run.objects.get(pk=run.pk))
    assert again.upto_seq == first.upto_seq + 1
    assert read_columns(unpacked(again))[1]["score"][0] == 0.875
    assert SealedTree.objects.get().sha256 == again.sha256
    # Somebody who read the run before the score came is a little late, and takes nothing back.
    seal(run)
    assert SealedTree.objects.get().upto_seq == again.upto_seq


def test_a_damaged_tree_keeps_no_other_waiting(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    whole, damaged, other = [make_run_with_tree(team) for _ in range(3)]
    Step.objects.filter(run=damaged, number=2).delete()
    outcomes = {run.pk: done for run, done in seal_all(unsealed(at_least=0))}
    assert outcomes == {whole.pk: True, damaged.pk: False, other.pk: True}
    assert f"The tree of run {damaged.pk} could not be sealed" in caplog.text


def test_the_background_gives_a_damaged_tree_up_until_its_log_grows(
    team: Team, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealed, "__defaults__", (3,))
    monkeypatch.setattr(sealing, "_damaged", {})
    damaged = make_run_with_tree(team)
    Step.objects.filter(run=damaged, number=2).delete()
    told = []
    for _ in range(3):
        look_after_ended()
        told.append(caplog.text.count("could not be sealed"))
    Run.objects.filter(pk=damaged.pk).update(seq=F("seq") + 1)
    look_after_ended()
    assert [*told, caplog.text.count("could not be sealed")] == [1, 1, 1, 2]


def test_the_background_seals_large_trees_a_round_at_a_time(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "A_ROUND", 2)
    monkeypatch.setattr(unsealed, "__defaults__", (3,))
    large = [make_run_with_tree(team).pk for _ in range(3)]
    make_run_with_tree(team, [["small"]])
    rounds = []
    for _ in range(3):
        look_after_ended()
        rounds.append(sorted(SealedTree.objects.values_list("run", flat=True)))
    assert rounds == [large[1:], large, large]


def test_the_command_seals_what_waits_and_with_all_everything_anew(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = make_run_with_tree(team), make_run_with_tree(team)
    sealed(first)
    SealedTree.objects.update(columns=b"spoilt")
    call_command("seal_trees", "--json")
    call_command("seal_trees", "--all", "--json")
    assert capsys.readouterr().out.splitlines() == ['{"sealed": 1, "damaged": 0}', '{"sealed": 2, "damaged": 0}']
    assert unpacked(SealedTree.objects.get(run=first)) == tree_document(first, skeleton(first)).body


def test_the_address_sends_it_compressed_to_who_takes_that(run: Run, owner: User, client_of: SignIn) -> None:
    client, address = client_of(owner), f"/api/t/demo/runs/{run.pk}/tree"
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in plain
    assert plain["ETag"] != packed["ETag"]
    for accepted in ("gzip;q=0", "*;q=0", "identity", ""):
        assert client.get(address, headers={"Accept-Encoding": accepted}).content == plain.content
    for etag in (plain["ETag"], packed["ETag"], f"W/{packed['ETag']}", f'"other", {plain["ETag"]}'):
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_sealed_tree_takes_the_same_few_queries_whatever_its_size(team: Team, owner: User, client_of: SignIn) -> None:
    client, counts = client_of(owner), []
    for branches in (3, 300):
        address = f"/api/t/demo/runs/{make_run_with_tree(team, [['a', 'b']] * branches).pk}/tree"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 7
