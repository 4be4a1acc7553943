"""The formats of problem files there are, and which of them a file is; it holds no knowledge of any format."""

from __future__ import annotations

from collections.abc import Callable

from apps.common.incoming import FileRefused
from apps.common.shape import describe_bytes
from apps.problems.rows import ProblemFormat
from workers.search.registry import Catalogue, Entry, registers

PROBLEM_FORMATS: Catalogue[Callable[[], ProblemFormat]] = Catalogue("problem format")
FIRST_BYTES = 1_048_576
_PACKED = {b"\x1f\x8b": "a gzip file", b"PK": "a zip file", b"BZh": "a bzip2 file", b"\xfd7z": "an xz file"}


def problem_format(
    key: str, *, label: str, summary: str, version: int = 1
) -> Callable[[Callable[[], ProblemFormat]], Callable[[], ProblemFormat]]:
    """Register a class with `claims`, `read` and `expects` as a format of problem files."""
    return registers(PROBLEM_FORMATS, key, label=label, summary=summary, version=version)


def detect(first_bytes: bytes, name: str) -> Entry[Callable[[], ProblemFormat]]:
    """The one format that claims a file by its content. Raises FileRefused where none does, or more than one."""
    claiming = [entry for entry in PROBLEM_FORMATS if entry.make().claims(first_bytes)]
    if len(claiming) == 1:
        return claiming[0]
    if claiming:
        keys = ", ".join(entry.key for entry in claiming)
        raise FileRefused(
            f"{name}: more than one problem format claims this file ({keys}). Name one of them.",
            code="format",
            line=1,
            expected="a file that one format claims",
            found=f"claimed by {keys}",
        )
    known = "; ".join(f"{entry.key}: {entry.make().expects}" for entry in PROBLEM_FORMATS)
    packed = [words for mark, words in _PACKED.items() if first_bytes.startswith(mark)]
    found = f"{packed[0]}; unpack it first" if packed else describe_bytes(first_bytes)
    raise FileRefused(
        f"{name}: no problem format knows this file. Expected one of: {known}. It begins with {found}.",
        code="format",
        line=1,
        expected=f"one of: {known}",
        found=found,
    )
