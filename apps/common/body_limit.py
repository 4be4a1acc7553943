"""How large a body may be before anything reads it: Django would write one of any length to disk, for whoever sends it.

Stands around Django as an ASGI application. It reads no body and knows no rights.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.urls import Resolver404, resolve

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
View = TypeVar("View", bound=Callable[..., Any])

MIB = 2**20
# What a form says besides its files.
BESIDES = MIB
TOO_LARGE = "branchwise.too_large"


def takes_files(view: View) -> View:
    """Let the view's address have bodies of BRANCHWISE_UPLOAD_LIMIT_MIB; all others have what fits into memory."""
    view.takes_files = True  # type: ignore[attr-defined]  # read below, and kept by the decorators around it
    return view


def most_bytes(path: str) -> int:
    """Return how many bytes a body for this address may have."""
    try:
        view = resolve(path).func
    except Resolver404:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if getattr(view, "takes_files", False):
        return settings.BRANCHWISE.upload_limit_mib * MIB + BESIDES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class BodyLimit:
    """Hands a request whose body is announced as too large on without it, marked, so that it is answered 413 as every
    other refusal is (RefusalMiddleware); a body that outgrows the limit unannounced is cut off with its connection."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        length = int(announced) if announced.isdigit() and len(announced) < 20 else 0
        fits = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        most = fits if length <= fits and not _unannounced(scope) else most_bytes(scope["path"])
        if length > most:
            about = (b"content-length", b"content-type")
            kept = [(name, value) for name, value in scope["headers"] if name not in about]
            await self.application({**scope, "headers": kept, TOO_LARGE: most}, _without_body(receive), send)
        else:
            await self.application(scope, _counted(receive, most), send)


def _unannounced(scope: Scope) -> bool:
    return any(name == b"transfer-encoding" for name, _ in scope["headers"])


def _without_body(receive: Receive) -> Receive:
    is_first = True

    async def nothing() -> Mapping[str, Any]:
        nonlocal is_first
        if is_first:
            is_first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        # Django waits for the end of the connection meanwhile; what comes before that is let fall.
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return nothing


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def counting() -> Mapping[str, Any]:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return message if read <= most else {"type": "http.disconnect"}

    return counting
