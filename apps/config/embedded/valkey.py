"""The embedded Valkey of one data folder: started, stopped; it listens on 127.0.0.1 and wants a password."""

from __future__ import annotations

import json
import secrets
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from apps.config.embedded import server_process
from apps.config.embedded.binaries import valkey_server
from apps.config.embedded.service_user import ServiceUser

NAME = "Valkey"
HOST = "127.0.0.1"
START_TIMEOUT_S = 60.0
STOP_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Endpoint:
    """Where the server listens and what it wants to hear."""

    port: int
    password: str


class Valkey:
    """One server under <data>/valkey: its append-only files, configuration, endpoint and log.

    The endpoint is drawn once and kept in endpoint.json (mode 0600); only a port that was taken since is drawn anew.
    """

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / "valkey"
        self.configuration = self.folder / "valkey.conf"
        self.log = self.folder / "server.log"
        self.endpoint = self._known_endpoint() or Endpoint(free_port(), secrets.token_urlsafe(32))

    def url(self) -> str:
        """Return the address of the server, password included."""
        return f"redis://:{self.endpoint.password}@{HOST}:{self.endpoint.port}/0"

    def process(self) -> psutil.Process | None:
        """Return the running server, if there is one."""
        return server_process.running(self.folder / "valkey.pid", str(self.configuration))

    def start(self, user: ServiceUser) -> None:
        """Start the server where it does not run. Raises ServiceError with the end of its log when it fails."""
        if self.process() is not None:
            self.endpoint = self._known_endpoint() or self.endpoint
            return
        program = valkey_server(user)
        user.private_folder(self.folder)
        if not is_free(self.endpoint.port):
            self.endpoint = Endpoint(free_port(), self.endpoint.password)
        self._write(self.folder / "endpoint.json", json.dumps(self.endpoint.__dict__), user)
        self._write(self.configuration, "".join(f"{line}\n" for line in self._settings()), user)
        (self.folder / "valkey.pid").unlink(missing_ok=True)
        child = server_process.spawn(
            [str(program), str(self.configuration)], user=user, log=self.log, folder=self.folder
        )
        server_process.wait_until(self._is_ready, child=child, name=NAME, log=self.log, timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """Stop the server after it wrote what it holds; does nothing where none runs."""
        process = self.process()
        if process is not None:
            server_process.stop(process, first=signal.SIGTERM, last=signal.SIGKILL, patience_s=STOP_PATIENCE_S)

    def _known_endpoint(self) -> Endpoint | None:
        path = self.folder / "endpoint.json"
        try:
            return Endpoint(**json.loads(path.read_text())) if path.exists() else None
        except (ValueError, TypeError):
            # Spoilt by a power cut, which ended the server too; another one is drawn.
            return None

    def _write(self, path: Path, text: str, user: ServiceUser) -> None:
        # Renamed into place: who reads at the same moment finds the old text or the new one, never half of it.
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.chmod(0o600)
        user.own(unfinished)
        unfinished.write_text(text)
        unfinished.replace(path)

    def _settings(self) -> list[str]:
        return [
            f"bind {HOST}",
            f"port {self.endpoint.port}",
            f"requirepass {self.endpoint.password}",
            "protected-mode yes",
            "daemonize no",
            # The command line is how a later command knows the server for ours.
            "set-proc-title no",
            f'pidfile "{self.folder / "valkey.pid"}"',
            f'dir "{self.folder}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
        ]

    def _is_ready(self) -> bool:
        try:
            with socket.create_connection((HOST, self.endpoint.port), timeout=1.0) as connection:
                connection.sendall(f"AUTH {self.endpoint.password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
        except OSError:
            # Refused or reset: it does not listen yet; the caller knows when to give up.
            return False


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server can take the port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
