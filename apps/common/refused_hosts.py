"""Keeps the log short about requests to hosts that are not ours: anybody can send them; none is left out."""

from __future__ import annotations

import logging

MOST = 200


class OneShortLine(logging.Filter):
    """Takes the traceback away, which always leads through the same lines of Django, and cuts a long host; every line
    passes, because it is what tells an operator that a name is missing in ALLOWED_HOSTS."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        record.msg, record.args = said if len(said) <= MOST else f"{said[:MOST]}…", ()
        record.exc_info = None
        return True
