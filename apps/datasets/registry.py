"""The catalogue of export formats; it knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from apps.datasets.records import FrozenTree
from workers.search.registry import Catalogue, NoParams, registers

Write = Callable[[Iterable[FrozenTree], Any, BinaryIO], int]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """How a format writes.

    write(trees, options, out): writes the trees, ordered by problem and run, and says how many rows it wrote. It holds
    no more than one problem in memory, and the same trees and options give the same bytes. suffix: of its file's name,
    without a dot; media_type: what it is served as.
    """

    write: Write
    suffix: str
    media_type: str


EXPORT_FORMATS: Catalogue[ExportFormat] = Catalogue("export format")


def export_format(
    key: str,
    *,
    label: str,
    summary: str,
    suffix: str,
    media_type: str,
    options: type[Any] = NoParams,
    version: int = 1,
) -> Callable[[Write], Write]:
    """Register a function `(trees, options, out) -> rows` as an export format."""

    def add(write: Write) -> Write:
        made = ExportFormat(write=write, suffix=suffix, media_type=media_type)
        registers(EXPORT_FORMATS, key, label=label, summary=summary, version=version, params=options)(made)
        return write

    return add
