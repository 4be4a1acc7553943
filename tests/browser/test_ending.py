"""Tables are emptied after a test whatever the server still reads for a page that is closed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from tests.browser.ending import end_what_nobody_waits_for, once_more
from tests.browser.serving import database_url

pytestmark = pytest.mark.browser

# Its rows are as they stand; those of pg_stat_activity are as they stood when a transaction first asked.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Crossing:
    """A reader in a transaction that goes from teams to runs, while tables are locked from runs to teams."""

    def __init__(self, reader: psycopg.Connection[Any], beside: ThreadPoolExecutor) -> None:
        self.reader, self.beside = reader, beside
        self.reads: list[Future[Any]] = []
        self.tried = self.locked = 0

    def read(self) -> None:
        """Go on from teams to runs, to the end of the transaction."""
        self.reader.execute("SELECT count(*) FROM runs_run")
        self.reader.commit()

    def lock(self, *_: object) -> None:
        """Lock both as emptying them does; the first time the reader crosses it."""
        self.tried += 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE runs_run IN ACCESS EXCLUSIVE MODE")
            if not self.reads:
                self.reads.append(self.beside.submit(self.read))
                waiting = 0
                while not waiting:
                    [waiting] = cursor.execute(WAITING).fetchone()
            cursor.execute("LOCK TABLE accounts_team IN ACCESS EXCLUSIVE MODE")
            self.locked += 1


@pytest.fixture
def crossing(transactional_db: None) -> Iterator[Crossing]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('deadlock_timeout', 'SET')")
        if not cursor.fetchone()[0]:
            pytest.skip("Whoever runs the tests may not set deadlock_timeout in this database.")
    with psycopg.connect(database_url()) as reader, ThreadPoolExecutor(1) as beside:
        end_what_nobody_waits_for()
        reader.execute("SELECT count(*) FROM accounts_team")
        yield Crossing(reader, beside)


def test_a_read_that_crosses_the_emptying_of_its_tables_is_what_ends(crossing: Crossing) -> None:
    crossing.lock()
    assert (crossing.tried, crossing.locked) == (1, 1)
    with pytest.raises(psycopg.errors.DeadlockDetected):
        crossing.reads[0].result()


def test_where_the_read_looked_too_early_for_that_the_tables_are_emptied_after_it(crossing: Crossing) -> None:
    crossing.reader.execute("SET deadlock_timeout = '10min'")
    once_more(crossing.lock)(connection.ops, [])
    assert (crossing.tried, crossing.locked) == (2, 1)
    crossing.reads[0].result()
