"""The import formats there are, and which of them a file is; it holds no knowledge of any format."""

from __future__ import annotations

from collections.abc import Callable

from apps.common.errors import Refused
from apps.imports.shape import describe_bytes
from apps.imports.traces import ImportFormat
from workers.search.registry import Catalogue, Entry, registers

IMPORT_FORMATS: Catalogue[Callable[[], ImportFormat]] = Catalogue("import format")

FIRST_BYTES = 65_536


def import_format(
    key: str, *, label: str, summary: str, version: int = 1
) -> Callable[[Callable[[], ImportFormat]], Callable[[], ImportFormat]]:
    """Register a class with `claims`, `read`, `expects` and `problem_set` as an import format."""
    return registers(IMPORT_FORMATS, key, label=label, summary=summary, version=version)


def detect(first_bytes: bytes, name: str) -> Entry[Callable[[], ImportFormat]]:
    """The one format that claims a file by its content. Raises Refused where none does, or more than one."""
    claiming = [entry for entry in IMPORT_FORMATS if entry.make().claims(first_bytes, name)]
    if len(claiming) == 1:
        return claiming[0]
    if claiming:
        keys = ", ".join(entry.key for entry in claiming)
        raise Refused(f"{name}: more than one format claims this file ({keys}). Name one of them.", code="format")
    known = "; ".join(f"{entry.key}: {entry.make().expects}" for entry in IMPORT_FORMATS)
    found = describe_bytes(first_bytes)
    raise Refused(
        f"{name}: no import format knows this file. Expected one of: {known}. It begins with {found}.", code="format"
    )
