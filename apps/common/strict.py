"""StrictSerializer: reads an object of JSON by field and type; it guesses and converts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

SHOWN = 60


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses, by name, a field nobody knows and a value of another type than its field's.

    TYPES: for each field the types JSON may have for it, and what was expected in words. DRF alone passes unknown
    fields over, and would take 1 for a text, "yes" for true and true for a number.
    """

    TYPES: ClassVar[Mapping[str, tuple[tuple[type, ...], str]]] = {}

    def to_internal_value(self, data: Any) -> Any:
        """The fields, checked. Raises ValidationError, which names each field nobody knows or of a wrong type."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"": f"Expected an object of fields; found {_described(data)}."})
        wrong = {name: f"Unknown field. Known: {', '.join(self.TYPES)}." for name in data if name not in self.TYPES}
        for name, (types, expected) in self.TYPES.items():
            value = data.get(name)
            if name in data and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
                wrong[name] = f"Expected {expected}; found {_described(value)}."
        if wrong:
            raise serializers.ValidationError({str(name)[:SHOWN]: sentence for name, sentence in wrong.items()})
        return super().to_internal_value(data)


def _described(value: Any) -> str:
    """A value of JSON in a few words, however long it is."""
    if isinstance(value, str):
        return repr(value[:SHOWN]) + ("…" if len(value) > SHOWN else "")
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else "a number"
