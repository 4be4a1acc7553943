"""Rows that nearly every request asks for by a key, by statements that are compiled once and that the database plans
once; it decides nothing and stores nothing.

Django compiles a query anew for every request and the database plans it anew, which for one row by a key is most of
what it costs (2026-11, by profiles of saving a label: membership with its team a fifth of the request before, now a
thirteenth of a shorter one).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import ForeignKey, Model

Row = TypeVar("Row", bound=Model)


def prepared_cursor() -> CursorWrapper:
    """A cursor that sends values beside the statement, so that a connection has it planned once (OPTIONS'
    prepare_threshold says after how often); counted and logged as every cursor of Django's."""
    connection.ensure_connection()
    made: Any = ServerBindingCursor  # the stubs know neither what it takes nor that it is what the wrappers take
    cursor = made(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


class Lookup(Generic[Row]):
    """At most one row of a table, with the rows that it points to: what a query set with select_related finds."""

    def __init__(self, model: type[Row], *, joined: Sequence[str] = ()) -> None:
        """joined: foreign keys of the model that are never null."""
        self._model, self._joined = model, tuple(joined)
        self._statements: dict[tuple[str, ...], str] = {}

    def first(self, **values: Any) -> Row | None:
        """The row whose fields have these values, of which one has to be a key; None where there is none. One query.

        The names are as in a query set: of a field, of a field of a joined row (`team__slug`), or of what a field is
        greater than (`expire_date__gt`).
        """
        names = tuple(values)
        statement = self._statements.get(names) or self._statements.setdefault(names, self._statement(names))
        with prepared_cursor() as cursor:
            cursor.execute(statement, tuple(values.values()))
            found = cursor.fetchone()
        if found is None:
            return None
        parts = [_loaded(fields, found[begin : begin + len(fields)]) for begin, fields in self._places]
        row: Row = self._model.from_db(connection.alias, *parts[0])
        for key, (fields, loaded) in zip(self._keys, parts[1:], strict=True):
            setattr(row, key.name, key.related_model.from_db(connection.alias, fields, loaded))
        return row

    @cached_property
    def _keys(self) -> list[Any]:
        keys = [self._model._meta.get_field(name) for name in self._joined]
        if not all(isinstance(key, ForeignKey) and not key.null for key in keys):
            raise TypeError(
                f"Expected foreign keys of {self._model.__name__} that are never null; found {self._joined}."
            )
        return keys

    @cached_property
    def _places(self) -> list[tuple[int, list[Any]]]:
        """Of the row and of each joined one, where its values begin, and its fields."""
        begin, places = 0, []
        for model in (self._model, *(key.related_model for key in self._keys)):
            fields = list(model._meta.concrete_fields)
            places.append((begin, fields))
            begin += len(fields)
        return places

    def _statement(self, names: Sequence[str]) -> str:
        columns = ", ".join(_column(field) for _, fields in self._places for field in fields)
        joins = "".join(
            f' JOIN "{key.related_model._meta.db_table}" ON {_column(key)} = {_column(key.target_field)}'
            for key in self._keys
        )
        table, where = self._model._meta.db_table, " AND ".join(map(self._condition, names))
        return f'SELECT {columns} FROM "{table}"{joins} WHERE {where} LIMIT 1'  # noqa: S608  # names of our own tables

    def _condition(self, name: str) -> str:
        *joined, field = name.removesuffix("__gt").split("__")
        models = {key.name: key.related_model for key in self._keys}
        model = models[joined[0]] if joined else self._model
        return f"{_column(model._meta.get_field(field))} {'>' if name.endswith('__gt') else '='} %s"


def _column(field: Any) -> str:
    return f'"{field.model._meta.db_table}"."{field.column}"'


def _loaded(fields: Sequence[Any], values: Sequence[Any]) -> tuple[list[str], list[Any]]:
    """By name the values as the model's fields hold them."""
    names = [field.attname for field in fields]
    return names, [
        value if (load := getattr(field, "from_db_value", None)) is None else load(value, None, connection)
        for field, value in zip(fields, values, strict=True)
    ]
