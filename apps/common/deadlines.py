"""Questions to the database that are given up after a while, so that no search holds a connection for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """The database gave a question up; nothing of its answer is known."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let every query of the block take so long at most. Raises TookTooLong where one does not end in time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, round(seconds * 1000)))])
            yield
            # A transaction around this one goes on without the limit; where it is left by an error, so is the setting.
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise
