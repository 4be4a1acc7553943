"""The two teams of the matrix, made once for a file of tests and undone at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from apps.config.embedded import Services
from tests.attacks.world import World, build


@pytest.fixture(scope="module")
def world(services: Services, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both teams, in one transaction; each cell is undone inside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
