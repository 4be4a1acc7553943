"""Every file in a folder of plug-ins is in its list, and every plug-in says what it is."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT, imported

FOLDERS = (
    "workers/search/strategies",
    "workers/search/checkers",
    "workers/engines",
    "workers/scorers",
    "workers/verifiers/checkers",
    "apps/problems/formats",
    "apps/imports/formats",
    "apps/datasets/formats",
)


def catalogues() -> Iterator[Any]:
    """The seven catalogues, filled."""
    for folder in FOLDERS:
        importlib.import_module(folder.replace("/", "."))
    core = importlib.import_module("workers.search.registry")
    yield from (core.STRATEGIES, core.CHECKERS, core.ENGINES, core.SCORERS)
    yield importlib.import_module("apps.imports.registry").IMPORT_FORMATS
    yield importlib.import_module("apps.problems.registry").PROBLEM_FORMATS
    yield importlib.import_module("apps.datasets.registry").EXPORT_FORMATS


def entries() -> list[tuple[str, Any]]:
    """Every registered plug-in with the kind it is of."""
    return [(catalogue.kind, entry) for catalogue in catalogues() for entry in catalogue]


def code(entry: Any) -> Any:
    """What the author of a plug-in wrote: a class or function; an export format registers what its function becomes."""
    return getattr(entry.make, "write", entry.make)


def unlisted(folder: Path) -> set[str]:
    """Modules of a folder of plug-ins that its `__init__` does not import."""
    package = folder.relative_to(ROOT).as_posix().replace("/", ".") if folder.is_relative_to(ROOT) else folder.name
    listed = {name.removeprefix(f"{package}.").split(".")[0] for _, name in imported(folder / "__init__.py")}
    return {path.stem for path in folder.glob("*.py") if path.stem != "__init__"} - listed


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_list_names_every_file_of_its_folder(folder: str) -> None:
    assert unlisted(ROOT / folder) == set()


def test_a_file_that_is_missing_from_the_list_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "formats"
    folder.mkdir()
    (folder / "__init__.py").write_text("from formats import listed\n", encoding="utf-8")
    (folder / "listed.py").touch()
    (folder / "forgotten.py").touch()
    assert unlisted(folder) == {"forgotten"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_list_is_written_out_and_not_gathered(folder: str) -> None:
    names = {name.split(".")[0] for _, name in imported(ROOT / folder / "__init__.py")}
    assert names.isdisjoint({"pkgutil", "importlib", "glob", "pathlib", "os"})


def test_every_plug_in_has_a_key_a_label_a_sentence_and_a_docstring() -> None:
    speechless = [
        f"{kind} {entry.key}"
        for kind, entry in entries()
        if not (entry.key.strip() and entry.label.strip() and entry.summary.strip() and inspect.getdoc(code(entry)))
    ]
    assert speechless == []


def test_every_module_of_a_plug_in_says_what_it_is_for() -> None:
    modules = [inspect.getmodule(code(entry)) for _, entry in entries()]
    assert [str(module) for module in modules if module is None or not module.__doc__] == []


def test_every_parameter_of_a_plug_in_has_a_help_text() -> None:
    silent = [
        f"{kind} {entry.key}: {field.name}"
        for kind, entry in entries()
        for field in dataclasses.fields(entry.params)
        if not str(field.metadata.get("help", "")).strip()
    ]
    assert silent == []


def test_every_plug_in_stands_in_a_file_of_its_own_folder() -> None:
    homes = {folder.replace("/", ".") for folder in FOLDERS}
    strangers = [entry.key for _, entry in entries() if code(entry).__module__.rpartition(".")[0] not in homes]
    assert strangers == []
