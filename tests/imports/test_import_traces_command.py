"""manage.py import_traces as a process of its own: lines on stdout, sentences on stderr, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.accounts.models import Team
from apps.runs.models import Run
from tests.imports.records import RECORD, lines, record

CLONE = settings.BRANCHWISE.clone


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "import_traces", *arguments]
    return subprocess.run(command, cwd=CLONE, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.django_db(transaction=True)
def test_json_lines_on_stdout_and_three_exit_statuses(
    child_environment: dict[str, str], team: Team, tmp_path: Path
) -> None:
    good, partly, nothing = (tmp_path / name for name in ("good", "partly", "nothing"))
    good.write_bytes(lines(RECORD))
    partly.write_bytes(lines(RECORD, record(labeler=7)))
    nothing.write_bytes(b"?")
    first = run(child_environment, str(good), "--json")
    counted = {"problems": 1, "runs": 1, "steps": 2, "labels": 2}
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {"file": str(good), "format": "prm800k", **counted, "rejected": []}
    second = run(child_environment, str(good), str(partly), "--json")
    assert second.returncode == 2, second.stderr
    again, rejected = map(json.loads, second.stdout.splitlines())
    assert again["runs"] == 0
    assert "is there already, since" in second.stderr
    assert [set(row) for row in rejected["rejected"]] == [{"line", "field", "expected", "found"}]
    # A second time nothing is stored, and the broken rows are as broken as before.
    repeated = run(child_environment, str(partly), "--json")
    assert (repeated.returncode, json.loads(repeated.stdout)["rejected"]) == (2, rejected["rejected"])
    third = run(child_environment, str(nothing), str(tmp_path / "absent"), str(good), "--json")
    assert third.returncode == 1
    unknown, absent, there = map(json.loads, third.stdout.splitlines())
    assert (unknown["file"], unknown["format"], unknown["rejected"][0]["line"]) == (str(nothing), None, 1)
    assert absent["rejected"][0]["expected"] == "a file that can be read"
    assert there["rejected"] == []
    assert "2 of 3 files were refused" in third.stderr


@pytest.mark.django_db
def test_a_refused_file_does_not_hold_the_next(team: Team, tmp_path: Path) -> None:
    (tmp_path / "nothing").write_bytes(b"?")
    (tmp_path / "good").write_bytes(lines(RECORD))
    with pytest.raises(CommandError, match="1 of 2 files were refused"):
        call_command("import_traces", str(tmp_path / "nothing"), str(tmp_path / "good"))
    assert Run.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "said"),
    [("--format=prm900k", "Known: prm800k, rap_tree, tree_of_thoughts"), ("--team=nobody", "Known: demo")],
)
def test_an_unknown_name_is_refused_with_the_known_ones(team: Team, tmp_path: Path, option: str, said: str) -> None:
    (tmp_path / "good").write_bytes(lines(RECORD))
    with pytest.raises(CommandError, match=said):
        call_command("import_traces", str(tmp_path / "good"), option)


@pytest.mark.django_db
def test_keep_none_keeps_nothing_of_a_file_with_broken_rows(team: Team, tmp_path: Path) -> None:
    (tmp_path / "partly").write_bytes(lines(RECORD, record(labeler=7)))
    call_command("import_traces", str(tmp_path / "partly"), "--keep=none")
    assert not Run.objects.exists()
