"""snapshot and export on the command line: what they print, and how they refuse."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.accounts.models import Team
from apps.datasets.models import Snapshot
from apps.runs.models import Run
from tests.datasets.stored_trees import freeze_here


def run_command(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def snapshot(team: Team, judged: Run) -> Snapshot:
    return freeze_here(team)


def test_an_export_prints_one_line_of_json(snapshot: Snapshot, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    [line] = run_command(
        "export", "--snapshot", "1", "--format", "stepwise", "--out", str(out), "--option", "neutral=drop", "--json"
    ).splitlines()
    assert json.loads(line) == {
        "format": "stepwise",
        "rows": 2,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "file": str(out),
    }


def test_without_json_it_says_it_in_words(snapshot: Snapshot, tmp_path: Path) -> None:
    said = run_command("export", "--snapshot", "1", "--format", "stepwise", "--out", str(tmp_path / "rows"))
    assert said.startswith(f"{tmp_path / 'rows'}: 2 rows, SHA-256 ")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--snapshot": "9"}, r"found 9\. The last is 1\."),
        ({"--format": "parchment"}, r"Unknown export format 'parchment'\. Known: stepwise"),
        ({"--option": "colour=red"}, r"'colour': expected one of neutral"),
        ({"--option": "neutral"}, r"Expected --option NAME=VALUE; found 'neutral'"),
        ({"--team": "nowhere"}, r"Unknown team 'nowhere'\. Known: "),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    snapshot: Snapshot, tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    words = {"--snapshot": "1", "--format": "stepwise", "--out": str(tmp_path / "rows"), **changed}
    with pytest.raises(CommandError, match=sentence):
        run_command("export", *(word for pair in words.items() for word in pair))
    assert not (tmp_path / "rows").exists()


def test_a_team_without_snapshots_is_told_how_to_take_one(team: Team, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="none yet; take one with `snapshot`"):
        run_command("export", "--snapshot", "1", "--format", "stepwise", "--out", str(tmp_path / "rows"))


@pytest.mark.django_db(transaction=True)
def test_both_work_as_processes_of_their_own(
    judged: Run, child_environment: Mapping[str, str], data_dir: Path, tmp_path: Path
) -> None:
    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(settings.BRANCHWISE.clone / "manage.py"), *words, "--json"]
        return subprocess.run(command, env=child_environment, capture_output=True, text=True, check=False)

    taken = manage("snapshot", "--name", "Round 1")
    assert (taken.returncode, json.loads(taken.stdout)) == (
        0,
        {"snapshot": 1, "problems": 1, "steps": 3, "labels": 5},
    ), taken.stderr
    out = tmp_path / "rows.jsonl"
    made = manage("export", "--snapshot", "1", "--format", "stepwise", "--out", str(out))
    assert json.loads(made.stdout)["rows"] == len(out.read_bytes().splitlines()) == 2
    refused = manage("export", "--snapshot", "2", "--format", "stepwise", "--out", str(out))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "found 2. The last is 1." in refused.stderr
