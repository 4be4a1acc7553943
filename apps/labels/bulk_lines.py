"""Reads JSON lines of labels and of pre-labels, field by field; it knows no team, and stores nothing.

A serializer a line would take longer than storing the line does, and one request brings thousands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.accounts.services import NAME_LENGTH
from apps.common.incoming import Rejected
from apps.common.json_stream import json_lines
from apps.labels.said import REASON_LIMIT
from apps.labels.verdicts import TAKEN_BACK, VERDICTS

SHOWN = 60
MOST_ID = 2**63 - 1
MOST_NUMBER = 2**31 - 1
JUDGES = ("judge", "scorer")
KNOWN_VERDICTS = ", ".join(VERDICTS)


class _Unfit(Exception):
    """The value is not what its field takes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a line. read: the value as it is stored, or raises _Unfit; missing: what stands where it is left
    out, REQUIRED where it must not be."""

    expected: str
    read: Callable[[Any], Any]
    missing: Any


REQUIRED = object()


@dataclass(frozen=True, slots=True)
class LabelLine:
    """A label as a line has it. labeller: a foreign name, None for who sends it; at: aware, None where it does not
    say; seconds: None where unknown."""

    line: int
    run: int
    number: int
    verdict: str
    labeller: str | None
    at: datetime | None
    seconds: float | None
    reason: str
    critique: str
    flagged: bool
    client_uuid: UUID


class Judge(NamedTuple):
    """Who proposes: a maker of a kind out of JUDGES, with nothing said of its revision and arguments."""

    kind: str
    key: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class PrelabelLine:
    """A proposed verdict as a line has it. value: how sure the judge is, 0 to 1, None where it does not say."""

    line: int
    run: int
    number: int
    verdict: str
    value: float | None
    maker: Judge


def label_lines(stream: BinaryIO) -> Iterator[LabelLine | Rejected]:
    """The labels of a file, or why a line is none."""
    for found in _lines(stream, LABEL_FIELDS):
        yield found if isinstance(found, Rejected) else LabelLine(**found)


def prelabel_lines(stream: BinaryIO) -> Iterator[PrelabelLine | Rejected]:
    """The proposed verdicts of a file, or why a line is none."""
    for found in _lines(stream, PRELABEL_FIELDS):
        yield found if isinstance(found, Rejected) else PrelabelLine(**found)


def _lines(stream: BinaryIO, fields: Mapping[str, Field]) -> Iterator[dict[str, Any] | Rejected]:
    for found in json_lines(stream):
        yield found if isinstance(found, Rejected) else _fields(found[0], found[1], fields)


def _fields(line: int, value: Any, fields: Mapping[str, Field]) -> dict[str, Any] | Rejected:
    """The fields of one line, or the first thing that is wrong with it."""
    if not isinstance(value, dict):
        return Rejected(line, "", "an object of fields", shown(value))
    for name in value:
        if name not in fields:
            return Rejected(line, name[:SHOWN], f"one of {', '.join(fields)}", "a field nobody knows")
    read: dict[str, Any] = {"line": line}
    for name, field in fields.items():
        if name not in value and field.missing is REQUIRED:
            return Rejected(line, name, field.expected, "nothing")
        try:
            read[name] = field.read(value[name]) if name in value else field.missing
        except _Unfit:
            return Rejected(line, name, field.expected, shown(value[name]))
    return read


def shown(value: Any) -> str:
    """A value of JSON in a few words, however long it is."""
    if isinstance(value, str):
        return repr(value[:SHOWN]) + ("…" if len(value) > SHOWN else "")
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else str(value)[:SHOWN]


def _whole(most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise _Unfit
        return value

    return read


def _number(most: float) -> Callable[[Any], float | None]:
    def read(value: Any) -> float | None:
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not (0 <= value <= most):
            raise _Unfit
        return float(value)

    return read


def _text(most: int, least: int = 0) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value.strip()) <= most:
            raise _Unfit
        return value.strip()

    return read


def _judge(value: Any) -> Judge:
    limits = {"kind": 20, "key": 100, "version": 50}
    if not isinstance(value, dict) or not {"kind", "key"} <= set(value) <= set(limits) or value["kind"] not in JUDGES:
        raise _Unfit
    return Judge(**{name: _text(limits[name], int(name == "key"))(text) for name, text in value.items()})


def _verdict(value: Any) -> str:
    if not isinstance(value, str) or value not in VERDICTS:
        raise _Unfit
    return value


def _verdict_or_none(value: Any) -> str:
    return TAKEN_BACK if value == TAKEN_BACK else _verdict(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unfit
    return value


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else _refuse()
    except ValueError:
        raise _Unfit from None


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    # Of a label from the future something is wrong with the clock, and its place among others would be too.
    if moment is None or moment.tzinfo is None or moment > timezone.now():
        raise _Unfit
    return moment


def _refuse() -> UUID:
    raise _Unfit


_PLACE = {
    "run": Field("the id of a run", _whole(MOST_ID), REQUIRED),
    "number": Field("the number of a step, from 1", _whole(MOST_NUMBER), REQUIRED),
}
LABEL_FIELDS = {
    **_PLACE,
    "verdict": Field(f"one of {KNOWN_VERDICTS}, or empty to take the label back", _verdict_or_none, REQUIRED),
    "labeller": Field(f"the name of who judged, 1 to {NAME_LENGTH} characters", _text(NAME_LENGTH, 1), None),
    "at": Field("a time with its zone, such as 2026-11-22T12:00:00Z, that has passed", _moment, None),
    "seconds": Field("the seconds it took, 0 or more, or null", _number(math.nextafter(math.inf, 0)), None),
    "reason": Field(f"a text of at most {REASON_LIMIT:,} characters", _text(REASON_LIMIT), ""),
    "critique": Field(f"a text of at most {REASON_LIMIT:,} characters", _text(REASON_LIMIT), ""),
    "flagged": Field("true or false", _flag, False),
    "client_uuid": Field("a UUID as text, the same whenever the label is sent again", _uuid, REQUIRED),
}
PRELABEL_FIELDS = {
    **_PLACE,
    "verdict": Field(f"one of {KNOWN_VERDICTS}", _verdict, REQUIRED),
    "value": Field("how sure the judge is, 0 to 1, or null", _number(1.0), None),
    "maker": Field('the judge: {"kind": "judge" or "scorer", "key", "version"}', _judge, REQUIRED),
}
