"""`/readyz` says whether database and broker answer: it notices one that is gone or frozen, and that it is back."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from apps.config.command_lines import HOST, command_lines
from apps.config.data_folder import CLONE
from apps.config.embedded import Services
from apps.config.embedded.service_user import service_user
from apps.config.embedded.valkey import free_port
from apps.config.readiness import Readiness

pytestmark = pytest.mark.faults
Answer = tuple[int, str, str | None]


@pytest.fixture(scope="module")
def own(data_folder: Path) -> Iterator[Services]:
    """A database and a broker that no other test needs."""
    services = Services(data_folder)
    services.hold()
    yield services
    services.let_go()


@pytest.fixture(scope="module")
def until(own: Services) -> Iterator[Callable[[Answer], None]]:
    """Asks a web server of those services until it answers so."""
    port = free_port()
    process = subprocess.Popen(
        command_lines(host=HOST, port=port, data_dir=own.folder)["web"],
        cwd=CLONE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "apps.config.settings.test",
            "DATABASE_URL": own.postgres.url(),
            "BROKER_URL": own.valkey.url(),
            "DATABASE_POOL": "1",
        },
        stdin=subprocess.DEVNULL,
    )

    def ask_until(expected: Answer) -> None:
        found: Answer | None = None
        for _ in range(300):
            found = asked(f"http://{HOST}:{port}/readyz")
            if found == expected:
                return
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
        raise AssertionError(f"Expected {expected}; found {found}.")

    yield ask_until
    process.kill()
    process.wait()


def asked(address: str) -> Answer | None:
    """Status, text and Retry-After of what is answered; None while nobody does. Raises TimeoutError for no answer."""
    try:
        with urllib.request.urlopen(address, timeout=15) as answer:  # noqa: S310  # our own server
            return answer.status, answer.read().decode(), answer.headers["Retry-After"]
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode(), answer.headers["Retry-After"]
    except TimeoutError:
        raise
    except OSError:
        return None


def server(services: Services, name: str) -> psutil.Process:
    """The running server of that name."""
    process = (services.postgres if name == "database" else services.valkey).process()
    assert process is not None
    return process


@pytest.mark.parametrize("name", ["database", "broker"])
def test_it_says_which_service_is_gone_and_when_it_is_back(
    own: Services, until: Callable[[Answer], None], name: str
) -> None:
    part = own.postgres if name == "database" else own.valkey
    until((200, "ok\n", None))
    part.stop()
    until((503, f"missing: {name}\n", "5"))
    part.start(service_user())
    until((200, "ok\n", None))


@pytest.mark.parametrize("name", ["database", "broker"])
def test_it_does_not_wait_for_a_service_that_hangs(own: Services, until: Callable[[Answer], None], name: str) -> None:
    until((200, "ok\n", None))
    frozen = server(own, name)
    frozen.suspend()
    try:
        until((503, f"missing: {name}\n", "5"))
    finally:
        frozen.resume()
    until((200, "ok\n", None))


def test_it_says_both_when_both_are_gone(own: Services, until: Callable[[Answer], None]) -> None:
    own.postgres.stop()
    own.valkey.stop()
    until((503, "missing: database, broker\n", "5"))


def test_whoever_asks_again_within_a_second_is_told_the_same() -> None:
    now, looked = [100.0], list[float]()
    readiness = Readiness({"database": lambda: looked.append(now[0])}, clock=lambda: now[0])
    for now[0] in (100.0, 100.9, 101.0, 101.5, 102.1):
        assert readiness.missing() == ()
    assert looked == [100.0, 101.0, 102.1]
