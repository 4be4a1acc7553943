"""Asks the process of its own container whether it does what it is for, and exits with 0 or 1; it mends nothing.

It needs Python's own library only, because it is run every few seconds.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PORT = 8000
PATIENCE_S = 6.0
# A worker shows itself every two seconds and beat every five.
SILENT_S = 30.0


def web(port: int) -> str | None:
    """What /readyz says is wrong, or that it says nothing; None when all is well."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
    # A proxy of the environment must not be asked for what is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=PATIENCE_S):
            return None
    except urllib.error.HTTPError as answer:
        return f"{answer.code} {answer.read(200).decode(errors='replace').strip()}"
    except OSError as error:
        return f"The web server does not answer: {error}."


def sign_of_life() -> str | None:
    """Why the file that beat or the worker touches is no sign of life; None when it is."""
    path = Path(os.environ["BRANCHWISE_SIGN_OF_LIFE"])
    try:
        silent_s = time.time() - path.stat().st_mtime
    except OSError as error:
        return f"No sign of life: {path}: {error.strerror}."
    return None if silent_s < SILENT_S else f"The last sign of life is {silent_s:.0f} s old: {path}."


def main(words: list[str]) -> str | None:
    """Answer what is wrong with the process that words name, in a sentence; None when nothing is."""
    try:
        match words:
            case ["web"]:
                return web(PORT)
            case ["web", port] if port.isdecimal():
                return web(int(port))
            case ["beat" | "worker"]:
                return sign_of_life()
            case _:
                return f"Expected web [PORT], beat or worker; found {' '.join(words) or 'nothing'}."
    except KeyError as name:
        return f"{name.args[0]} must be set; without it nobody can tell."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
