"""How web, beat and worker are called, on one machine and in containers alike; it starts none of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from apps.config import env

KINDS = ("web", "beat", "worker")
HOST = "127.0.0.1"
DEFAULT_PORT = 8000
# A page sends nothing, so a great frame is refused before it is held; frames of a few bytes are not worth compressing,
# which takes memory of every open socket.
SOCKET_OPTIONS = ("--ws-max-size", "1024", "--ws-per-message-deflate", "false")
# What a kind of process needs beside the settings. Why the web alone has a pool stands in the README of this folder.
ENVIRONMENT: Mapping[str, Mapping[str, str]] = {
    "web": {"PYTHONUNBUFFERED": "1", "DATABASE_POOL": "1"},
    "beat": {"PYTHONUNBUFFERED": "1"},
    "worker": {"PYTHONUNBUFFERED": "1"},
}


# One that is busy for a while, with a formula of a million labels say, is not to be taken for dead.
ALIVE_S = 30


def web_processes() -> int:
    """How many processes the web server has: of one, threads wait for each other however many processors there are."""
    return env.number("WEB_PROCESSES", default=min(2, os.cpu_count() or 1), low=1, high=64)


def command_lines(*, host: str, port: int, data_dir: Path) -> dict[str, list[str]]:
    """Return by kind the program and its arguments. host, port: where the web listens; data_dir: beat's schedule."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "apps.config.celery", "--quiet"]
    # uvicorn would believe X-Forwarded-For and -Proto from 127.0.0.1 on its own; settings say which proxy is believed.
    web = ["uvicorn", "apps.config.asgi:application", "--no-proxy-headers", *SOCKET_OPTIONS]
    at = ["--host", host, "--port", str(port)]
    if (several := web_processes()) > 1:
        at += ["--workers", str(several), "--timeout-worker-healthcheck", str(ALIVE_S)]
    else:
        at += ["--workers", "1"]  # whatever WEB_CONCURRENCY says, which uvicorn would read
    schedule = str(data_dir / "beat-schedule")
    return {
        "web": [*python, *web, *at, "--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile", ""],
        "worker": [
            *[*celery, "worker", "-I", "workers.tasks", "--pool", "prefork", "--concurrency", "1"],
            *["--loglevel", "INFO", "--without-gossip", "--without-mingle"],
        ],
    }
