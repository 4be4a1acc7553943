"""Modules are named for what is in them, and say it in their first line."""

from __future__ import annotations

import ast

from tests.architecture.source import files, name, parsed, python_files

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "misc", "manager", "managers", "base", "common_utils", "tools"}
# The one exception: a folder of settings has a base in every Django project.
ALLOWED = {"apps/config/settings/base.py"}


def test_no_module_is_named_for_nothing() -> None:
    found = [name(path) for path in python_files() if path.stem in EMPTY_WORDS or path.parent.name in EMPTY_WORDS]
    assert set(found) - ALLOWED == set()


def test_nothing_in_workers_is_called_models() -> None:
    assert [name(path) for path in files("workers", "models*")] == []


def test_no_script_of_the_pages_is_named_for_nothing() -> None:
    assert [name(path) for path in files("static/js", "*.js") if path.stem in EMPTY_WORDS] == []


def test_every_module_says_in_its_docstring_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in python_files("apps", "workers")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    places = [
        *python_files(),
        *files("static", "*.js", "*.css"),
        *files("templates", "*.html"),
        *files("fixtures", "*.md"),
        *files("docker", "*"),
    ]
    left = [
        f"{name(path)}: {mark}"
        for path in places
        if path.is_file()
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert left == []
