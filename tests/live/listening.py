"""A program that listens to a socket as a page does: with a session and an Origin; it asserts nothing by itself."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from apps.accounts.models import User

PATIENCE_S = 20


def session_of(person: User) -> str:
    """The cookie of a browser in which the person has just signed in."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def opened(server: str, path: str, *, session: str = "", origin: str | None = "") -> connect:
    """A socket, open inside `with`. origin: of the page, "" for one of ours, None for a program without."""
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
    return connect(
        server.replace("http", "ws", 1) + path,
        origin=server if origin == "" else origin,  # type: ignore[arg-type]  # a new type of str
        additional_headers=cookie,
        open_timeout=PATIENCE_S,
        compression=None,
    )


def facts(socket: ClientConnection) -> dict[str, Any]:
    """What the next frame tells; {} where it only shows that the line is alive."""
    told: dict[str, Any] = json.loads(socket.recv(PATIENCE_S))
    return told


def news(socket: ClientConnection) -> dict[str, Any]:
    """The next facts that are not empty. Raises AssertionError after three heartbeats without any."""
    for _ in range(3):
        if told := facts(socket):
            return told
    raise AssertionError("Three heartbeats came and no news.")


def code_of(opening: connect) -> int:
    """The code with which the server closes a socket, whatever frames come before."""
    with opening as socket:
        return until_closed(socket)[1]


def until_closed(socket: ClientConnection) -> tuple[list[dict[str, Any]], int]:
    """Everything that is told before the server closes, and the code it closes with."""
    told = []
    try:
        while True:
            told.append(facts(socket))
    except ConnectionClosed as closed:
        return told, closed.rcvd.code if closed.rcvd else 1006
