"""A reader who does not read: what waits for it is one set of facts, the latest, whatever is told meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from channels.layers import get_channel_layer

from apps.common.live_socket import SOCKETS_A_PERSON, TOO_MANY_SOCKETS, Admitted, LiveSocket, Standing
from apps.config.embedded import Services


class Reader:
    """The server's side of a connection, as ASGI has it, with a line that can be blocked."""

    def __init__(self) -> None:
        self.given: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.is_reading, self.came = asyncio.Event(), asyncio.Event()
        self.is_reading.set()
        self.given.put_nowait({"type": "websocket.connect"})

    async def send(self, message: dict[str, Any]) -> None:
        await self.is_reading.wait()
        self.code = message.get("code", self.code)
        if message["type"] == "websocket.send":
            self.frames.append(json.loads(message["text"]))
        self.came.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.frames) < count:
                self.came.clear()
                await self.came.wait()

    def leave(self) -> None:
        self.given.put_nowait({"type": "websocket.disconnect"})


async def look() -> Admitted:
    return Admitted(1, "person", Standing("thing", {"seq": 0}, (0,)))


def socket_of(reader: Reader) -> asyncio.Task[None]:
    return asyncio.ensure_future(LiveSocket(reader.given.get, reader.send, look).serve())


async def told_while_blocked(reader: Reader, times: int) -> None:
    serving = socket_of(reader)
    await reader.until(1)
    reader.is_reading.clear()
    for seq in range(1, times + 1):
        await get_channel_layer().group_send("thing", {"type": "told", "group": "thing", "facts": {"seq": seq}})
    reader.is_reading.set()
    async with asyncio.timeout(20):
        while reader.frames[-1] != {"seq": times}:
            reader.came.clear()
            await reader.came.wait()
    reader.leave()
    await serving


def test_a_reader_who_did_not_read_gets_the_latest_and_not_all(services: Services) -> None:
    async def scene() -> None:
        reader = Reader()
        await told_while_blocked(reader, 2_000)
        # One that was on its way, perhaps one that was told while the line came free, and the last.
        assert len(reader.frames) < 20
        await get_channel_layer().flush()

    asyncio.run(scene())


def test_one_person_holds_so_many_sockets_and_the_next_is_refused(services: Services) -> None:
    async def scene() -> None:
        readers = [Reader() for _ in range(SOCKETS_A_PERSON)]
        serving = [socket_of(reader) for reader in readers]
        for reader in readers:
            await reader.until(1)
        late = Reader()
        await socket_of(late)
        assert (late.code, late.frames) == (TOO_MANY_SOCKETS, [])
        for reader in readers:
            reader.leave()
        await asyncio.gather(*serving)
        again = Reader()
        serving = [socket_of(again)]
        await again.until(1)
        again.leave()
        await asyncio.gather(*serving)
        assert get_channel_layer().groups == {}
        await get_channel_layer().flush()

    asyncio.run(scene())


def test_hundreds_of_people_hear_the_same_news(services: Services) -> None:
    async def scene() -> None:
        async def look_of(person: int) -> Admitted:
            return Admitted(person, f"person-{person}", Standing("thing", {"seq": 0}, (0,)))

        readers = [Reader() for _ in range(300)]
        serving = [
            asyncio.ensure_future(LiveSocket(reader.given.get, reader.send, lambda n=n: look_of(n)).serve())
            for n, reader in enumerate(readers)
        ]
        for reader in readers:
            await reader.until(1)
        await get_channel_layer().group_send("thing", {"type": "told", "group": "thing", "facts": {"seq": 1}})
        for reader in readers:
            await reader.until(2)
            assert reader.frames[1] == {"seq": 1}
            reader.leave()
        await asyncio.gather(*serving)
        await get_channel_layer().flush()

    asyncio.run(scene())
