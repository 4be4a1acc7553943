"""The command that brings labels in from a file, larger than one request would be."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from apps.labels.models import Label
from apps.runs.models import Run
from tests.datasets.stored_trees import store_tree
from tests.people import make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    return store_tree(make_team("lab"), [0, 1, 2])


def written(folder: Path, run: Run, count: int, **last: object) -> Path:
    """A file of that many labels; `last` changes its last line."""
    rows = [
        {"run": run.pk, "number": 1 + n % 3, "verdict": "bad", "labeller": f"L{n % 7}", "client_uuid": str(UUID(int=n))}
        for n in range(count)
    ]
    rows[-1] |= last
    file = folder / "labels.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return file


def test_a_file_of_more_than_one_portion_is_stored_whole_and_once(run: Run, tmp_path: Path) -> None:
    file, out = written(tmp_path, run, 10_500), StringIO()
    call_command("import_labels", str(file), "--team", "lab", "--json", stdout=out)
    call_command("import_labels", str(file), "--team", "lab", "--json", stdout=out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(one["stored"], one["known"]) for one in told] == [(10_500, 0), (0, 10_500)]
    assert Label.objects.values("labeller").distinct().count() == 7


def test_a_fault_in_the_last_portion_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    file, errors = written(tmp_path, run, 10_500, number=77), StringIO()
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_labels", str(file), "--team", "lab", stderr=errors)
    assert "labels.jsonl, line 10500, field number: expected" in errors.getvalue()
    assert not Label.objects.exists()


def test_with_partly_all_but_the_fault_is_stored(run: Run, tmp_path: Path) -> None:
    out = StringIO()
    file = written(tmp_path, run, 5, labeller=None)
    call_command("import_labels", str(file), "--team", "lab", "--partly", stdout=out, stderr=StringIO())
    assert "4 labels stored, 0 there already, 1 rejected" in out.getvalue()


def test_a_line_without_a_labeller_is_nobodys(run: Run, tmp_path: Path) -> None:
    file, errors = tmp_path / "labels.jsonl", StringIO()
    file.write_text(
        json.dumps({"run": run.pk, "number": 1, "verdict": "bad", "client_uuid": str(UUID(int=1))}), "utf-8"
    )
    with pytest.raises(CommandError):
        call_command("import_labels", str(file), "--team", "lab", stderr=errors)
    assert "field labeller: expected the name of who judged; found nothing" in errors.getvalue()
