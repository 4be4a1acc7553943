"""Exports are made of the frozen file and of nothing else."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Labeller, Team
from apps.common.errors import Refused
from apps.datasets.models import Export, Snapshot
from apps.datasets.services import export_to_path, export_to_store, stored_export
from apps.runs.models import Run
from tests.datasets.stored_trees import freeze_here, judge
from workers.search.errors import BadParameter, UnknownKey


@pytest.fixture
def snapshot(team: Team, judged: Run) -> Snapshot:
    return freeze_here(team)


def test_rows_say_what_was_judged(snapshot: Snapshot, tmp_path: Path) -> None:
    export = export_to_path(snapshot, "stepwise", {}, tmp_path / "out.jsonl")
    written = (tmp_path / "out.jsonl").read_bytes()
    assert [json.loads(line) for line in written.splitlines()] == [
        {
            "prompt": "What is 2 + 3?",
            "completions": ["Wir addieren: $2 + 3$. ✓", text],
            "labels": [True, rating >= 0],
            "ratings": [1, rating],
        }
        for text, rating in (("Step 2.", 0), ("Step 3.", -1))
    ]
    assert (export.rows, export.sha256) == (2, hashlib.sha256(written).hexdigest())
    assert export.options == {"neutral": "good"}


def test_a_second_export_has_the_same_bytes_and_is_the_same_row(snapshot: Snapshot, tmp_path: Path) -> None:
    first = export_to_path(snapshot, "stepwise", {}, tmp_path / "first")
    second = export_to_path(snapshot, "stepwise", {"neutral": "good"}, tmp_path / "second")
    assert first == second
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
    assert export_to_path(snapshot, "stepwise", {"neutral": "drop"}, tmp_path / "third") != first


def test_neither_a_deleted_run_nor_a_later_label_changes_it(
    snapshot: Snapshot, judged: Run, ada: Labeller, tmp_path: Path
) -> None:
    export_to_path(snapshot, "stepwise", {}, tmp_path / "before")
    judge(judged, ada, {1: "bad"})
    judged.delete()
    export_to_path(snapshot, "stepwise", {}, tmp_path / "after")
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()


def test_it_reads_no_row_of_a_run_or_a_label(snapshot: Snapshot, tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as asked:
        export_to_path(snapshot, "stepwise", {}, tmp_path / "out")
    assert asked.captured_queries
    assert [query for query in asked.captured_queries if "runs_" in query["sql"] or "labels_" in query["sql"]] == []


def test_a_missing_snapshot_file_is_refused_with_what_to_do(snapshot: Snapshot, data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "snapshots" / snapshot.sha256).unlink()
    with pytest.raises(Refused, match=r"found no file there\. Restore the file from a backup") as refused:
        export_to_path(snapshot, "stepwise", {}, tmp_path / "out")
    assert refused.value.code == "snapshot-missing"
    assert str(data_dir) not in refused.value.message
    assert [path for path in tmp_path.iterdir() if path != data_dir] == []


@pytest.mark.parametrize("damage", ["cut", "other", "text", "empty"])
def test_a_damaged_snapshot_file_is_refused_before_anything_is_written(
    snapshot: Snapshot, data_dir: Path, tmp_path: Path, damage: str
) -> None:
    path = data_dir / "snapshots" / snapshot.sha256
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[: len(whole) // 2], "other": gzip.compress(b"{}\n"), "text": b"{}\n", "empty": b""}[damage]
    )
    with pytest.raises(Refused) as refused:
        export_to_path(snapshot, "stepwise", {}, tmp_path / "out")
    assert refused.value.code == "snapshot-damaged"
    assert [path for path in tmp_path.iterdir() if path != data_dir] == []


def test_an_earlier_file_stays_whole_where_an_export_is_refused(
    snapshot: Snapshot, data_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("earlier")
    (data_dir / "snapshots" / snapshot.sha256).unlink()
    with pytest.raises(Refused):
        export_to_path(snapshot, "stepwise", {}, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "earlier"


def test_unknown_formats_and_options_are_refused_by_name(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(UnknownKey, match="'parchment'"):
        export_to_path(snapshot, "parchment", {}, tmp_path / "out")
    with pytest.raises(BadParameter, match=r"'colour': expected one of neutral"):
        export_to_path(snapshot, "stepwise", {"colour": "red"}, tmp_path / "out")
    with pytest.raises(BadParameter, match=r"expected one of good, bad, drop; found 'maybe'"):
        export_to_path(snapshot, "stepwise", {"neutral": "maybe"}, tmp_path / "out")


def test_a_folder_that_is_not_there_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Could not write"):
        export_to_path(snapshot, "stepwise", {}, tmp_path / "nowhere" / "out")


def test_a_stored_export_whose_file_is_gone_is_made_again(snapshot: Snapshot, data_dir: Path) -> None:
    export = export_to_store(snapshot, "stepwise", {})
    path = stored_export(export)
    written = path.read_bytes()
    path.unlink()
    assert stored_export(export).read_bytes() == written


def test_an_export_that_would_have_other_bytes_now_is_refused(snapshot: Snapshot) -> None:
    export = export_to_store(snapshot, "stepwise", {})
    Export.objects.update(sha256="0" * 64)
    export.refresh_from_db()
    with pytest.raises(Refused, match="Export it anew"):
        stored_export(export)


def test_an_export_does_not_take_the_place_of_what_is_no_file(snapshot: Snapshot, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="it is there and no file"):
        export_to_path(snapshot, "stepwise", {}, pipe)
    assert pipe.is_fifo()


def test_an_export_follows_a_link_and_leaves_it_standing(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    export_to_path(snapshot, "stepwise", {}, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").stat().st_size > 0
