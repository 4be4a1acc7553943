"""Traces as JSON, to be compared with what stands beside a fixture; it decides nothing about what is right.

`python -m tests.formats.expected_traces` writes the expectations. A person reads what changed before it is committed,
because it says what the reader does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from apps.common.incoming import Rejected
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.traces import Trace
from workers.search.events_json import to_json

TRACES = Path(__file__).resolve().parents[2] / "fixtures" / "traces"
SUFFIX = ".expected.json"


def fixtures(key: str) -> list[Path]:
    """The fixture files of a format, without what is expected of them."""
    return sorted(path for path in (TRACES / key).glob("*.json*") if not path.name.endswith(SUFFIX))


def expected(fixture: Path) -> Path:
    """Where the expected traces of a fixture stand."""
    return fixture.with_name(fixture.name + SUFFIX)


def as_json(found: Iterable[Trace | Rejected]) -> list[dict[str, Any]]:
    """One object a trace or rejected row, in file order."""
    return [asdict(one) if isinstance(one, Rejected) else _trace(one) for one in found]


def _trace(trace: Trace) -> dict[str, Any]:
    labels = [{**asdict(label), "at": label.at.isoformat()} for label in trace.labels]
    events = [to_json(event) for event in trace.events]
    return {"line": trace.line, "problem": asdict(trace.problem), "events": events, "labels": labels}


def write() -> None:
    """Write the expectations of every fixture anew."""
    for entry in IMPORT_FORMATS:
        for fixture in fixtures(entry.key):
            with fixture.open("rb") as stream:
                found = as_json(entry.make().read(stream))
            expected(fixture).write_text(_written(found), encoding="utf-8")


def _written(found: list[dict[str, Any]]) -> str:
    """An event a line, so that a change is read as a change of events."""
    lines = []
    for one in found:
        head = {key: value for key, value in one.items() if key not in ("events", "labels")}
        parts = [json.dumps(head, ensure_ascii=False)[1:-1]]
        for name in ("events", "labels"):
            if name in one:
                inner = ",\n".join(json.dumps(row, ensure_ascii=False) for row in one[name])
                parts.append(f'"{name}": [\n{inner}\n]' if inner else f'"{name}": []')
        lines.append("{" + ", ".join(parts) + "}")
    return "[" + ",\n".join(lines) + "]\n"


if __name__ == "__main__":
    write()
