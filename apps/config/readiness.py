"""Whether database and broker answer this process, for whoever sends it requests; it says nothing else about them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import psycopg
import redis
from django.db import connection
from django.http import HttpRequest, HttpResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.accounts.gate import open_to_everybody
from apps.config.celery import app

logger = logging.getLogger(__name__)
PATIENCE_S = 2
# Whoever asks again within this time is told the same, so that asking often costs the services nothing.
KEPT_S = 1.0
RETRY_AFTER_S = 5


class Readiness:
    """What was missing when it was last looked; one request looks at a time, and the others are told what it saw."""

    def __init__(self, asked: dict[str, Callable[[], None]], clock: Callable[[], float] = time.monotonic) -> None:
        self._asked, self._clock = asked, clock
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._missing: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """Names of the services that did not answer, at most KEPT_S ago."""
        with self._lock:
            if self._clock() - self._looked_at >= KEPT_S:
                self._missing = tuple(name for name, ask in self._asked.items() if not self._answers(name, ask))
                self._looked_at = self._clock()
            return self._missing

    def _answers(self, name: str, ask: Callable[[], None]) -> bool:
        try:
            ask()
        except (psycopg.Error, redis.RedisError, OSError) as error:
            if name not in self._missing:
                logger.warning("Not ready: the %s does not answer (%s: %s).", name, type(error).__name__, error)
            return False
        return True


def ask_database() -> None:
    """Open a connection and ask for something: the pool would wait longer than anybody who looks. Raises psycopg's."""
    limits = {"connect_timeout": PATIENCE_S, "options": f"-c statement_timeout={PATIENCE_S * 1000}"}
    with psycopg.connect(**{**connection.get_connection_params(), **limits}) as asked:
        asked.execute("SELECT 1")


def ask_broker() -> None:
    """Say ping, once. Raises redis-py's errors."""
    once = Retry(NoBackoff(), 0)
    url = app.conf.broker_url
    with redis.Redis.from_url(url, retry=once, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S) as asked:
        asked.ping()


_readiness = Readiness({"database": ask_database, "broker": ask_broker})


@open_to_everybody
def readyz(request: HttpRequest) -> HttpResponse:
    """Say ok, or with status 503 which of database and broker is missing; what is wrong with it stands in the log."""
    missing = _readiness.missing()
    text = f"missing: {', '.join(missing)}\n" if missing else "ok\n"
    answer = HttpResponse(text, content_type="text/plain", status=503 if missing else 200)
    answer["Cache-Control"] = "no-store"
    if missing:
        answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer
