"""What problem files of JSON share: their records one by one, and the names of the fields they begin with.

It knows no format: which fields make a problem is said by each.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from apps.common.incoming import Rejected
from apps.common.json_stream import json_records
from apps.common.shape import Misshapen, a_record
from apps.problems.rows import ProblemRow

_LOOKED_AT = 20
_NAME = re.compile(rb'"([A-Za-z_]{1,50})"\s*:')


def first_fields(first_bytes: bytes) -> frozenset[str]:
    """The names of the fields of the first whole record; where none is whole, names that stand before a colon."""
    for found in islice(json_records(io.BytesIO(first_bytes)), _LOOKED_AT):
        if not isinstance(found, Rejected) and isinstance(found[1], dict):
            return frozenset(found[1])
    if not first_bytes.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return frozenset()
    return frozenset(name.decode() for name in _NAME.findall(first_bytes))


def problem_rows(
    stream: BinaryIO, read: Callable[[int, dict[str, Any]], ProblemRow]
) -> Iterator[ProblemRow | Rejected]:
    """The problems that `read(line, record)` makes of a file's records; where that raises Misshapen it is rejected."""
    for found in json_records(stream):
        if isinstance(found, Rejected):
            yield found
            continue
        line, value = found
        try:
            yield read(line, a_record(value, ""))
        except Misshapen as wrong:
            yield Rejected(line, wrong.field, wrong.expected, wrong.found)
