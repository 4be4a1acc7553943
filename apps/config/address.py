"""At which address the web server of this data folder answers; it starts no server."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from apps.config.command_lines import DEFAULT_PORT, HOST
from apps.config.embedded.valkey import free_port, is_free

FILE = "address"
POLL_S = 0.05


def choose_port(wanted: int, say: Callable[[str], None]) -> int:
    """Return the wanted port, or a free one if somebody listens there already, and say so."""
    if is_free(wanted):
        return wanted
    port = free_port()
    say(f"Port {wanted} is taken; using {port}.")
    return port


def remember(data_dir: Path, port: int) -> str:
    """Write down and return the address, so that commands can print links that work."""
    address = f"http://{HOST}:{port}"
    (data_dir / FILE).write_text(address)
    return address


def remembered(data_dir: Path) -> str:
    """Return the address of the last web server, or the usual one."""
    path = data_dir / FILE
    return path.read_text() if path.exists() else f"http://{HOST}:{DEFAULT_PORT}"


def pages_address(given: str | None = None) -> str:
    """Return where people find the pages, for a link that is printed: what was given, else the first trusted origin,
    which a deployment has, else the address of the last web server of this machine."""
    return (given or next(iter(settings.CSRF_TRUSTED_ORIGINS), "") or remembered(settings.BRANCHWISE.data_dir)).rstrip(
        "/"
    )


def wait_for(address: str, *, timeout_s: float) -> bool:
    """Wait until the web server answers; return whether it did in time."""
    give_up_at = time.monotonic() + timeout_s
    while time.monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(f"{address}/livez", timeout=5.0):  # noqa: S310  # an http address of our own
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(POLL_S)
    return False
