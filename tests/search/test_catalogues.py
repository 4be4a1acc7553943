"""One catalogue class for every kind of plug-in, and what each list of plug-ins must hold."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search import checkers, strategies
from workers.search.errors import UnknownKey
from workers.search.registry import Catalogue, NoParams, registers
from workers.search.strategies import STRATEGIES
from workers.verifiers import checkers as asking_checkers
from workers.verifiers.checkers import CHECKERS

every_catalogue = pytest.mark.parametrize(
    "catalogue", [STRATEGIES, ENGINES, SCORERS, CHECKERS], ids=lambda one: one.kind
)


def filled() -> Catalogue[int]:
    catalogue: Catalogue[int] = Catalogue("number")
    registers(catalogue, "two", label="Two", summary="The number two.")(2)
    registers(catalogue, "one", label="One", summary="The number one.")(1)
    return catalogue


def test_entries_come_in_order_of_registration() -> None:
    catalogue = filled()
    assert catalogue.keys() == ("two", "one")
    assert [entry.make for entry in catalogue] == [2, 1]
    assert "one" in catalogue
    assert "three" not in catalogue


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownKey, match=r"Unknown number 'three'. Known: two, one"):
        filled().get("three")
    with pytest.raises(UnknownKey, match="Known: none"):
        Catalogue[int]("number").get("three")


def test_a_key_is_taken_once() -> None:
    with pytest.raises(ValueError, match="'one' is registered twice"):
        registers(filled(), "one", label="One", summary="Again.")(1)


@pytest.mark.parametrize(("label", "summary"), [("", "Something."), ("Three", " ")])
def test_a_label_and_a_summary_are_demanded(label: str, summary: str) -> None:
    with pytest.raises(ValueError, match="needs a label and a one-sentence summary"):
        registers(filled(), "three", label=label, summary=summary)(3)


@every_catalogue
def test_what_a_page_needs_is_on_every_plug_in(catalogue: Catalogue[object]) -> None:
    assert catalogue.keys()
    for entry in catalogue:
        assert entry.summary.endswith(".")
        assert entry.version >= 1
        assert entry.make.__doc__
        for field in dataclasses.fields(entry.params):
            assert field.metadata["help"], f"{entry.key}: {field.name}"
            assert field.default is not dataclasses.MISSING


@pytest.mark.parametrize("package", [strategies, checkers, asking_checkers], ids=lambda package: package.__name__)
def test_every_file_of_a_folder_is_in_its_list(package: ModuleType) -> None:
    [folder] = package.__path__
    files = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert files == set(package.__all__) - {"STRATEGIES", "CHECKERS"}
    catalogue: Catalogue[Any] = STRATEGIES if package is strategies else CHECKERS
    inside = {entry.key for entry in catalogue if entry.make.__module__.startswith(f"{package.__name__}.")}
    assert files == inside


def test_checkers_are_stored_under_their_own_key_and_version() -> None:
    for entry in CHECKERS:
        made = entry.make()
        assert (made.key, made.version) == (entry.key, entry.version)


def test_those_without_parameters_take_the_empty_dataclass() -> None:
    assert all(entry.params is NoParams for entry in CHECKERS)
