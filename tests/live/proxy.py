"""A line between a page and the server that a test can cut and mend; it changes nothing of what goes over it."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Line:
    """Listens on a port of its own and hands every connection on to the server; cut, it ends and refuses them all."""

    def __init__(self, server: str) -> None:
        self.lead_to(server)
        self._gate = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._gate.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._thread = threading.Thread(target=self._let_in, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cut()
        self._gate.shutdown(socket.SHUT_RDWR)
        self._gate.close()
        self._thread.join()

    def cut(self) -> None:
        """End every connection, and every one that is tried from now on."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def lead_to(self, server: str) -> None:
        """Hand connections that come from now on to the server at this address."""
        parts = urlsplit(server)
        self._server = (parts.hostname, parts.port)

    def mend(self) -> None:
        """Let connections through again."""
        with self._lock:
            self._is_cut = False

    def _let_in(self) -> None:
        for page in self._comers():
            with self._lock:
                if self._is_cut:
                    page.close()
                    continue
                try:
                    server = socket.create_connection(self._server)
                except ConnectionRefusedError:  # as without a line between: who is not served is told at once
                    page.close()
                    continue
                self._open |= {page, server}
            threading.Thread(target=self._pass_on, args=(page, server), daemon=True).start()

    def _comers(self) -> Iterator[socket.socket]:
        with contextlib.suppress(OSError):  # the gate is closed: the test is over
            while True:
                yield self._gate.accept()[0]

    def _pass_on(self, page: socket.socket, server: socket.socket) -> None:
        other = {page: server, server: page}
        with selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
            for end in other:
                ready.register(end, selectors.EVENT_READ)
            while all(self._passed(key.fileobj, other) for key, _ in ready.select()):
                pass
        with self._lock:
            self._open -= set(other)
        page.close()
        server.close()

    @staticmethod
    def _passed(end: object, other: dict[socket.socket, socket.socket]) -> bool:
        assert isinstance(end, socket.socket)
        data = end.recv(65536)
        if data:
            other[end].sendall(data)
        return bool(data)
