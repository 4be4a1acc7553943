"""Writes events as JSON and reads them back equal; it drops no unknown field and fills in no missing one but `move` and
`alternatives`, which are written only where there are any."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any, get_args

from workers.search.errors import BadEvent
from workers.search.events import Alternatives, Event, Maker, TokenTrace

KINDS: Mapping[str, type[Any]] = {cls.kind: cls for cls in get_args(Event)}


def to_json(event: Event) -> dict[str, Any]:
    """The event as JSON values: `kind`, then its fields. Makers and traces are objects, tuples are lists.

    `move` is left out where it is 0, so that an imported event says nothing of moves."""
    fields = {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}
    if not event.move:
        del fields["move"]
    return {"kind": event.kind, **fields}


def from_json(data: Mapping[str, Any]) -> Event:
    """The event of `to_json`. Raises BadEvent for an unknown kind, a missing, an unknown or a misshapen field."""
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadEvent(f"Expected an event of kind {', '.join(KINDS)}; found kind {kind!r}.")
    given = {"move": 0, **{name: value for name, value in data.items() if name != "kind"}}
    made: Event = _made(KINDS[kind], given, f"A {kind} event")
    return made


def write_line(event: Event) -> str:
    """One line of JSON without its end. Raises ValueError for numbers that JSON has not (NaN, infinities)."""
    return json.dumps(to_json(event), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read_line(line: str) -> Event:
    """The event of `write_line`. Raises BadEvent."""
    try:
        data = json.loads(line, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadEvent(f"Expected one JSON object a line; found {line[:80]!r} ({error.msg}).") from None
    if not isinstance(data, dict):
        raise BadEvent(f"Expected one JSON object a line; found {line[:80]!r}.")
    return from_json(data)


def _plain(value: Any) -> Any:
    if isinstance(value, (Maker, TokenTrace)):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: part for name, part in fields.items() if name != "alternatives" or part is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _made(cls: type[Any], given: Mapping[str, Any], what: str) -> Any:
    """An instance of `cls`, every field given and none besides."""
    names = [field.name for field in dataclasses.fields(cls)]
    if set(given) != set(names):
        wrong = sorted(set(names) ^ set(given))
        raise BadEvent(f"{what} has the fields {', '.join(names)}; missing or unknown: {', '.join(wrong)}.")
    types = {field.name: str(field.type) for field in dataclasses.fields(cls)}
    return cls(**{name: _value(types[name], given[name], f"{what}: field {name!r}") for name in names})


def _value(hint: str, value: Any, where: str) -> Any:
    """`value` as a field whose type is written as `hint`; hints are strings because annotations are postponed."""
    if hint in _NESTED:
        return _made(_NESTED[hint], _shaped(value, dict, where), where)
    if hint == "TokenTrace | None":
        given = {"alternatives": None, **_shaped(value, dict, where)} if value is not None else None
        return None if given is None else _value("TokenTrace", given, where)
    if hint == "tuple[Alternatives, ...] | None":
        return None if value is None else tuple(_alternatives(part, where) for part in _shaped(value, list, where))
    if hint == "tuple[Maker, ...]":
        return tuple(_value("Maker", item, where) for item in _shaped(value, list, where))
    if hint.startswith("tuple["):
        return tuple(_scalar(hint[6:-6], item, where) for item in _shaped(value, list, where))
    if hint.startswith("Mapping"):
        return _shaped(value, dict, where)
    return _scalar(hint, value, where)


def _alternatives(value: Any, where: str) -> Alternatives:
    """The alternatives of one place: a list of pairs of a text and a number."""
    pairs = [_shaped(pair, list, where) for pair in _shaped(value, list, where)]
    for pair in pairs:
        if len(pair) != 2:
            raise BadEvent(f"{where}: expected pairs of a text and a number; found {pair!r}.")
    return tuple((_scalar("str", text, where), _scalar("float", logprob, where)) for text, logprob in pairs)


_NESTED: Mapping[str, type[Any]] = {"Maker": Maker, "TokenTrace": TokenTrace}
_SCALARS: Mapping[str, tuple[type[Any], ...]] = {"int": (int,), "float": (float, int), "bool": (bool,)}


def _scalar(hint: str, value: Any, where: str) -> Any:
    """A number, truth value or text; hints that name no number are texts or literals of texts."""
    base, _, optional = hint.partition(" | ")
    if value is None and optional == "None":
        return None
    expected = _SCALARS.get(base, (str,))
    if not isinstance(value, expected) or (isinstance(value, bool) and base != "bool"):
        raise BadEvent(f"{where}: expected {hint}; found {value!r}.")
    if base == "float":
        return _finite(value, where)
    return value


def _finite(value: float, where: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise BadEvent(f"{where}: expected a finite number; found {value!r}.")
    return number


def _shaped(value: Any, kind: type[Any], where: str) -> Any:
    if not isinstance(value, kind):
        raise BadEvent(f"{where}: expected {'an object' if kind is dict else 'a list'}; found {value!r}.")
    return value


def _refuse_constant(name: str) -> float:
    raise BadEvent(f"Expected finite numbers; found {name}.")
