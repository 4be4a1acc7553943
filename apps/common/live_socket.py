"""One open socket of a page: passes on the latest news of one thing while its reader may have it; it carries no data.

It takes nothing from the reader, and trusts no right for longer than BEAT_S.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from apps.common.announce import Facts

logger = logging.getLogger(__name__)

NOBODY, NO_RIGHT, UNKNOWN = 4401, 4403, 4404  # of an open socket only the second: it was known, and is not any more
TOO_MANY_FRAMES, TOO_MANY_SOCKETS = 4408, 4429
FRAME_REFUSED, AWAY = 1008, 1013

BEAT_S = 15.0  # a frame at least that often; the right, and where the thing stands, are looked up with it
GAP_S = 0.1  # between two frames; of what is told meanwhile the latest is sent
STALLED_S = 60.0  # how long a reader may leave a frame unread
BROKER_S = 5.0
FRAME_BYTES = 1024
FRAMES_A_SECOND = 5
SOCKETS_A_PERSON = 50  # in one process; the newest is refused, because two pages that push each other out never rest


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thing stands: the group that hears of it, the facts a reader is told, and what differs when it moved."""

    group: str
    facts: Facts
    mark: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A reader who may have news of the thing, and the group that hears when that may have changed."""

    person: int
    person_group: str
    standing: Standing


# Answers anew whether the reader may: with the code to close with where not.
Look = Callable[[], Awaitable[Admitted | int]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_open: Counter[int] = Counter()


class ReaderGone(Exception):
    """The reader has gone, or has not read for STALLED_S."""


class LiveSocket:
    """Serves one socket from its opening to its end.

    Four loops run side by side; the first to end ends all, with the code the socket is closed with, or None where the
    reader has gone: what the reader sends, what the groups hear, what is looked up, what is sent.
    """

    def __init__(self, receive: Receive, send: Send, look: Look) -> None:
        self._receive, self._send, self._look = receive, send, look
        self._layer = get_channel_layer()
        self._latest: Facts | None = None
        self._mark: tuple[Any, ...] | None = None
        self._news, self._doubt, self._trusted = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def serve(self) -> None:
        """Accept, and pass on news until somebody goes. A refusal comes after accepting, with its code: a browser tells
        a page nothing of a handshake that failed, and the page must know whether to try again."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        with suppress(ReaderGone):
            await self._give({"type": "websocket.accept"})
            code = await self._admit()
            if code is not None:
                await self._give({"type": "websocket.close", "code": code})

    async def _admit(self) -> int | None:
        found = await self._look()
        if isinstance(found, int):
            return found
        if _open[found.person] >= SOCKETS_A_PERSON:
            return TOO_MANY_SOCKETS
        _open[found.person] += 1
        try:
            return await self._joined(found)
        finally:
            _open[found.person] -= 1
            if not _open[found.person]:
                del _open[found.person]

    async def _joined(self, found: Admitted) -> int | None:
        groups, channel = (found.standing.group, found.person_group), ""
        try:
            try:
                async with asyncio.timeout(BROKER_S):
                    await self._reach_broker()
                    channel = await self._layer.new_channel()
                    for group in groups:
                        await self._layer.group_add(group, channel)
            except Exception as error:  # noqa: BLE001 — whatever the broker's client raises, the page polls meanwhile
                logger.warning("A socket could not be opened, the broker is away (%s); its page asks by itself.", error)
                return AWAY
            # Looked up again once it listens, so that nothing falls in between.
            self._doubt.set()
            return await _first(self._read(), self._hear(channel, found), self._keep_looking(found), self._tell())
        finally:
            # Where joining broke off half-way too: of a channel that stays in a group, all that is told would be kept.
            for group in groups:
                with suppress(Exception):  # the broker is away, and forgets the socket by itself
                    async with asyncio.timeout(BROKER_S):
                        await self._layer.group_discard(group, channel)

    async def _reach_broker(self) -> None:
        """Say something to nobody, because the layer keeps a queue for every channel that it could not subscribe to."""
        try:
            await self._layer.group_send("nobody", {})
        except (OSError, RedisError):
            # A connection from before the broker was started anew is found out by its use; the next one is new.
            await self._layer.group_send("nobody", {})

    async def _read(self) -> int | None:
        """Nothing is expected of the reader; a few small frames do no harm."""
        times: deque[float] = deque(maxlen=FRAMES_A_SECOND)
        while (event := await self._receive())["type"] != "websocket.disconnect":
            now = asyncio.get_running_loop().time()
            if len(event.get("bytes") or (event.get("text") or "").encode()) > FRAME_BYTES:
                return FRAME_REFUSED
            if len(times) == FRAMES_A_SECOND and now - times[0] < 1.0:
                return TOO_MANY_FRAMES
            times.append(now)
        return None

    async def _hear(self, channel: str, found: Admitted) -> int | None:
        while True:
            message = await self._layer.receive(channel)
            if message["group"] == found.person_group:
                self._trusted.clear()
                self._doubt.set()
            else:
                self._latest = message["facts"]
                self._news.set()

    async def _keep_looking(self, found: Admitted) -> int | None:
        """Look up right and standing when in doubt, and now and then: news may be lost, and a right end unsaid."""
        while True:
            with suppress(TimeoutError):
                # Not all at the same moment after the server was started anew.
                async with asyncio.timeout(BEAT_S * random.uniform(0.8, 1.0)):
                    await self._doubt.wait()
            self._doubt.clear()
            now = await self._look()
            if isinstance(now, int):
                return now if now == AWAY else NO_RIGHT
            if now.person != found.person:
                return NO_RIGHT
            if now.standing.mark != self._mark:
                self._mark, self._latest = now.standing.mark, now.standing.facts
            if not self._doubt.is_set():
                self._trusted.set()
                self._news.set()

    async def _tell(self) -> int | None:
        while True:
            await self._news.wait()
            await self._trusted.wait()
            self._news.clear()
            # Without news, an empty frame: the line is alive.
            facts, self._latest = self._latest or {}, None
            await self._give({"type": "websocket.send", "text": json.dumps(facts)})
            await asyncio.sleep(GAP_S)

    async def _give(self, message: dict[str, Any]) -> None:
        """Send. Raises ReaderGone where nobody takes it."""
        try:
            async with asyncio.timeout(STALLED_S):
                await self._send(message)
        except (OSError, TimeoutError) as error:
            raise ReaderGone from error


async def _first(*loops: Coroutine[Any, Any, int | None]) -> int | None:
    """What the first of the loops to end answers or raises; the others are cancelled."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
