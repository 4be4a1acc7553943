"""The sizes the house holds to: a module that outgrows them holds more than one thing."""

from __future__ import annotations

import ast

from tests.architecture.source import files, name, parsed, python_files

MODULE_LINES = 300
TEST_LINES = 200
FUNCTION_LINES = 40
TEMPLATE_LINES = 150
SCRIPT_LINES = 300


def too_long(paths, limit):  # type: ignore[no-untyped-def]
    """The files at or over `limit` lines, with their length."""
    lengths = ((name(path), len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{path}: {length} lines" for path, length in lengths if length >= limit]


def test_modules_stay_under_their_size() -> None:
    assert too_long(python_files(), MODULE_LINES) == []


def test_test_files_stay_under_their_size() -> None:
    assert too_long(files("tests", "test_*.py"), TEST_LINES) == []


def test_scripts_of_the_pages_stay_under_their_size() -> None:
    assert too_long(files("static/js", "*.js"), SCRIPT_LINES) == []


def test_templates_stay_under_their_size() -> None:
    assert too_long(files("templates", "*.html"), TEMPLATE_LINES) == []


def test_functions_stay_under_their_size() -> None:
    long = [
        f"{name(path)}:{found.lineno} {found.name}: {found.end_lineno - found.lineno + 1} lines"
        for path in python_files()
        for found in ast.walk(parsed(path))
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef)
        and found.end_lineno is not None
        and found.end_lineno - found.lineno + 1 >= FUNCTION_LINES
    ]
    assert long == []
