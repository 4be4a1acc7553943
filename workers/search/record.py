"""One way to write records that are made by the million; it checks no values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A dataclass that the type checker holds for frozen, with the hash of its fields.

    Freezing at run time sets every field through a call: 1.5 µs instead of 0.4 for a step (2026-11), and an import is
    a million of them; of a beam search on the scripted engine it was a fifth of the time.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
