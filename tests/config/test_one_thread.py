"""Requests over ASGI are answered in one thread, middleware and view together; files are sent part by part."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.urls import path

from apps.config.one_thread import OneThreadHandler


class ThreadMiddleware:
    """Says in which thread it was, as the view does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["X-Middleware"] = str(threading.get_ident())
        return response


def seen(request: HttpRequest) -> HttpResponse:
    """The thread that answers."""
    return HttpResponse(str(threading.get_ident()))


def sent_file(request: HttpRequest) -> FileResponse:
    """The file that a test has put at FILE."""
    return FileResponse(FILE["path"].open("rb"))


def endless(request: HttpRequest) -> StreamingHttpResponse:
    """The same part for ever."""
    return StreamingHttpResponse(repeat(b"again"))


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise ZeroDivisionError


def stream_after_a_question(request: HttpRequest) -> StreamingHttpResponse:
    """Whether the connection by which the database was asked is given back while the answer is sent."""
    connection.ensure_connection()
    asked = connections[DEFAULT_DB_ALIAS]
    return StreamingHttpResponse(str(one.connection is None) for one in [asked])


FILE: dict[str, Path] = {}
urlpatterns = [
    path("seen/", seen),
    path("file/", sent_file),
    path("asked/", stream_after_a_question),
    path("endless/", endless),
    path("broken/", broken),
]


def _scope(where: str) -> dict[str, Any]:
    return {"type": "http", "http_version": "1.1", "method": "GET", "path": where, "headers": [], "query_string": b""}


async def _asked(where: str) -> Any:
    talk: Any = ApplicationCommunicator(OneThreadHandler(), _scope(where))  # type: ignore[no-untyped-call]
    await talk.send_input({"type": "http.request", "body": b""})
    return talk


async def _get(where: str) -> tuple[int, dict[bytes, bytes], bytes]:
    talk = await _asked(where)
    start, body = await talk.receive_output(), await talk.receive_output()
    return start["status"], dict(start["headers"]), body["body"]


async def _parts(where: str) -> list[bytes]:
    talk = await _asked(where)
    assert (await talk.receive_output())["status"] == 200
    parts, goes_on = [], True
    while goes_on:
        message = await talk.receive_output()
        parts.append(message.get("body", b""))
        goes_on = message.get("more_body", False)
    await talk.wait()
    return parts


async def _leave_after_the_first_part(where: str) -> bytes:
    talk = await _asked(where)
    await talk.receive_output()
    first: bytes = (await talk.receive_output())["body"]
    await talk.send_input({"type": "http.disconnect"})
    await talk.wait()
    return first


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.ThreadMiddleware"])
def test_middleware_and_view_run_in_one_thread_which_is_not_the_servers() -> None:
    status, headers, body = async_to_sync(_get)("/seen/")
    assert (status, body) == (200, headers[b"X-Middleware"])
    assert int(body) != threading.get_ident()


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_an_address_that_is_not_there_is_answered_404() -> None:
    assert async_to_sync(_get)("/nowhere/")[0] == 404


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_a_file_is_sent_part_by_part_and_wholly() -> None:
    with TemporaryDirectory() as folder:
        FILE["path"] = Path(folder) / "large"
        FILE["path"].write_bytes(content := bytes(range(256)) * 1024)
        parts = async_to_sync(_parts)("/file/")
    assert b"".join(parts) == content
    assert len([part for part in parts if part]) == 4


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_a_stream_without_an_end_ends_when_nobody_reads_it_any_more() -> None:
    ended: list[object] = []

    def note(sender: object, **_: object) -> None:
        ended.append(sender)

    request_finished.connect(note)
    try:
        assert async_to_sync(_leave_after_the_first_part)("/endless/") == b"again"
    finally:
        request_finished.disconnect(note)
    assert ended == [OneThreadHandler]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_a_request_begins_and_ends_in_the_thread_that_answers_it() -> None:
    where: list[str] = []

    def note(**_: object) -> None:
        where.append(str(threading.get_ident()))

    for signal in (request_started, request_finished):
        signal.connect(note)
    try:
        _, _, body = async_to_sync(_get)("/seen/")
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(note)
    assert where == [body.decode()] * 2


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_a_fault_of_a_view_is_answered_500() -> None:
    assert async_to_sync(_get)("/broken/")[0] == 500


def test_what_is_no_request_over_http_is_refused_by_name() -> None:
    talk: Any = ApplicationCommunicator(OneThreadHandler(), {"type": "lifespan"})  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match="found 'lifespan'"):
        async_to_sync(talk.wait)()


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_no_connection_to_the_database_is_kept_while_a_stream_is_sent() -> None:
    assert b"".join(async_to_sync(_parts)("/asked/")) == b"True"
