"""Reads what was typed or stored into a plug-in's frozen dataclass of parameters; it guesses and repairs nothing.

A field is an int, float, bool or str, or one of them or None.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workers.search.errors import BadParameter, UnknownKey

P = TypeVar("P")
Presets = Mapping[str, Mapping[str, Any]]
_SHOWN = 60
_TRUE, _FALSE, _NONE = ("true", "yes", "1"), ("false", "no", "0"), ("", "none")


def parameter(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: Collection[Any] | None = None,
) -> Any:
    """A dataclass field with what a form and the validation need. Bounds are inclusive."""
    limits = {"minimum": minimum, "maximum": maximum, "choices": choices}
    given = {key: value for key, value in limits.items() if value is not None}
    return dataclasses.field(default=default, metadata={"help": help, **given})


def read_parameters(cls: type[P], given: Mapping[str, Any]) -> P:
    """An instance of `cls` from JSON values or typed text; fields not given keep their default.

    Raises BadParameter for an unknown name (naming the known ones), a value of another type, or one out of bounds.
    """
    plain: Any = cls  # a type variable is neither a dataclass nor hashable to the type checker
    fields = {field.name: field for field in dataclasses.fields(plain)}
    hints = _hints(plain)
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in fields:
            known = f"one of {', '.join(fields)}" if fields else "no parameters at all"
            raise BadParameter(name, known, "an unknown name")
        values[name] = _checked(name, _converted(name, value, hints[name]), fields[name].metadata)
    return cls(**values)


def read_preset(cls: type[P], name: str) -> P:
    """The parameters a preset expands to. Raises UnknownKey."""
    presets: Presets = getattr(cls, "PRESETS", {})
    if name not in presets:
        raise UnknownKey("preset", name, presets)
    return read_parameters(cls, presets[name])


def parameters_as_json(instance: Any) -> dict[str, Any]:
    """Every field with its value, defaults included, so that a stored experiment does not change with a default."""
    return {field.name: getattr(instance, field.name) for field in dataclasses.fields(instance)}


@lru_cache(maxsize=256)
def _hints(cls: type[Any]) -> dict[str, Any]:
    """Field types of a class; cached because annotations are compiled anew each time, once for each run otherwise."""
    return get_type_hints(cls)


def _converted(name: str, value: Any, hint: Any) -> Any:
    """`value` as the field's type."""
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if NoneType in kinds and (value is None or (isinstance(value, str) and value.strip().lower() in _NONE)):
        return None
    [kind] = [kind for kind in kinds if kind is not NoneType]
    return _READERS[kind](name, value)


def _int(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    # Python reads 1_6 as 16; who typed that meant something else.
    if isinstance(value, str) and "_" not in value:
        try:
            return int(value)
        except ValueError:
            raise BadParameter(name, "a whole number", _shown(value)) from None
    raise BadParameter(name, "a whole number", _shown(value))


def _float(name: str, value: Any) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise BadParameter(name, "a number", _shown(value)) from None
        if math.isfinite(number):
            return number
    raise BadParameter(name, "a finite number", _shown(value))


def _bool(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUE + _FALSE:
        return value.strip().lower() in _TRUE
    raise BadParameter(name, "true or false", _shown(value))


def _str(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise BadParameter(name, "text", _shown(value))


_READERS: dict[Any, Callable[[str, Any], Any]] = {int: _int, float: _float, bool: _bool, str: _str}


def _shown(value: Any) -> str:
    """A value in a few words, however long or deep it is."""
    if isinstance(value, (Mapping, list, tuple)):
        return "an object" if isinstance(value, Mapping) else "a list"
    whole = repr(value)
    return whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}…"


def _checked(name: str, value: Any, known: Mapping[str, Any]) -> Any:
    """`value`, if it keeps the field's choices and bounds."""
    if value is None:
        return value
    choices, lowest, highest = known.get("choices"), known.get("minimum"), known.get("maximum")
    if choices is not None and value not in choices:
        raise BadParameter(name, f"one of {', '.join(map(str, choices))}", _shown(value))
    if lowest is not None and value < lowest:
        raise BadParameter(name, f"at least {lowest}", _shown(value))
    if highest is not None and value > highest:
        raise BadParameter(name, f"at most {highest}", _shown(value))
    return value
