"""What a closed page leaves behind: requests the server is still at, which nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from psycopg.errors import DeadlockDetected

TRIES = 5
# A statement that has been sent is cancelled; nobody knows of one that its request sends a moment later.
CANCEL = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
AND (query ILIKE 'SELECT%' OR query ILIKE '%WITH %')
"""
# Where two wait for each other PostgreSQL ends the one that looks first, after this long; others look once, after a
# second. Who may not set it can lose.
LOOK_LAST = """
SELECT set_config('deadlock_timeout', '4s', false) WHERE has_parameter_privilege('deadlock_timeout', 'SET')
"""
Empty = Callable[[BaseDatabaseOperations, list[str]], Any]


def end_what_nobody_waits_for() -> None:
    """Cancel the server's reads, and let this connection win against those to come.

    After a test all its tables are emptied at once, and a read of two of them would wait for that and be waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(CANCEL)
        cursor.execute(LOOK_LAST)


def once_more(empty: Empty) -> Empty:
    """Empty tables by `empty`, and once more where a read crossed that all the same, having looked too early.

    Raises what `empty` raises, a deadlock after TRIES only.
    """

    def emptied(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        for left in reversed(range(TRIES)):
            try:
                return empty(operations, statements)
            except OperationalError as error:
                if not left or not isinstance(error.__cause__, DeadlockDetected):
                    raise
                end_what_nobody_waits_for()

    return emptied


@contextmanager
def emptied_beside_readers() -> Iterator[None]:
    """Have Django empty the tables so while a server reads them."""
    plain = BaseDatabaseOperations.execute_sql_flush
    BaseDatabaseOperations.execute_sql_flush = once_more(plain)  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]
