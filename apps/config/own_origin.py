"""Lets only pages of this very origin open sockets; who is signed in, and what they may hear, is asked later."""

from __future__ import annotations

from typing import Any
from urllib.parse import ParseResult

from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings


class OwnOrigin(OriginValidator):  # type: ignore[misc]  # channels comes without types
    """Refuses the handshake where the page is of another host or another port than the socket, as Django's check of
    forms does: another program on the same machine has our cookies in its pages too.

    CSRF_TRUSTED_ORIGINS are let in besides. Hosts that are not ours are refused even where both agree.
    """

    def __init__(self, application: Any) -> None:
        super().__init__(application, settings.ALLOWED_HOSTS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        named = {name: [value for found, value in scope["headers"] if found == name] for name in (b"host", b"origin")}
        if len(named[b"origin"]) == 1 and _same(named[b"origin"][0], named[b"host"]):
            return await super().__call__(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        """Whether it is an origin of a host of ours, written as browsers write one."""
        if parsed_origin is None or parsed_origin.scheme not in ("http", "https"):
            return False
        return bool(super().valid_origin(parsed_origin))


def _same(origin: bytes, hosts: list[bytes]) -> bool:
    """Whether the page is of the host, port included, at which the socket is asked for. The scheme is not compared: a
    proxy that ends TLS asks by http."""
    given = origin.decode("latin1").lower()
    if given in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return len(hosts) == 1 and given.partition("://")[2] == hosts[0].decode("latin1").lower()
