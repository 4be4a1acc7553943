"""Says news to everybody who listens to a group, from any thread of any process, through the channel layer.

It keeps no news, makes nobody wait and fails nobody: what cannot be sent is lost, because the row is the truth.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import time
from collections.abc import Mapping
from threading import Condition, Thread

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)
Facts = Mapping[str, int | str]

GROUPS_AT_MOST = 10_000  # that wait; while the broker is slow, no more memory than their latest facts is taken
SEND_S = 2.0  # how long the broker may take for one piece of news
GAP_S = 0.02  # between two rounds: what is said meanwhile of one group is sent once
LAST_WORDS_S = 1.0  # how long a process that ends waits for its last news to be sent
COMPLAINT_S = 60.0


class Announcer:
    """A thread with an event loop of its own that sends the latest facts of each group; started by the first news."""

    def __init__(self, groups_at_most: int = GROUPS_AT_MOST) -> None:
        self._groups_at_most = groups_at_most
        self._changed = Condition()
        self._waiting: dict[str, Facts] = {}
        self._is_sending = False
        self._is_ending = False
        self._thread: Thread | None = None
        self._lost = 0
        self._complained_at = -COMPLAINT_S

    def take(self, group: str, facts: Facts) -> None:
        """Have the facts sent soon, in the place of those of the same group that still wait."""
        with self._changed:
            if self._is_ending or (group not in self._waiting and len(self._waiting) >= self._groups_at_most):
                self._lost += 1
                return
            is_first = not self._waiting
            self._waiting[group] = facts
            if self._thread is None:
                self._thread = self._started()
            elif is_first:
                self._changed.notify_all()

    def end(self) -> None:
        """Send what waits, for LAST_WORDS_S at most, and take no more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._is_sending, LAST_WORDS_S)
            self._is_ending = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(LAST_WORDS_S)

    def _started(self) -> Thread | None:
        """The thread, or None where the process may have no other one now: the next news tries again."""
        thread = Thread(target=self._run, name="announcer", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._complain(error)
            return None
        return thread

    def _run(self) -> None:
        # Closing the loop, as the runner does at its end, closes the layer's connections.
        with asyncio.Runner() as runner:
            while (news := self._next()) is not None:
                runner.run(self._send(news))
                with self._changed:
                    self._is_sending = False
                    self._changed.notify_all()
                    if not self._is_ending:
                        self._changed.wait_for(lambda: self._is_ending, GAP_S)

    def _next(self) -> dict[str, Facts] | None:
        """All that waits, as soon as something does; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_ending)
            if self._is_ending:
                return None
            news, self._waiting = self._waiting, {}
            self._is_sending = True
            return news

    async def _send(self, news: dict[str, Facts]) -> None:
        for is_last in (False, True):
            try:
                await self._publish(news)
                return
            except Exception as error:  # noqa: BLE001 — whatever it is, nobody who has news may fail by it; it is logged
                # The first failure may be that of a connection from before the broker was started anew. Where one piece
                # of news could not be sent the others could not either: they would only take as long to fail.
                await self._begin_anew()
                if is_last:
                    self._lost += len(news)
                    self._complain(error)

    async def _publish(self, news: dict[str, Facts]) -> None:
        """Send all of it; what was sent is taken out."""
        layer = get_channel_layer()
        while news:
            group, facts = next(iter(news.items()))
            async with asyncio.timeout(SEND_S):
                await layer.group_send(group, {"type": "told", "group": group, "facts": dict(facts)})
            del news[group]

    async def _begin_anew(self) -> None:
        """Let go of a connection that may stand in the middle of an answer."""
        try:
            async with asyncio.timeout(SEND_S):
                await get_channel_layer().flush()
        except Exception:
            # The broker is away, which is about to be said.
            logger.debug("The connection to the broker could not be closed.", exc_info=True)

    def _complain(self, error: Exception) -> None:
        if time.monotonic() - self._complained_at >= COMPLAINT_S:
            self._complained_at = time.monotonic()
            logger.warning(
                "News could not be sent: %s so far (%s: %s). Nothing that is stored is lost; open pages ask for it.",
                self._lost,
                type(error).__name__,
                error,
            )
            self._lost = 0


_announcer = Announcer()


def tell(group: str, facts: Facts) -> None:
    """Say facts to everybody who listens to the group; returns at once and raises nothing.

    group: ASCII letters, digits, hyphens, dots and underscores, at most 99. Call it after the commit of what it tells
    (`transaction.on_commit`). Of several facts for one group within some milliseconds the latest are sent."""
    _announcer.take(group, facts)


def _end() -> None:
    _announcer.end()


def _start_anew() -> None:
    """In a forked child the thread is gone and the lock may be held by nobody who is there."""
    global _announcer
    _announcer = Announcer()


atexit.register(_end)
os.register_at_fork(after_in_child=_start_anew)
