"""The lines of a snapshot say the same after every trip."""

from __future__ import annotations

import orjson
import pytest

from apps.datasets.lines import canonical, line_of, opening_line, trees_of
from apps.datasets.records import (
    FrozenAdjudication,
    FrozenAnswer,
    FrozenLabel,
    FrozenLabeller,
    FrozenMaker,
    FrozenScore,
    FrozenTree,
)
from tests.datasets.trees import frozen_step, frozen_tree


def full_tree() -> FrozenTree:
    label = FrozenLabel(7, "good", "2026-01-05T10:00:00+00:00", False, 2.5, "wäre ✓", {"flagged": None, "n": [1]})
    step = frozen_step(
        1,
        0,
        "bad",
        "Zeile 1\n$x^2$ ✓",
        answer=FrozenAnswer("5", "5", True, "exact_text", 1),
        scores=(FrozenScore(2, 0.1), FrozenScore(3, 1.0)),
        labels=(label,),
        adjudication=FrozenAdjudication("bad", 7, "it skips a case", (1, 2), "2026-01-06T10:00:00+00:00"),
    )
    tree = frozen_tree([], [])
    return FrozenTree(problem=tree.problem, run=tree.run, steps=(step,))


def lines_of(*trees: FrozenTree) -> list[bytes]:
    lines = [opening_line(), line_of(FrozenMaker(1, "import", "prm800k", "1", "", "{}"))]
    lines.append(line_of(FrozenLabeller(7, "ä", True)))
    for tree in trees:
        lines += [line_of(tree.problem), line_of(tree.run), *(line_of(step) for step in tree.steps)]
    return lines


def test_trees_come_back_as_they_were_written() -> None:
    trees = [full_tree(), frozen_tree([0, 1], ["good", None], run=2), frozen_tree([], [], run=3, problem=2)]
    assert list(trees_of(lines_of(*trees))) == trees


def test_a_line_is_canonical_json() -> None:
    line = line_of(full_tree().steps[0])
    assert line.endswith(b"}\n")
    assert b'": ' not in line
    assert "✓".encode() in line
    names = list(orjson.loads(line))
    assert names == sorted(names)


def test_lines_of_another_schema_are_refused() -> None:
    with pytest.raises(ValueError, match="schema 1; found 2"):
        list(trees_of([canonical({"line": "snapshot", "schema_version": 2})]))
