"""A data folder that the servers' user can reach, with its servers stopped and its files gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.config.embedded import Services


@pytest.fixture(scope="module")
def data_folder() -> Iterator[Path]:
    """A folder for the tests of one module, directly below the scratch folder: as root, pytest's own are closed to the
    servers. No test counts on finding it empty."""
    folder = Path(tempfile.mkdtemp(prefix="branchwise-data-", dir=settings.SCRATCH))
    yield folder
    services = Services(folder)
    services.valkey.stop()
    services.postgres.stop()
    shutil.rmtree(folder)
