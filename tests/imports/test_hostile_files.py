"""What a file may hold that breaks readers or the database: each is one rejected row, and its neighbours come in."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from apps.accounts.models import Team
from apps.imports.services import import_file
from apps.runs.models import Experiment, Run, StepText
from tests.imports.records import RECORD, lines, record

pytestmark = pytest.mark.django_db


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


BROKEN: dict[str, bytes] = {
    "not a number": lines(RECORD).replace(b"41200", b"NaN"),
    "infinite": lines(RECORD).replace(b"41200", b"1e999"),
    "five thousand digits": lines(RECORD).replace(b"41200", b"9" * 5000),
    "nested too deep to parse": lines(RECORD).replace(b"41200", b"[" * 5000 + b"]" * 5000),
    "nested too deep to write": lines(record(anything=nested(300))),
    "not UTF-8": lines(RECORD).replace(b"What", b"Wh\xff"),
    "half a surrogate pair": lines(RECORD).replace(b"What", b"\\ud800"),
    "a NUL in a text": lines(record(labeler="a\0b")),
    "a NUL in a name": lines(record(**{"a\0b": 1})),
    "a year that no date has": lines(record(timestamp="99999-01-01T00:00:00")),
    "a generation of text": lines(record(generation="x" * 5000)),
    "true for one": lines(RECORD).replace(b'"rating": 1', b'"rating": true'),
    "a labeller without end": lines(record(labeler="x" * 5000)),
    "an object for a list": lines(RECORD)
    .replace(b'"steps": [', b'"steps": {"a": [')
    .replace(b'}], "total', b'}]}, "total'),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_it_is_one_rejected_row(team: Team, content: bytes) -> None:
    report = import_file(team, io.BytesIO(lines(RECORD) + content + lines(RECORD)), "x", format="prm800k")
    assert (report.runs, len(report.rejected)) == (2, 1)
    assert report.rejected[0].line == 2
    assert report.rejected[0].expected
    assert report.rejected[0].found


def test_a_branch_deeper_than_its_column_is_rejected(team: Team) -> None:
    step = {
        "completions": [{"text": "a", "rating": 1, "flagged": None}],
        "human_completion": None,
        "chosen_completion": 0,
    }
    deep = {**RECORD, "label": {"steps": [step] * 33_000, "total_time": 1, "finish_reason": "give_up"}}
    report = import_file(team, io.BytesIO(lines(deep)), "x")
    assert (report.runs, len(report.rejected)) == (0, 1)
    assert "32767" in report.rejected[0].expected


def test_what_postgresql_could_misread_comes_back_as_it_was(team: Team) -> None:
    text = 'tab\t, line\n, return\r, \\N, \\., backslash \\, quote ", é, \U0001f600, \u202e right to left'
    content = json.loads(json.dumps(RECORD))
    content["label"]["steps"][0]["completions"][0]["text"] = text
    content["note"] = text
    import_file(team, io.BytesIO(lines(content)), "x")
    assert StepText.objects.get(number=1).text == text
    note = Run.objects.get().events.get(kind="note")
    assert note.data["data"]["note"] == text


def test_a_file_name_is_only_text(team: Team) -> None:
    name = "../\0<b>\udcff" + "x" * 400
    report = import_file(team, io.BytesIO(lines(RECORD)), name)
    assert report.runs == 1
    assert "\0" not in report.file


def test_a_name_that_turns_its_letters_round_or_moves_a_cursor_is_shown_as_what_it_is(team: Team) -> None:
    report = import_file(
        team, io.BytesIO(lines(RECORD)), "\u202egnp\u2066.\x1b[2Jjsonl, été\u200d.txt", format="prm800k"
    )
    assert report.file == "\ufffdgnp\ufffd.\ufffd[2Jjsonl, été\u200d.txt"
    assert Experiment.objects.get(pk=report.experiment).name == report.file
