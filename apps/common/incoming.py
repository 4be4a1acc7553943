"""A file that comes in: opened, shown under a harmless name, refused whole or by the row; it knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from apps.common.errors import Refused

T = TypeVar("T")
MOST_REJECTED = 1_000

# Control characters and those that turn the direction of writing: with them a file shows another name than it has, on
# pages and in terminals.
MISLEADING = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that breaks its format: where, which field, what was expected and what was found."""

    line: int
    field: str
    expected: str
    found: str


class FileRefused(Refused):
    """Nothing of a file is stored; line counts from 1 and is 0 where it is not a line that is wrong."""

    def __init__(self, message: str, *, code: str, line: int, expected: str, found: str) -> None:
        super().__init__(message, code=code)
        self.rejected = Rejected(line=line, field="", expected=expected, found=found)


def harmless_name(name: str) -> str:
    """The name of a file as it may be stored and shown: what misleads or is no text is replaced."""
    return name.encode("utf-8", "replace").decode().translate(MISLEADING)


@contextmanager
def opened(source: Path | BinaryIO, name: str) -> Iterator[BinaryIO]:
    """The file from its start; closed at the end where it was given by its path. Raises FileRefused."""
    if not isinstance(source, Path):
        source.seek(0)
        yield source
        return
    try:
        stream = source.open("rb")
    except OSError as wrong:
        found = wrong.strerror or str(wrong)
        raise FileRefused(
            f"{name}: expected a file that can be read; {found}.",
            code="file",
            line=0,
            expected="a file that can be read",
            found=found,
        ) from wrong
    with stream:
        yield stream


def good_rows(found: Iterable[T | Rejected], rejected: list[Rejected], *, all_or_none: bool) -> Iterator[T]:
    """The rows that are good; those rejected are listed in `rejected`. With `all_or_none` what follows a rejected row
    is only read for its faults. Raises FileRefused for more than MOST_REJECTED of them."""
    for one in found:
        if not isinstance(one, Rejected):
            if not (rejected and all_or_none):
                yield one
        elif len(rejected) < MOST_REJECTED:
            rejected.append(one)
        else:
            raise FileRefused(
                f"More than {MOST_REJECTED} rows break the format, the last one on line {one.line}: expected"
                f" {one.expected}, found {one.found}. Check that the file is what you take it for. Nothing was stored.",
                code="rejected",
                line=one.line,
                expected=one.expected,
                found=one.found,
            )
