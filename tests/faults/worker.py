"""A real Celery worker as a process group of its own, and what can be asked of it; it is killed when a test leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import redis
from django.conf import settings

# A worker that starts on a laden machine has a minute behind it before it takes anything.
WAIT_S = 180
_ARGUMENTS = ("--pool", "prefork", "--without-gossip", "--without-mingle", "--loglevel", "INFO")


class Worker:
    """A started worker with its log."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, broker_url: str) -> None:
        self.process = process
        self._log, self._broker_url = log, broker_url

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Look until it is so. Raises AssertionError with the worker's log if it ends first or WAIT_S are over."""
        for _ in range(WAIT_S * 10):
            if is_so():
                return
            try:
                self.process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError(f"Waited in vain until {what}.\n{self._log.read_text()}")

    def wait_until_idle(self) -> None:
        """Until every message was taken and acknowledged."""
        with redis.Redis.from_url(self._broker_url) as broker:
            self.wait_until(lambda: not broker.llen("celery") and not broker.hlen("unacked"), "the queue is empty")

    def children(self) -> list[psutil.Process]:
        """The processes of its pool."""
        return psutil.Process(self.process.pid).children()

    def stop(self) -> int:
        """Ask it to end, as an orderly stop does; answers its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=WAIT_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"The worker does not end.\n{self._log.read_text()}") from None

    def kill_group(self) -> None:
        """Kill it with all its children, as the machine's end would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def beating(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Beat on the test's broker, which says every few seconds that there is work."""
    schedule = str(folder / "beat-schedule")
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "apps.config.celery",
        "beat",
        "--schedule",
        schedule,
        "--pidfile",
        "",
    ]
    process = subprocess.Popen(command, cwd=settings.BRANCHWISE.clone, env=dict(environment), stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def started(environment: Mapping[str, str], log: Path, *, children: int = 1, also: str = "") -> Iterator[Worker]:
    """A worker on the test's database and broker. also: a module it imports besides its tasks."""
    include = ",".join(filter(None, ("workers.tasks", also)))
    command = [sys.executable, "-m", "celery", "-A", "apps.config.celery", "worker", "-I", include, *_ARGUMENTS]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*command, "--concurrency", str(children)],
            cwd=settings.BRANCHWISE.clone,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    worker = Worker(process, log, environment["BROKER_URL"])
    try:
        yield worker
    finally:
        if process.poll() is None:
            worker.kill_group()
        with redis.Redis.from_url(environment["BROKER_URL"]) as broker:
            broker.flushdb()
