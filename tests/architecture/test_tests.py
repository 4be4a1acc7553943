"""Tests are sentences that wait for nothing but what they ask for, and say what they need."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import dotted, files, imported, name, parsed

TESTS = files("tests", "test_*.py")
WAITS = {"time.sleep", "asyncio.sleep", "sleep"}
CLOCKS = {"time.time", "time.monotonic", "time.perf_counter", "timeit.timeit"}
HEAVY = {"torch", "transformers", "tokenizers", "safetensors", "accelerate"}
STAND_INS = ("unittest.mock", "mock.", "fakeredis")
NEEDS = {"tests/browser": "browser", "tests/faults": "faults"}


def top_level_imports(path: Path) -> set[str]:
    """First parts of what a module imports as soon as it is read."""
    found: set[str] = set()
    for node in parsed(path).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def calls(path: Path) -> set[str]:
    """Names of everything a file calls."""
    return {dotted(node.func) for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_test_is_a_sentence(path: Path) -> None:
    short = [
        node.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert short == []


def test_no_test_sleeps() -> None:
    assert [name(path) for path in files("tests", "*.py") if calls(path) & WAITS and "bench" not in path.parts] == []


def test_no_test_takes_the_time() -> None:
    timing = []
    for path in TESTS:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Assert) and any(
                isinstance(part, ast.Call) and dotted(part.func) in CLOCKS for part in ast.walk(node)
            ):
                timing.append(f"{name(path)}:{node.lineno}")
    assert timing == []


def test_no_test_needs_torch_to_be_collected() -> None:
    assert [name(path) for path in files("tests", "*.py") if top_level_imports(path) & HEAVY] == []


def test_a_test_that_loads_model_libraries_says_so() -> None:
    silent = [
        name(path)
        for path in TESTS
        if {module.split(".")[0] for _, module in imported(path)} & HEAVY
        and "mark.torch" not in path.read_text(encoding="utf-8")
    ]
    assert silent == []


@pytest.mark.parametrize(("folder", "marker"), NEEDS.items())
def test_a_folder_with_a_need_of_its_own_marks_every_test(folder: str, marker: str) -> None:
    unmarked = [
        name(path) for path in files(folder, "test_*.py") if f"mark.{marker}" not in path.read_text(encoding="utf-8")
    ]
    assert unmarked == []


def test_nothing_stands_in_for_a_real_service() -> None:
    found = [
        f"{name(path)}:{line} {module}"
        for path in files("tests", "*.py")
        for line, module in imported(path)
        if module.startswith(STAND_INS)
    ]
    assert found == []
