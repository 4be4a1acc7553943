"""The secret key: made at the first start, private, the same ever after; production has none of its own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from apps.config.data_folder import CLONE, make_secret_key, secret_key


def test_it_is_made_once_and_private(tmp_path: Path) -> None:
    make_secret_key(tmp_path)
    first = secret_key(tmp_path)
    make_secret_key(tmp_path)
    assert secret_key(tmp_path) == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_two_first_starts_agree(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        make_secret_key(tmp_path)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secret_key(tmp_path)) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def production(**environment: str) -> str:
    """Import the production settings in a fresh process and return what it said, empty when they were accepted."""
    done = subprocess.run(
        [sys.executable, "-c", "import apps.config.settings.production"],
        cwd=CLONE,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    key = tmp_path / "key"
    key.write_text("k" * 50)
    return {
        "ALLOWED_HOSTS": "branchwise.example.org",
        "SECRET_KEY_FILE": str(key),
        "DATABASE_URL": "postgresql://me@db/branchwise",
        "BROKER_URL": "redis://broker:6379/0",
        "BRANCHWISE_DATA": str(tmp_path),
        "SECURE_PROXY_SSL_HEADER": "none",
    }


def test_production_accepts_what_is_complete(given: dict[str, str]) -> None:
    assert production(**given) == ""


@pytest.mark.parametrize(
    "missing", ["ALLOWED_HOSTS", "SECRET_KEY_FILE", "DATABASE_URL", "BROKER_URL", "SECURE_PROXY_SSL_HEADER"]
)
def test_production_refuses_what_is_missing_by_name(given: dict[str, str], missing: str) -> None:
    del given[missing]
    assert missing in production(**given)


def test_production_refuses_a_short_key(given: dict[str, str]) -> None:
    Path(given["SECRET_KEY_FILE"]).write_text("k" * 49)
    assert "at least 50 characters; found 49" in production(**given)
