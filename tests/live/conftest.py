"""The real web server in front of the real broker, for tests that listen to its sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.serving import serving


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Address of the web server, without a slash at its end."""
    with serving() as address:
        yield address
