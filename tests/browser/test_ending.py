"""Tables are emptied after a test whatever the server still reads for a page that is closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, transaction

from tests.browser.ending import end_what_nobody_waits_for
from tests.browser.serving import database_url

pytestmark = pytest.mark.browser

# Its rows are as they stand; those of pg_stat_activity are as they stood when a transaction first asked.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.django_db(transaction=True)
def test_a_read_that_crosses_the_emptying_of_its_tables_is_what_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('deadlock_timeout', 'SET')")
        if not cursor.fetchone()[0]:
            pytest.skip("Whoever runs the tests may not set deadlock_timeout in this database.")
    with psycopg.connect(database_url()) as reader, ThreadPoolExecutor(1) as beside:
        end_what_nobody_waits_for()
        reader.execute("SELECT count(*) FROM accounts_team")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE runs_run IN ACCESS EXCLUSIVE MODE")
            read = beside.submit(reader.execute, "SELECT count(*) FROM runs_run")
            waiting = 0
            while not waiting:
                [waiting] = cursor.execute(WAITING).fetchone()
            cursor.execute("LOCK TABLE accounts_team IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(psycopg.errors.DeadlockDetected):
            read.result()
