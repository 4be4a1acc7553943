"""What every format of problem files must do, over the catalogue and the fixtures of each."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.models import Team
from apps.common.incoming import FileRefused, Rejected
from apps.common.shape import Misshapen
from apps.problems.formats import PROBLEM_FORMATS
from apps.problems.importing import import_problems
from apps.problems.models import Problem
from apps.problems.registry import FIRST_BYTES, detect
from apps.problems.rows import ProblemRow, read_problem
from tests.formats.expected_problems import as_json, expected, fixtures

EVERY = [(entry.key, path) for entry in PROBLEM_FORMATS for path in fixtures(entry.key)]
every_fixture = pytest.mark.parametrize(("key", "fixture"), EVERY, ids=[f"{key}-{path.name}" for key, path in EVERY])


def read(key: str, content: bytes) -> list[ProblemRow | Rejected]:
    return list(PROBLEM_FORMATS.get(key).make().read(io.BytesIO(content)))


def is_storable(row: ProblemRow) -> bool:
    try:
        return bool(read_problem(row.values(), row.extra))
    except Misshapen:
        return False


@pytest.mark.parametrize("key", PROBLEM_FORMATS.keys())
def test_it_has_fixtures_and_says_what_it_expects(key: str) -> None:
    assert fixtures(key)
    assert PROBLEM_FORMATS.get(key).make().expects.strip()


@every_fixture
def test_it_reads_the_expected_rows(key: str, fixture: Path) -> None:
    found: Any = json.loads(json.dumps(as_json(read(key, fixture.read_bytes()))))
    assert found == json.loads(expected(fixture).read_text(encoding="utf-8"))


@every_fixture
def test_it_is_recognised_by_its_content(key: str, fixture: Path) -> None:
    assert detect(fixture.read_bytes()[:FIRST_BYTES], "x").key == key


@every_fixture
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_file_cut_off_anywhere_is_refused_by_line_or_holds_only_whole_rows(
    key: str, fixture: Path, data: st.DataObject
) -> None:
    whole = fixture.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    before, after = read(key, whole), read(key, whole[:cut])
    # Of a table nobody can tell that the end of its last cell is missing; every other kind of row is whole or refused.
    kept = after[:-1] if after and (key == "csv_table" or isinstance(after[-1], Rejected)) else after
    assert kept == before[: len(kept)]
    if after and isinstance(after[-1], Rejected):
        assert 1 <= after[-1].line <= whole[:cut].count(b"\n") + 1


@every_fixture
@pytest.mark.django_db
def test_its_good_rows_are_stored_once(team: Team, key: str, fixture: Path) -> None:
    rows = [row for row in read(key, fixture.read_bytes()) if isinstance(row, ProblemRow) and is_storable(row)]
    for known in (0, len(rows)):
        report = import_problems(team, fixture, "x", slug="set")
        assert (report.format, report.rows, report.added) == (key, len(rows), len(rows) - known)
    stored = Problem.objects.order_by("position")
    assert [(one.statement, one.answer, one.checker, one.difficulty, one.extra) for one in stored] == [
        (row.statement, row.answer, row.checker, row.difficulty, row.extra) for row in rows
    ]
    assert all(one.source for one in stored)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "begins with nothing"),
        (b"question,answer\n1,2\n", "begins with “question,answer"),
        (b'{"text": "x"}\n', "begins with “{"),
        (b"[1, 2]", "begins with"),
        (b'{"question": "Cut o', "begins with"),
        (b"\x1f\x8b\x08\x00", "a gzip file; unpack it first"),
        (b"PK\x03\x04", "a zip file; unpack it first"),
        (b"\xff\xfe\x00", "begins with"),
    ],
)
def test_a_file_of_no_format_is_refused_with_what_there_is(content: bytes, found: str) -> None:
    with pytest.raises(FileRefused, match="Expected one of: csv_table") as refused:
        detect(content, "x")
    assert found in str(refused.value)
