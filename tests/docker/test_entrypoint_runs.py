"""What the containers run, run as scripts against real services: it comes up, says so, and ends when it is asked to."""

from __future__ import annotations

import os
import re
import signal
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from apps.config.embedded.valkey import free_port
from tests.docker.deployment import Deployment, Running

pytestmark = pytest.mark.faults


def get(port: int, path: str) -> urllib.request.addinfourl:
    """Ask the web for a page, as the host it answers to."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "localhost"})
    answer: urllib.request.addinfourl = urllib.request.urlopen(asked, timeout=30)  # noqa: S310  # our own server
    return answer


def test_a_second_migration_finds_nothing_to_do(migrated: Deployment) -> None:
    assert "No migrations to apply." in migrated.run("migrate").stdout


def test_the_web_answers_with_hashed_files_until_it_is_asked_to_end(migrated: Deployment, tmp_path: Path) -> None:
    port = free_port()
    assert migrated.health("web", str(port)).returncode == 1
    with migrated.started("web", "--host", "127.0.0.1", "--port", str(port), log=tmp_path / "log") as web:
        web.wait_until(lambda: migrated.health("web", str(port)).returncode == 0, "it is ready")
        assert get(port, "/livez").read() == b"ok\n"
        assert get(port, "/readyz").read() == b"ok\n"
        page = get(port, "/sign-in/").read().decode()
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(files) > 5
        assert [file for file in files if not re.search(r"\.[0-9a-f]{12}\.\w+$", file)] == []
        assert {get(port, file).headers["Cache-Control"] for file in files} == {"max-age=315360000, public, immutable"}
        assert web.stop() in (0, -signal.SIGTERM), "several processes end with 0, a single one by the signal"
    assert "Finished server process" in web.said()
    assert "Traceback" not in web.said()


def test_a_probe_is_answered_where_everything_else_is_sent_to_tls(migrated: Deployment, tmp_path: Path) -> None:
    port = free_port()
    words = ("web", "--host", "127.0.0.1", "--port", str(port))
    with migrated.started(*words, log=tmp_path / "log", SECURE_SSL_REDIRECT="1") as web:
        web.wait_until(lambda: migrated.health("web", str(port)).returncode == 0, "it is ready")
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/sign-in/", headers={"Host": "localhost"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/sign-in/")
        connection.close()


def test_a_team_begins_with_a_command_in_a_container(migrated: Deployment) -> None:
    words = ("set_up_link", "owner@example.org", "--team", "lab", "--address", "http://localhost:8000")
    ended = migrated.run("manage", *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("http://localhost:8000/sign-in/")


@pytest.fixture(params=["worker", "beat"])
def shown(migrated: Deployment, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Running, Path]]:
    """A worker or beat that has shown that it lives: its kind, the process and the file."""
    file = tmp_path / "sign_of_life"
    with migrated.started(request.param, log=tmp_path / "log", BRANCHWISE_SIGN_OF_LIFE=str(file)) as running:
        running.wait_until(file.exists, "it shows that it lives")
        yield request.param, running, file


def test_worker_and_beat_show_that_they_live_and_end_when_asked(
    migrated: Deployment, shown: tuple[str, Running, Path]
) -> None:
    kind, running, file = shown
    sign = {"BRANCHWISE_SIGN_OF_LIFE": str(file)}
    assert migrated.health(kind, **sign).returncode == 0
    first = file.stat().st_mtime_ns
    running.wait_until(lambda: file.stat().st_mtime_ns > first, "it shows so again")
    assert running.stop() == 0
    assert "Traceback" not in running.said()
    os.utime(file, (0, 0))
    ended = migrated.health(kind, **sign)
    assert (ended.returncode, ended.stderr[:26]) == (1, "The last sign of life is 1")


def test_a_worker_whose_broker_is_away_shows_no_life(migrated: Deployment, tmp_path: Path) -> None:
    file = tmp_path / "sign_of_life"
    away = {"BROKER_URL_FILE": "", "BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"}
    given = {**migrated.environment, **away, "BRANCHWISE_SIGN_OF_LIFE": str(file)}
    alone = Deployment(migrated.folder, {name: value for name, value in given.items() if value})
    with alone.started("worker", log=tmp_path / "log") as worker:
        worker.wait_until(lambda: "Cannot connect to redis" in worker.said(), "it misses the broker")
        ended = alone.health("worker")
        assert (ended.returncode, ended.stderr) == (1, f"No sign of life: {file}: No such file or directory.\n")
