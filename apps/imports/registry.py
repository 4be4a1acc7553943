"""The import formats there are, and which of them a file is; it holds no knowledge of any format."""

from __future__ import annotations

from collections.abc import Callable

from apps.common.incoming import FileRefused
from apps.common.shape import describe_bytes
from apps.imports.traces import ImportFormat
from workers.search.registry import Catalogue, Entry, registers

IMPORT_FORMATS: Catalogue[Callable[[], ImportFormat]] = Catalogue("import format")

# The fields a format is known by may stand behind a long one: keys that were sorted put a record's label first.
FIRST_BYTES = 1_048_576


def import_format(
    key: str, *, label: str, summary: str, version: int = 1
) -> Callable[[Callable[[], ImportFormat]], Callable[[], ImportFormat]]:
    """Register a class with `claims`, `read`, `expects` and `problem_set` as an import format."""
    return registers(IMPORT_FORMATS, key, label=label, summary=summary, version=version)


def detect(first_bytes: bytes, name: str) -> Entry[Callable[[], ImportFormat]]:
    """The one format that claims a file by its content. Raises FileRefused where none does, or more than one."""
    claiming = [entry for entry in IMPORT_FORMATS if entry.make().claims(first_bytes, name)]
    if len(claiming) == 1:
        return claiming[0]
    if claiming:
        keys = ", ".join(entry.key for entry in claiming)
        raise FileRefused(
            f"{name}: more than one format claims this file ({keys}). Name one of them.",
            code="format",
            line=1,
            expected="a file that one format claims",
            found=f"claimed by {keys}",
        )
    known = "; ".join(f"{entry.key}: {entry.make().expects}" for entry in IMPORT_FORMATS)
    found = describe_bytes(first_bytes)
    raise FileRefused(
        f"{name}: no import format knows this file. Expected one of: {known}. It begins with {found}.",
        code="format",
        line=1,
        expected=f"one of: {known}",
        found=found,
    )
