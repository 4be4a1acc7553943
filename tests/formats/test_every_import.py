"""What every import format must do, over the catalogue and the fixtures of each."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.common.incoming import Rejected
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.registry import FIRST_BYTES, detect
from apps.imports.traces import Trace
from tests.formats.expected_traces import as_json, expected, fixtures
from workers.search.events import RunFinished, RunStarted, StepAdded
from workers.search.events_json import from_json, to_json

EVERY = [(entry.key, path) for entry in IMPORT_FORMATS for path in fixtures(entry.key)]
every_fixture = pytest.mark.parametrize(("key", "fixture"), EVERY, ids=[path.name for _, path in EVERY])


def read(key: str, content: bytes) -> list[Trace | Rejected]:
    return list(IMPORT_FORMATS.get(key).make().read(io.BytesIO(content)))


@pytest.mark.parametrize("key", IMPORT_FORMATS.keys())
def test_it_has_fixtures_and_says_what_it_expects(key: str) -> None:
    assert fixtures(key)
    made = IMPORT_FORMATS.get(key).make()
    assert made.expects.strip()
    assert made.problem_set.startswith("imported-")


@every_fixture
def test_it_reads_the_expected_events(key: str, fixture: Path) -> None:
    found: Any = json.loads(json.dumps(as_json(read(key, fixture.read_bytes()))))
    assert found == json.loads(expected(fixture).read_text(encoding="utf-8"))


@every_fixture
def test_it_is_recognised_under_a_meaningless_name(key: str, fixture: Path) -> None:
    assert detect(fixture.read_bytes()[:FIRST_BYTES], "x").key == key


@every_fixture
def test_its_events_are_a_whole_log(key: str, fixture: Path) -> None:
    for trace in read(key, fixture.read_bytes()):
        if isinstance(trace, Rejected):
            continue
        assert [event.seq for event in trace.events] == list(range(1, len(trace.events) + 1))
        assert isinstance(trace.events[0], RunStarted)
        assert isinstance(trace.events[-1], RunFinished)
        assert [from_json(to_json(event)) for event in trace.events] == list(trace.events)
        depths = {0: 0}
        for step in (event for event in trace.events if isinstance(event, StepAdded)):
            assert step.number == len(depths)
            assert step.depth == depths[step.parent] + 1
            depths[step.number] = step.depth
        assert all(label.number in depths and label.number for label in trace.labels)


@every_fixture
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_file_cut_off_anywhere_is_refused_by_line_or_holds_only_whole_rows(
    key: str, fixture: Path, data: st.DataObject
) -> None:
    whole = fixture.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    before, after = read(key, whole), read(key, whole[:cut])
    kept = after[:-1] if after and isinstance(after[-1], Rejected) else after
    assert kept == before[: len(kept)]
    if len(kept) < len(before) and whole[:cut].strip() and not ends_a_row(whole, cut):
        assert isinstance(after[-1], Rejected)
        assert 1 <= after[-1].line <= whole[:cut].count(b"\n") + 1


def ends_a_row(content: bytes, cut: int) -> bool:
    """Whether a file of JSON lines cut here has lost whole lines only, which nobody can tell."""
    return not content.lstrip().startswith(b"[") and (
        content[cut - 1 : cut] == b"\n" or content[cut : cut + 1] == b"\n"
    )
