"""Tells a database that is away for the moment from a fault of ours; it asks the database nothing."""

from __future__ import annotations

import psycopg
from django.db import InterfaceError, OperationalError

RETRY_AFTER_S = 2
# Connection lost or refused (08), shut down (57P01 to 57P03), no room for another connection (53300).
AWAY_STATES = ("08", "57P01", "57P02", "57P03", "53300")


def is_database_away(error: BaseException | None) -> bool:
    """Whether the error says that the database cannot be reached, so that the same request may succeed in a while."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    # Without a state nothing was answered: no connection came about, or it broke off.
    return state is None or state.startswith(AWAY_STATES)
