"""Tests: services of their own in a folder of their own, or those the addresses name; it starts nothing by itself."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from apps.config import env
from apps.config.data_folder import CLONE
from apps.config.embedded import Services
from apps.config.own_settings import BranchwiseSettings
from apps.config.settings.base import *  # noqa: F403
from apps.config.settings.base import TRUSTED_PROXIES, connections

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
SECRET_KEY = (
    env.secret_from(Path(os.environ["SECRET_KEY_FILE"]), "SECRET_KEY_FILE")
    if "SECRET_KEY_FILE" in os.environ
    else secrets.token_urlsafe(48)
)

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # names below it are unique, and files private
ENOUGH_BYTES = 4 * 2**30


def scratch_folder() -> Path:
    """Return where throw-away clusters are kept: in memory where there is room, since nobody waits for a disk there."""
    if MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK):
        roomy = shutil.disk_usage(MEMORY_FOLDER).free >= ENOUGH_BYTES
        return MEMORY_FOLDER if roomy else Path(tempfile.gettempdir())
    return Path(tempfile.gettempdir())


SCRATCH = scratch_folder()

# Named for the process, so that two test runs in one clone do not meet; tests/conftest.py makes and removes it.
BRANCHWISE = BranchwiseSettings(
    clone=CLONE,
    data_dir=env.folder("BRANCHWISE_DATA", default=SCRATCH / f"branchwise-tests-{os.getpid()}"),
    fixtures_dir=CLONE / "fixtures",
    migrates_itself=True,
    upload_limit_mib=1,
    trusted_proxies=TRUSTED_PROXIES,
)
SERVICES = Services(
    BRANCHWISE.data_dir, postgres="DATABASE_URL" not in os.environ, valkey="BROKER_URL" not in os.environ
)
globals().update(
    connections(
        env.text("DATABASE_URL", SERVICES.postgres.url()),
        env.broker(env.text("BROKER_URL", SERVICES.valkey.url())),
    )
)

# What the passwords of people cost is held by a test of tests/accounts; hundreds are made and given here.
PASSWORD_HASHERS = ["tests.quick_hashing.QuickArgon2"]

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
