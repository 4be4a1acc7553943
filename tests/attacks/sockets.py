"""Opens sockets as people do, through the very application that serves them, inside a test's own transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import channels.db
from asgiref.sync import async_to_sync
from channels.routing import URLRouter
from django.conf import settings

from apps.config.asgi import application
from tests.attacks.routes import Route, walked
from tests.attacks.world import Person

ANSWER_S = 10.0
# What a person is told by whom the gate refuses; TOLD is no refusal.
NOBODY, NO_RIGHT, UNKNOWN, TOLD = 4401, 4403, 4404, 0
ORIGIN = "http://testserver"


@cache
def socket_routes() -> tuple[Route, ...]:
    """Every address of a socket, found in the application; the one that denies all the others is left out."""
    layer: Any = application.application_mapping["websocket"]
    while not isinstance(layer, URLRouter):
        layer = getattr(layer, "application", None) or layer.inner
    return tuple(route for route in walked(list(layer.routes)) if route.pattern)


def answer(address: str, person: Person, *, origin: str | None = ORIGIN, host: str = "testserver") -> int:
    """How a socket answers a person: TOLD, or the code by which it is closed; 403 where it is never accepted."""
    with _one_connection():
        return async_to_sync(_opened)(address, person, origin, host)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Keep the connection that holds the test's transaction, as Django's own test client does for requests."""
    kept, channels.db.close_old_connections = channels.db.close_old_connections, lambda: None
    try:
        yield
    finally:
        channels.db.close_old_connections = kept


async def _opened(address: str, person: Person, origin: str | None, host: str) -> int:
    headers = [(b"host", host.encode()), (b"authorization", f"Bearer {person.token}".encode())]
    headers += [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={person.session}".encode())] if person.session else []
    headers += [(b"origin", origin.encode())] if origin is not None else []
    scope = {"type": "websocket", "path": address, "headers": headers, "query_string": b"", "subprotocols": []}
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming.put_nowait({"type": "websocket.connect"})
    served = asyncio.create_task(application(scope, incoming.get, said.put))
    try:
        async with asyncio.timeout(ANSWER_S):
            first = await said.get()
            if first["type"] == "websocket.close":
                return 403
            second = await said.get()
        return int(second["code"]) if second["type"] == "websocket.close" else TOLD
    finally:
        incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait([served], timeout=ANSWER_S)


def wanted(route: Route, person: Person) -> int:
    """The answer the table of rights has for a person; a socket takes no tokens."""
    if not person.signed_in or person.token:
        return NOBODY
    if not person.role:
        return UNKNOWN
    return TOLD if person.may(route.verb) else NO_RIGHT
