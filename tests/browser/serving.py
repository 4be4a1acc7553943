"""The real web server over the tests' database, in a process of its own; it knows nothing of browsers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from apps.config.command_lines import SOCKET_OPTIONS

ROOT = Path(__file__).resolve().parents[2]
RUNNING = re.compile(r"running on (http://[\d.]+:\d+)")
STOP_S = 20


def database_url() -> str:
    """The address of the database this process tests with."""
    given = connection.settings_dict
    user, password, host = (quote(given[key] or "", safe="") for key in ("USER", "PASSWORD", "HOST"))
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    if given["HOST"].startswith("/"):
        return f"postgresql://{login}/{quote(given['NAME'])}?{urlencode({'host': given['HOST']})}"
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{login}{host}{port}/{quote(given['NAME'])}"


def started() -> subprocess.Popen[str]:
    """The server's process, on a port of its own choice; what it says about itself comes on stderr."""
    # The same key, so that a session a test begins is one the server knows.
    key = settings.BRANCHWISE.data_dir / "secret_key"
    settings.BRANCHWISE.data_dir.mkdir(parents=True, exist_ok=True)
    key.write_text(settings.SECRET_KEY)
    environment = {
        **os.environ,
        "SECRET_KEY_FILE": str(key),
        "DJANGO_SETTINGS_MODULE": "apps.config.settings.test",
        "DATABASE_URL": database_url(),
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "BRANCHWISE_DATA": str(settings.BRANCHWISE.data_dir),
    }
    command = [sys.executable, "-m", "uvicorn", "apps.config.asgi:application", "--no-proxy-headers"]
    command += [*SOCKET_OPTIONS, "--host", "127.0.0.1", "--port", "0"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def address_of(server: subprocess.Popen[str]) -> str:
    """Where the server says it runs. Raises RuntimeError with all it said where it ends before that."""
    said = []
    for line in server.stderr or ():
        if found := RUNNING.search(line):
            return found.group(1)
        said.append(line)
    raise RuntimeError(f"The web server ended with status {server.wait()} before it served:\n{''.join(said)}")


@contextmanager
def serving() -> Iterator[str]:
    """Start the server on a free port and give its address; it is stopped at the end."""
    with started() as server:
        # A full pipe would stop the server, so somebody reads on; what it says is shown with a failing test.
        reader = threading.Thread(target=lambda: sys.stderr.writelines(server.stderr or ()))
        try:
            address = address_of(server)
            reader.start()
            yield address
        finally:
            server.terminate()
            try:
                server.wait(STOP_S)
            except subprocess.TimeoutExpired:
                server.kill()
            if reader.ident is not None:
                reader.join()
