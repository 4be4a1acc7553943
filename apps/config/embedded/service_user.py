"""Who the embedded servers run as: the person, or as root a system user without rights; it opens no folder but ours."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from apps.config.embedded.errors import ServiceError

SYSTEM_USER = "branchwise"


class PopenArguments(TypedDict, total=False):
    """What subprocess needs in order to start as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServiceUser:
    """The user a server runs as. `switched` is true where root hands over to the system user."""

    name: str
    uid: int
    gid: int
    switched: bool

    def popen_arguments(self) -> PopenArguments:
        """Return the arguments that start a process as this user; none where no change is needed."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switched else {}

    def own(self, path: Path) -> None:
        """Give the path to this user, where root made it."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def private_folder(self, path: Path) -> None:
        """Make a folder that this user alone may enter; refuses one that belongs to somebody else."""
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if (
            stat.S_ISLNK(found.st_mode)
            or not stat.S_ISDIR(found.st_mode)
            or found.st_uid not in (self.uid, os.geteuid())
        ):
            raise ServiceError(
                f"{path} must be a folder of user {self.name!r}; it belongs to user id {found.st_uid} or is a link. "
                "Remove it, or set BRANCHWISE_DATA to another folder."
            )
        self.own(path)
        path.chmod(0o700)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may pass through the folder, by its mode; access lists are not read."""
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def service_user() -> ServiceUser:
    """Return the user to run servers as; as root the system user, made when it is missing."""
    if os.geteuid() != 0:
        me = person()
        return ServiceUser(me.pw_name, me.pw_uid, me.pw_gid, switched=False)
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        found = _make_system_user()
    return ServiceUser(found.pw_name, found.pw_uid, found.pw_gid, switched=True)


def person() -> pwd.struct_passwd:
    """Return the password entry of whoever runs this command; PostgreSQL refuses users without one."""
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise ServiceError(
            f"User id {os.geteuid()} has no name on this machine, and PostgreSQL needs one. "
            "Run as a user of /etc/passwd, or set DATABASE_URL and BROKER_URL."
        ) from None


def _make_system_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd is None:
        raise ServiceError(
            f"PostgreSQL does not run as root, there is no user {SYSTEM_USER!r}, and no useradd to make one. "
            "Make that user, run as another one, or set DATABASE_URL and BROKER_URL."
        )
    made = subprocess.run(
        [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
         "--user-group", SYSTEM_USER],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        # Two commands may have met here: what counts is that the user exists, not who made it.
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise ServiceError(f"useradd could not make the system user {SYSTEM_USER!r}: {made.stderr.strip()}") from None


def open_data_folder(folder: Path, user: ServiceUser) -> None:
    """Make the data folder and let the service user pass through it; a closed parent is refused by name, not opened."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(mode=0o700 if missing == folder else 0o755, exist_ok=True)
    if not user.switched:
        return
    for parent in folder.parents:
        if not user.can_enter(parent):
            raise ServiceError(
                f"The servers run as user {user.name!r}, who may not enter {parent}. "
                "That folder is not opened for them: set BRANCHWISE_DATA to a folder all of whose parents can be "
                "entered, such as /var/lib/branchwise/data."
            )
    if not user.can_enter(folder):
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
