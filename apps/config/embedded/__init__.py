"""The PostgreSQL and Valkey that come as wheels: shared by the commands of one data folder; it never opens a parent."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from apps.config.embedded.errors import ServiceError
from apps.config.embedded.postgres import Postgres
from apps.config.embedded.service_user import open_data_folder, service_user
from apps.config.embedded.valkey import Valkey

__all__ = ["ServiceError", "Services"]


class Services:
    """The servers under one data folder and the commands that hold them.

    Holders are counted by process id and start time in services.json, under a lock; the last one out stops both
    servers. A holder that was killed is no holder: whoever comes next strikes it out.
    """

    def __init__(self, folder: Path, *, postgres: bool = True, valkey: bool = True) -> None:
        self.folder = folder
        self.postgres = Postgres(folder)
        self.valkey = Valkey(folder)
        self._wanted: list[Postgres | Valkey] = [
            *([self.postgres] if postgres else []),
            *([self.valkey] if valkey else []),
        ]
        self._holder_pid: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no server is wanted, because addresses name others."""
        return not self._wanted

    def hold(self) -> None:
        """Start what does not run and count this process in. Raises ServiceError with a sentence when that fails."""
        user = service_user()
        open_data_folder(self.folder, user)
        with self._locked():
            holders = self._holders()
            try:
                for server in self._wanted:
                    server.start(user)
            except BaseException:
                # Counted nowhere yet: what did come up would be left to nobody.
                if not holders:
                    self._stop_all()
                raise
            self._write_holders([*holders, _identity(psutil.Process())])
        self._holder_pid = os.getpid()

    def let_go(self) -> None:
        """Count this process out and stop the servers when it was the last; a forked child lets go of nothing."""
        if self._holder_pid != os.getpid():
            return
        self._holder_pid = None
        me = _identity(psutil.Process())
        with self._locked():
            others = self._holders()
            if me in others:
                others.remove(me)
            self._write_holders(others)
            if not others:
                self._stop_all()

    def stop_if_abandoned(self) -> bool:
        """Stop servers whose holders are all gone; return whether nobody holds them now."""
        with self._locked():
            holders = self._holders()
            if not holders:
                self._stop_all()
            return not holders

    def _stop_all(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "services.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _holders(self) -> list[list[float]]:
        path = self.folder / "services.json"
        try:
            known: list[list[float]] = json.loads(path.read_text()) if path.exists() else []
            return [holder for holder in known if _is_alive(holder)]
        except (ValueError, TypeError):
            # Empty or cut off, as a power cut may leave it. Whoever it named did not outlive that.
            return []

    def _write_holders(self, holders: list[list[float]]) -> None:
        unfinished = self.folder / "services.json.unfinished"
        with unfinished.open("w") as file:
            file.write(json.dumps(holders))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / "services.json")


def _identity(process: psutil.Process) -> list[float]:
    return [process.pid, process.create_time()]


def _is_alive(holder: list[float]) -> bool:
    pid, started = holder
    try:
        process = psutil.Process(int(pid))
        return abs(process.create_time() - started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
