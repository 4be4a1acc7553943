"""What a closed page leaves behind: requests the server is still at, which nobody waits for."""

from __future__ import annotations

from django.db import connection

# A statement that has been sent is cancelled; nobody knows of one that its request sends a moment later.
CANCEL = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
AND (query ILIKE 'SELECT%' OR query ILIKE '%WITH %')
"""
# Where two wait for each other PostgreSQL ends the one that looks first, after this long. Who may not set it can lose.
LOOK_LAST = """
SELECT set_config('deadlock_timeout', '10min', false) WHERE has_parameter_privilege('deadlock_timeout', 'SET')
"""


def end_what_nobody_waits_for() -> None:
    """Cancel the server's reads, and let this connection win against those to come.

    After a test all its tables are emptied at once, and a read of two of them would wait for that and be waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(CANCEL)
        cursor.execute(LOOK_LAST)
