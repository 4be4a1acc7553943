"""Rows to columns of equal length: the wire form of a tree. It knows nothing of runs, and compresses nothing.

A document is, little-endian throughout: the four bytes `BWC1`; the length of the header, u32; the header, UTF-8 JSON
padded with spaces so that what follows starts at a multiple of 8; the arrays, each at a multiple of 8 behind it. The
header names `columns` (name, dtype, offset behind the header in bytes, count), `count` and `sha256`, which covers the
header without it and the arrays; a caller's own facts stand beside them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

CONTENT_TYPE = "application/x-branchwise-columns"
MAGIC = b"BWC1"
ALIGNMENT = 8
PREFIX_BYTES = len(MAGIC) + 4
DTYPES = {"u32": "<u4", "u16": "<u2", "u8": "|u1", "f16": "<f2", "f32": "<f4", "f64": "<f8"}


class NotColumns(ValueError):
    """The bytes are no document of columns; the message says where it breaks."""


@dataclass(frozen=True, slots=True)
class Document:
    """What goes over the wire, and the digest by which it is known."""

    body: bytes
    sha256: str


def write_columns(columns: Mapping[str, tuple[str, NDArray[Any]]], facts: Mapping[str, Any]) -> Document:
    """Lay columns out as one document.

    columns: name to (dtype out of DTYPES, array of shape (count,)), in the order they are written; values outside the
    dtype are the caller's fault. facts: JSON values that stand in the header. Raises ValueError where lengths differ.
    """
    counts = {name: len(array) for name, (_, array) in columns.items()}
    if len(set(counts.values())) > 1:
        raise ValueError(f"Columns must be of equal length, found {counts}.")
    entries: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for name, (dtype, array) in columns.items():
        data = np.ascontiguousarray(array, dtype=DTYPES[dtype]).tobytes()
        entries.append({"name": name, "dtype": dtype, "offset": offset, "count": len(array)})
        parts.append(data + bytes(-len(data) % ALIGNMENT))
        offset += len(parts[-1])
    header = {"version": 1, "count": next(iter(counts.values()), 0), "columns": entries, **facts}
    digest = hashlib.sha256(orjson.dumps(header))
    for part in parts:
        digest.update(part)
    sha256 = digest.hexdigest()
    text = orjson.dumps({**header, "sha256": sha256})
    text += b" " * (-(PREFIX_BYTES + len(text)) % ALIGNMENT)
    return Document(b"".join((MAGIC, len(text).to_bytes(4, "little"), text, *parts)), sha256)


def read_columns(body: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the arrays of a document. Raises NotColumns, which says what was expected and found."""
    if body[: len(MAGIC)] != MAGIC:
        raise NotColumns(f"A document of columns starts with {MAGIC!r}, found {body[: len(MAGIC)]!r}.")
    start = PREFIX_BYTES + int.from_bytes(body[len(MAGIC) : PREFIX_BYTES], "little")
    if start > len(body):
        raise NotColumns(f"The header ends at byte {start}, the document at {len(body)}: it was cut off.")
    header: dict[str, Any] = orjson.loads(body[PREFIX_BYTES:start])
    arrays: dict[str, NDArray[Any]] = {}
    for entry in header["columns"]:
        dtype = np.dtype(DTYPES[entry["dtype"]])
        first = start + entry["offset"]
        last = first + entry["count"] * dtype.itemsize
        if last > len(body):
            raise NotColumns(
                f"Column {entry['name']} ends at byte {last}, the document at {len(body)}: it was cut off."
            )
        arrays[entry["name"]] = np.frombuffer(body[first:last], dtype=dtype)
    return header, arrays
