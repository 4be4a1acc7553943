"""The data folder and the secret key in it; it knows where they are and never what else lies there."""

from __future__ import annotations

import os
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from apps.config import env

CLONE = Path(__file__).resolve().parent.parent.parent
ROOTS_FOLDER = Path("/var/lib/branchwise")
KEY_FILE = "secret_key"


def default_data_folder() -> Path:
    """Return .data in the clone; as root a folder outside it, so that the servers' user needs no way into the clone."""
    if os.geteuid() == 0:
        return ROOTS_FOLDER / sha256(os.fsencode(CLONE)).hexdigest()[:12]
    return CLONE / ".data"


def data_folder() -> Path:
    """Return the folder named by BRANCHWISE_DATA, else the default one. It need not exist."""
    return env.folder("BRANCHWISE_DATA", default=default_data_folder())


def make_secret_key(folder: Path) -> None:
    """Write a secret key of 64 random characters, mode 0600, unless there is one; two commands at once write one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY_FILE
    if path.exists():
        return
    # A name of its own for every writer, also for two threads of one process: none may take away what another links.
    handle, unfinished = tempfile.mkstemp(prefix=f"{KEY_FILE}.", dir=folder)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(unfinished, path)
    except FileExistsError:
        # Another command made it at the same moment; that one counts.
        pass
    finally:
        os.unlink(unfinished)


def secret_key(folder: Path) -> str:
    """Return the key of the data folder.

    Before the first start there is none: commands that start nothing get one of their own, which signs nothing.
    """
    path = folder / KEY_FILE
    return env.secret_from(path, "the data folder's key") if path.exists() else secrets.token_urlsafe(48)
