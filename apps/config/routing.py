"""Which protocol goes where; HTTP alone, sockets get their line when there are any."""

from __future__ import annotations

from typing import Any

from channels.routing import ProtocolTypeRouter


def protocols(http: Any) -> ProtocolTypeRouter:
    """Return the router around Django's own handler of HTTP."""
    return ProtocolTypeRouter({"http": http})
