"""What every export format holds to, over the catalogue and its golden files in fixtures/exports/<format>/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

import apps.datasets.formats  # noqa: F401  fills the catalogue
from apps.datasets.lines import trees_of
from apps.datasets.registry import EXPORT_FORMATS, ExportFormat
from workers.search.errors import BadParameter, UnknownKey
from workers.search.parameters import read_parameters
from workers.search.registry import Entry

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "exports"
KEYS = EXPORT_FORMATS.keys()


def cases() -> Iterator[tuple[str, str, dict[str, str]]]:
    """(format, golden file, options) of every golden file."""
    for key in KEYS:
        for file, options in json.loads((FIXTURES / key / "cases.json").read_text(encoding="utf-8")).items():
            yield key, file, options


def written(entry: Entry[ExportFormat], options: dict[str, str]) -> tuple[bytes, int]:
    """The bytes and the count of rows of the shared snapshot in a format."""
    out = BytesIO()
    with (FIXTURES / "snapshot.jsonl").open("rb") as lines:
        rows = entry.make.write(trees_of(lines), read_parameters(entry.params, options), out)
    return out.getvalue(), rows


@pytest.mark.parametrize(("key", "file", "options"), list(cases()))
def test_it_writes_its_golden_file(key: str, file: str, options: dict[str, str]) -> None:
    assert written(EXPORT_FORMATS.get(key), options)[0] == (FIXTURES / key / file).read_bytes()


@pytest.mark.parametrize("key", KEYS)
def test_it_writes_the_same_bytes_twice(key: str) -> None:
    assert written(EXPORT_FORMATS.get(key), {}) == written(EXPORT_FORMATS.get(key), {})


@pytest.mark.parametrize("key", KEYS)
def test_it_refuses_an_option_it_does_not_have(key: str) -> None:
    with pytest.raises(BadParameter, match="colour"):
        read_parameters(EXPORT_FORMATS.get(key).params, {"colour": "red"})


@pytest.mark.parametrize("key", KEYS)
def test_it_writes_nothing_of_an_empty_snapshot_that_it_counts_as_a_row(key: str) -> None:
    entry = EXPORT_FORMATS.get(key)
    assert entry.make.write([], read_parameters(entry.params, {}), BytesIO()) == 0


@pytest.mark.parametrize("key", KEYS)
def test_it_says_what_it_is_and_what_its_options_do(key: str) -> None:
    entry = EXPORT_FORMATS.get(key)
    assert entry.make.write.__doc__
    assert entry.make.suffix.isalnum()
    assert "/" in entry.make.media_type
    fields = getattr(entry.params, "__dataclass_fields__", {})
    assert [name for name, field in fields.items() if not field.metadata.get("help")] == []


def test_every_folder_of_golden_files_belongs_to_a_format() -> None:
    assert {folder.name for folder in FIXTURES.iterdir() if folder.is_dir()} == set(KEYS)


def test_an_unknown_format_is_refused_by_name_with_the_known_ones() -> None:
    with pytest.raises(UnknownKey, match=r"'parchment'\. Known: stepwise"):
        EXPORT_FORMATS.get("parchment")
