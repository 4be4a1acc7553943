"""Keeps claimed runs ours while they are played: a thread renews their leases; it plays nothing and hands back nothing.

The thread has a connection of its own, so that neither a long draft nor a loading model is taken for a dead worker.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from math import inf
from types import TracebackType
from typing import Self

from django.db import Error, connection

from apps.runs import leases
from apps.runs.leases import LEASE_S, RENEW_S, Claim
from apps.runs.sink import FenceLost, RunSink

logger = logging.getLogger(__name__)
TICK_S = 0.1


class Renewal:
    """Holds claims with their sinks; inside `with`, renews them every RENEW_S and stores what waits in a sink.

    `clock` answers seconds. A caller inside a transaction gets no thread: nobody else sees its claims, so nobody can
    take them, and the thread would not see them either.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, lease_s: float = LEASE_S) -> None:
        self._clock, self._lease_s = clock, lease_s
        self._sinks: dict[Claim, RunSink] = {}
        self._lost: frozenset[Claim] = frozenset()
        self._renewed_at = -inf
        self._fault: Exception | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="renewal", daemon=True)

    def __enter__(self) -> Self:
        if not connection.in_atomic_block:
            self._renewed_at = self._clock()
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()

    def hold(self, claim: Claim, sink: RunSink) -> None:
        """Renew this claim from now on."""
        self._sinks[claim] = sink

    def let_go(self, claim: Claim) -> None:
        """Renew it no more."""
        self._sinks.pop(claim, None)

    @property
    def lost(self) -> frozenset[Claim]:
        """Claims that did not hold any more when they were last renewed: runs that were taken over, paused, cancelled,
        deleted or have ended. Raises what went wrong in the thread, if it was none of the database's errors."""
        if self._fault is not None:
            raise self._fault
        return self._lost

    def tick(self) -> None:
        """Store what has waited in a sink; renew, if it is time. The database's errors are logged: there is another
        tick, and whoever plays meets them too."""
        # A copy, because whoever plays holds and lets go of claims meanwhile.
        held = list(self._sinks.items())
        try:
            for _, sink in held:
                self._flush(sink)
            if held and self._clock() - self._renewed_at >= RENEW_S:
                self._renewed_at = self._clock()
                self._renew([claim for claim, _ in held])
        except Error as error:
            logger.warning("The leases could not be renewed (%s); trying again.", error)
            connection.close()

    def _flush(self, sink: RunSink) -> None:
        try:
            sink.flush_stale()
        except (FenceLost, ValueError):
            # The events still wait, so whoever plays the run is told the same by its next one.
            logger.debug("Run %s could not be stored from beside.", sink.run_id, exc_info=True)

    def _renew(self, held: list[Claim]) -> None:
        renewed = leases.renew(held, lease_s=self._lease_s)
        self._lost |= frozenset(held) - renewed

    def _keep(self) -> None:
        try:
            while not self._ending.wait(TICK_S):
                self.tick()
        except Exception as error:  # noqa: BLE001 — a thread has nobody to raise to; whoever plays raises it
            self._fault = error
        finally:
            connection.close()
