"""Which protocol goes where: HTTP to Django, sockets below /ws/t/<team>/; what a socket says is its app's business."""

from __future__ import annotations

from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware
from django.urls import path, re_path

from apps.config.own_origin import OwnOrigin
from apps.runs.consumers import experiment_socket, run_socket
from apps.trees.comments import comments_socket

SOCKETS = [
    path("ws/t/<slug:team>/runs/<int:run>", run_socket, name="run_socket"),
    path("ws/t/<slug:team>/runs/<int:run>/comments", comments_socket, name="comments_socket"),
    path("ws/t/<slug:team>/experiments/<int:experiment>", experiment_socket, name="experiment_socket"),
]


def protocols(http: Any) -> ProtocolTypeRouter:
    """Return the router around Django's own handler of HTTP.

    A socket is refused before it is accepted where its page is none of ours, or its address is not known; without an
    Origin, too, so programs ask the API instead."""
    sockets = URLRouter([*SOCKETS, re_path("", WebsocketDenier.as_asgi())])
    return ProtocolTypeRouter({"http": http, "websocket": OwnOrigin(CookieMiddleware(sockets))})
