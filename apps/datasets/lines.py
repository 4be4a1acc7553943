"""The lines of a snapshot: records to canonical JSON and back; where they are kept is the business of files.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from apps.datasets.records import (
    FrozenAdjudication,
    FrozenAnswer,
    FrozenLabel,
    FrozenLabeller,
    FrozenMaker,
    FrozenProblem,
    FrozenRun,
    FrozenScore,
    FrozenStep,
    FrozenTree,
)

SCHEMA_VERSION = 1

Head = FrozenProblem | FrozenRun | FrozenMaker | FrozenLabeller
KINDS: dict[type[Any], str] = {
    FrozenProblem: "problem",
    FrozenRun: "run",
    FrozenMaker: "maker",
    FrozenLabeller: "labeller",
    FrozenStep: "step",
}
RECORDS = frozenset({*KINDS, FrozenAnswer, FrozenScore, FrozenLabel, FrozenAdjudication})


def opening_line() -> bytes:
    """The first line of every snapshot: what it is and by which rules it is read."""
    return canonical({"line": "snapshot", "schema_version": SCHEMA_VERSION})


def line_of(record: Head | FrozenStep) -> bytes:
    """A record as one line of canonical JSON: UTF-8, keys sorted, no spaces, ended by a newline.

    A problem, maker or labeller comes before the first line that names its id, a step after its run's line.
    """
    return canonical({"line": KINDS[type(record)], **plain(record)})


def plain(value: Any) -> Any:
    """A record as a dict, a tuple as a list; dataclasses.asdict copies what need not be, at twice the time."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if type(value) in RECORDS:
        return {name: plain(getattr(value, name)) for name in value.__slots__}
    return value


def canonical(value: dict[str, Any]) -> bytes:
    """`value` as canonical JSON with a newline."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def trees_of(lines: Iterable[bytes]) -> Iterator[FrozenTree]:
    """The trees of a snapshot, one in memory at a time.

    Raises ValueError for lines of another schema; a line of an unknown kind is a KeyError, since the file's checksum is
    proven before it is read.
    """
    rows = (orjson.loads(line) for line in lines)
    version = next(rows)["schema_version"]
    if version != SCHEMA_VERSION:
        raise ValueError(f"Expected a snapshot of schema {SCHEMA_VERSION}; found {version}.")
    problems: dict[int, FrozenProblem] = {}
    run: FrozenRun | None = None
    steps: list[FrozenStep] = []
    for row in rows:
        kind = row.pop("line")
        if kind == "step":
            steps.append(step_of(row))
        elif kind == "problem":
            problems[row["id"]] = FrozenProblem(**row)
        elif kind == "run":
            if run is not None:
                yield FrozenTree(problem=problems[run.problem], run=run, steps=tuple(steps))
            run, steps = FrozenRun(**row), []
        elif kind not in {"maker", "labeller"}:
            raise KeyError(kind)
    if run is not None:
        yield FrozenTree(problem=problems[run.problem], run=run, steps=tuple(steps))


def step_of(row: dict[str, Any]) -> FrozenStep:
    """A step out of the fields of its line."""
    row["scores"] = tuple(FrozenScore(**score) for score in row["scores"])
    row["labels"] = tuple(FrozenLabel(**label) for label in row["labels"])
    if row["answer"] is not None:
        row["answer"] = FrozenAnswer(**row["answer"])
    if row["adjudication"] is not None:
        row["adjudication"]["labels"] = tuple(row["adjudication"]["labels"])
        row["adjudication"] = FrozenAdjudication(**row["adjudication"])
    return FrozenStep(**row)
