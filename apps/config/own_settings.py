"""The settings that are Branchwise's own, as one frozen object; it reads nothing and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BranchwiseSettings:
    """What the code reads as settings.BRANCHWISE.

    clone: the folder of manage.py.
    data_dir: where everything that must survive is kept: the key, the embedded servers' folders, snapshots.
    fixtures_dir: the files that are shipped: problems, models, traces, the demo.
    migrates_itself: whether a command that needs the database applies missing migrations before it runs.
    upload_limit_mib: the largest file a page takes, in MiB (BRANCHWISE_UPLOAD_LIMIT_MIB); commands take any size.
    trusted_proxies: how many proxies of our own stand before the web process (TRUSTED_PROXIES); the address that the
    outermost of them saw is the caller's. With none, X-Forwarded-For is not read.
    """

    clone: Path
    data_dir: Path
    fixtures_dir: Path
    migrates_itself: bool
    upload_limit_mib: int
    trusted_proxies: int
