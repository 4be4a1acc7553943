"""Takes a JSON value apart and says, where it is not of the expected kind, which field, what was expected and found.

It converts nothing: a number in quotes is a text, and true is not 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

SHOWN = 60


class Misshapen(Exception):
    """A value is not of the expected kind; the reader adds the line."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        self.field, self.expected, self.found = field, expected, found
        super().__init__(f"{field}: expected {expected}, found {found}")


_MISSING = object()


def describe(value: object) -> str:
    """What a value is, in a few words fit for a message; long texts are cut."""
    if value is _MISSING:
        return "nothing, the field is missing"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {_cut(value)}" if value else "an empty text"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object"


def describe_bytes(first_bytes: bytes) -> str:
    """What stands in a file, fit for a message: whatever is not plain text is shown escaped."""
    if not first_bytes.strip():
        return "nothing"
    return _cut(first_bytes[: 4 * SHOWN].decode("utf-8", "backslashreplace"))


def _cut(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:SHOWN])
    return f"“{shown}”" if len(text) <= SHOWN else f"“{shown}…”"


def a_record(value: object, field: str) -> dict[str, Any]:
    """`value` as an object. Raises Misshapen."""
    if not isinstance(value, dict):
        raise Misshapen(field, "an object", describe(value))
    return cast("dict[str, Any]", value)


def record(holder: Mapping[str, Any], name: str, path: str = "") -> dict[str, Any]:
    """The object in field `name`. Raises Misshapen."""
    return a_record(holder.get(name, _MISSING), path + name)


def list_of(holder: Mapping[str, Any], name: str, path: str = "") -> list[Any]:
    """The list in field `name`. Raises Misshapen."""
    value = holder.get(name, _MISSING)
    if not isinstance(value, list):
        raise Misshapen(path + name, "a list", describe(value))
    return value


def texts(holder: Mapping[str, Any], name: str, path: str = "") -> list[str]:
    """The list of texts in field `name`. Raises Misshapen, which names the first that is none."""
    values = list_of(holder, name, path)
    for index, value in enumerate(values):
        if type(value) is not str:
            raise Misshapen(f"{path}{name}[{index}]", "a text", describe(value))
    return values


def numbers(holder: Mapping[str, Any], name: str, path: str = "") -> list[float]:
    """The list of numbers in field `name`. Raises Misshapen, which names the first that is none."""
    values = list_of(holder, name, path)
    for index, value in enumerate(values):
        if type(value) is not float and type(value) is not int:
            raise Misshapen(f"{path}{name}[{index}]", "a number", describe(value))
    return values


def text(holder: Mapping[str, Any], name: str, path: str = "") -> str:
    """The text in field `name`. Raises Misshapen."""
    value = holder.get(name, _MISSING)
    if not isinstance(value, str):
        raise Misshapen(path + name, "a text", describe(value))
    return value


def number(holder: Mapping[str, Any], name: str, path: str = "") -> float:
    """The number in field `name`. Raises Misshapen."""
    value = holder.get(name, _MISSING)
    if type(value) is not float and type(value) is not int:
        raise Misshapen(path + name, "a number", describe(value))
    return float(value)


def whole_number(holder: Mapping[str, Any], name: str, path: str = "") -> int:
    """The whole number in field `name`. Raises Misshapen."""
    value = holder.get(name, _MISSING)
    if type(value) is not int:
        raise Misshapen(path + name, "a whole number", describe(value))
    return value


def optional_index(holder: Mapping[str, Any], name: str, length: int, path: str = "") -> int | None:
    """The index in field `name` into a list of `length`, or None for null or no such field. Raises Misshapen."""
    value = holder.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < length:
        raise Misshapen(path + name, f"null or an index below {length}", describe(value))
    return value


def nests_deeper(value: object, limit: int) -> bool:
    """Whether more than `limit` lists and objects stand inside one another, by layers and not by recursion."""
    layer = [value]
    for _ in range(limit):
        # Two exact types instead of isinstance: this looks at every text of a file (0.1 µs each).
        layer = [inner for outer in layer for inner in _inside(outer) if type(inner) is dict or type(inner) is list]
        if not layer:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def field_with_nul(value: object, path: str = "") -> str | None:
    """The path of the first text with a NUL character, which PostgreSQL cannot store; None where there is none."""
    if isinstance(value, str):
        return path if "\0" in value else None
    if isinstance(value, dict):
        for key, inner in value.items():
            found = f"{path}.{key!a}" if "\0" in key else field_with_nul(inner, f"{path}.{key}" if path else str(key))
            if found is not None:
                return found
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found = field_with_nul(inner, f"{path}[{index}]")
            if found is not None:
                return found
    return None
