"""Django under ASGI with each request answered wholly in one thread; what is asynchronous here is the server alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from typing import IO, Any, TypeVar, cast

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Value = TypeVar("Value")

# More than the database has connections for, so that what needs none, a file or an import being read, stops nobody.
THREADS = 32


class OneThreadHandler(ASGIHandler):
    """Django's handler for views and middleware none of which is asynchronous.

    Django makes a thread for every request and goes there five times: for what is to happen before and after a request,
    for the middleware, and after finding the view in the event loop, for the view. Each way waits for the interpreter
    when there is much to do. Here threads are kept, and a request goes to one of them once. A view that is asynchronous
    is answered too, in a loop of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises ValueError for what is none."""
        if scope["type"] != "http":
            raise ValueError(f"Expected a request over HTTP; found {scope['type']!r}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await self._in_thread(self._answer, scope, body)
            if isinstance(response, StreamingHttpResponse):
                await self._send_stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def _in_thread(self, work: Callable[..., Value], *given: Any) -> Value:
        """Do something in a thread of a request, in a context of its own, so that nothing is left for the next."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, work, *given)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The response. This thread is done with the database when it comes back: a stream is closed by another one."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = cast(HttpResponseBase, refusal if request is None else self.get_response(request))
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # the sender of the signal of its end
        if response.streaming:
            close_old_connections()
        else:
            response.close()
        return response

    async def _send_stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """Send a stream part by part until its end, or until nobody is there to read it."""
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        parts = iter(cast(Iterator[bytes], response.streaming_content))
        response.streaming_content = self._parts(parts)
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if sending.done():
                leaving.cancel()
            else:
                sending.cancel()
            ended = await asyncio.gather(sending, leaving, return_exceptions=True)
            await self._in_thread(response.close)
        for error in ended:
            if isinstance(error, BaseException) and not isinstance(error, (asyncio.CancelledError, RequestAborted)):
                raise error

    async def _parts(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        """Each part as soon as a thread has read it, so that no file is held as a whole."""
        while (part := await self._in_thread(next, parts, None)) is not None:
            yield part
