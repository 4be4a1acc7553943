"""One server as a process of its own: spawn it, see whether it runs, stop it; which server it is, it does not ask."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from apps.config.embedded.errors import ServiceError
from apps.config.embedded.service_user import ServiceUser

POLL_S = 0.01
LOG_LIMIT_BYTES = 10_000_000


def running(pid_file: Path, mark: str) -> psutil.Process | None:
    """Return the live process named in the first line of pid_file if `mark` stands in its command line.

    The mark (a path of ours) keeps a number that was given to another process since from being taken for the server.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        ours = any(mark in word for word in process.cmdline())
        return process if ours and alive(process) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def alive(process: psutil.Process) -> bool:
    """Whether the process still works; one that ended and that nobody reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def spawn(command: Sequence[str], *, user: ServiceUser, log: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches the command and not the server."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as out:
        user.own(log)
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=clean_environment(),
            start_new_session=True,
            umask=0o077,
            **user.popen_arguments(),
        )


def clean_environment() -> dict[str, str]:
    """Return what a server needs to know and nothing of the person's: no PGDATA, no locale, no secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC"}


def wait_until(
    is_ready: Callable[[], bool], *, child: subprocess.Popen[bytes], name: str, log: Path, timeout_s: float
) -> None:
    """Wait until the server answers; raise ServiceError with the end of its log if it ends or takes too long."""
    give_up_at = time.monotonic() + timeout_s
    while not is_ready():
        if child.poll() is not None:
            raise ServiceError(f"{name} ended with status {child.returncode} while starting. {tail(log)}")
        if time.monotonic() > give_up_at:
            raise ServiceError(f"{name} did not answer within {timeout_s:.0f} s. {tail(log)}")
        time.sleep(POLL_S)


def tail(log: Path, lines: int = 5) -> str:
    """Return the last lines of a log as one sentence that names the file."""
    text = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f"The end of {log}: " + " / ".join(text[-lines:] or ["(empty)"])


def stop(process: psutil.Process, *, first: signal.Signals, last: signal.Signals, patience_s: float) -> None:
    """Ask the server to end, wait for it, and end it harder when it does not."""
    for ask in (first, last):
        try:
            process.send_signal(ask)
        except psutil.NoSuchProcess:
            return
        give_up_at = time.monotonic() + patience_s
        while alive(process) and time.monotonic() < give_up_at:
            time.sleep(POLL_S)
        if not alive(process):
            return
    raise ServiceError(f"The server with process id {process.pid} does not end. Look at it with ps and end it by hand.")
