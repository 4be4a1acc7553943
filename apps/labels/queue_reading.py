"""How the fields of a queue are read, each by its own reader, out of typed texts or values of JSON; it knows no field
itself and refuses by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import isfinite
from typing import Any

from apps.common.errors import Refused

SHOWN = 60
LONGEST = 200

Reader = Callable[[object], Any]


def read_fields(
    given: Mapping[str, Any], readers: Mapping[str, Reader], *, known: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was read, by field, and a sentence for each field that is unknown or not as expected. What is empty is as
    if it were not given; a known field without a reader is left to whoever asks."""
    wrong = {str(name)[:SHOWN]: f"Unknown field. Known: {', '.join(known)}." for name in given if name not in known}
    read: dict[str, Any] = {}
    for name, reader in readers.items():
        value = given.get(name)
        if value is None or value in ("", [], ()):
            continue
        try:
            read[name] = reader(value)
        except Unread as why:
            wrong[name] = str(why)
    return read, wrong


def refusal_of(wrong: Mapping[str, str], code: str) -> Refused:
    """The refusal of fields, a sentence each."""
    return Refused(" ".join(f"{name}: {sentence}" for name, sentence in wrong.items()), code=code, fields=wrong)


class Unread(Exception):
    """A value is not of its field's kind; says what was expected and found."""

    def __init__(self, expected: str, value: object) -> None:
        shown = repr(value) if not isinstance(value, str) or len(value) <= SHOWN else repr(value[:SHOWN]) + "…"
        super().__init__(f"Expected {expected}; found {shown:.120}.")


def read_text(value: object) -> str:
    """A line of text that a column can hold."""
    if not isinstance(value, str):
        raise Unread("a text", value)
    if len(value) > LONGEST or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Unread(f"at most {LONGEST} readable characters", value)
    return value.strip()


def read_number(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or "_" in str(value):
        raise Unread("a number", value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise Unread("a number", value) from None
    if not isfinite(number):
        raise Unread("a finite number", value)
    return number


def whole(low: int, high: int) -> Callable[[object], int]:
    """A reader of whole numbers within bounds."""

    def read(value: object) -> int:
        typed = isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) <= SHOWN
        if not typed and (isinstance(value, bool) or not isinstance(value, int)):
            raise Unread(f"a whole number from {low:,} to {high:,}", value)
        count = int(value)  # type: ignore[call-overload]  # a number or digits, as looked at above
        if not low <= count <= high:
            raise Unread(f"a whole number from {low:,} to {high:,}", value)
        return int(count)

    return read


def one_of(known: Sequence[str]) -> Callable[[object], str]:
    """A reader of one of the known words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            raise Unread(f"one of {', '.join(known)}", value)
        return value

    return read
