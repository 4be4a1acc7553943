"""Makers to their ids, written once and looked up after; keeps nothing longer than one sink or one bulk write lives."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from workers.search.events import Maker

_SELECT = "SELECT id FROM runs_maker WHERE kind = %s AND key = %s AND version = %s AND revision = %s AND arguments = %s"
_INSERT = (
    "INSERT INTO runs_maker (kind, key, version, revision, arguments) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_REMEMBERED_OBJECTS = 10_000


class MakerIds:
    """Answers a maker's id; asks the database, and inserts the maker where it is new, only the first time.

    Not kept for the whole process: an id learnt in a transaction that is rolled back points at nothing.
    """

    def __init__(self, before_query: Callable[[], None] = lambda: None) -> None:
        self._before_query = before_query
        self._ids: dict[Maker, int] = {}
        self._by_identity: dict[int, tuple[Maker, int]] = {}

    def __call__(self, maker: Maker) -> int:
        """The id of `maker`; the same one for every equal maker."""
        # Hashing five strings for every step and score costs as much as encoding them, and mostly the same object comes
        # again. The tuple keeps the object alive, so that its identity stays its own.
        known = self._by_identity.get(id(maker))
        if known is None:
            if len(self._by_identity) >= _REMEMBERED_OBJECTS:
                self._by_identity.clear()
            known = self._by_identity[id(maker)] = (maker, self._look_up(maker))
        return known[1]

    def forget(self) -> None:
        """Unlearn everything, for when the transaction it was learnt in is rolled back."""
        self._ids.clear()
        self._by_identity.clear()

    def _look_up(self, maker: Maker) -> int:
        if maker not in self._ids:
            self._before_query()
            self._ids[maker] = _stored_id((maker.kind, maker.key, maker.version, maker.revision, maker.arguments))
        return self._ids[maker]


def _stored_id(fields: tuple[str, ...]) -> int:
    with connection.cursor() as cursor:
        # If somebody else inserts it between the first two statements, the insert waits for their commit and the third
        # statement sees it.
        for statement in (_SELECT, _INSERT, _SELECT):
            cursor.execute(statement, fields)
            if (row := cursor.fetchone()) is not None:
                return int(row[0])
    raise LookupError(f"Maker {fields} was neither found nor inserted.")
