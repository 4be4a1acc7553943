"""The embedded servers: started by the first command, shared, stopped by the last."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from apps.config.data_folder import CLONE
from apps.config.embedded import Services

HOLD = """
import sys
from pathlib import Path
from apps.config.embedded import Services
services = Services(Path(sys.argv[1]))
services.hold()
print(services.postgres.process().pid, services.valkey.process().pid, flush=True)
sys.stdin.read()
services.let_go()
"""


def another_command(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the services until its input ends."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    return subprocess.Popen(command, cwd=CLONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    """Wait for its first line: the process ids of the servers it found or started."""
    assert process.stdout is not None
    return process.stdout.readline()


def ended(process: subprocess.Popen[str]) -> int:
    """Let it go and wait for its end."""
    process.communicate("")
    return process.returncode


def runs(folder: Path) -> tuple[bool, bool]:
    services = Services(folder)
    return services.postgres.process() is not None, services.valkey.process() is not None


def test_it_starts_both_and_stops_both(data_folder: Path) -> None:
    (data_folder / "notes.txt").write_text("mine")
    services = Services(data_folder)
    services.hold()
    with psycopg.connect(services.postgres.url()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    client = redis.Redis.from_url(services.valkey.url())
    assert client.config_get("appendonly", "maxmemory-policy") == {
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
    }
    services.let_go()
    assert runs(data_folder) == (False, False)
    assert (data_folder / "notes.txt").read_text() == "mine"


def test_a_second_start_finds_the_data(data_folder: Path) -> None:
    services = Services(data_folder)
    services.hold()
    with psycopg.connect(services.postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    redis.Redis.from_url(services.valkey.url()).set("kept", "7")
    services.let_go()
    again = Services(data_folder)
    assert again.valkey.url() == services.valkey.url()
    again.hold()
    with psycopg.connect(again.postgres.url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert redis.Redis.from_url(again.valkey.url()).get("kept") == b"7"
    again.let_go()


def test_commands_that_start_together_share_and_the_last_one_out_stops(data_folder: Path) -> None:
    commands = [another_command(data_folder) for _ in range(3)]
    assert len({said(command) for command in commands}) == 1
    assert ended(commands[0]) == 0
    assert runs(data_folder) == (True, True)
    assert [ended(command) for command in commands[1:]] == [0, 0]
    assert runs(data_folder) == (False, False)
    assert json.loads((data_folder / "services.json").read_text()) == []


def test_a_killed_command_holds_nothing(data_folder: Path) -> None:
    killed = another_command(data_folder)
    pids = said(killed)
    killed.kill()
    killed.communicate()
    assert runs(data_folder) == (True, True)
    next_one = another_command(data_folder)
    assert said(next_one) == pids
    assert ended(next_one) == 0
    assert runs(data_folder) == (False, False)


def test_nobody_else_gets_in(data_folder: Path) -> None:
    services = Services(data_folder)
    services.hold()
    stranger = redis.Redis(port=services.valkey.endpoint.port)
    with pytest.raises(redis.exceptions.AuthenticationError):
        stranger.ping()
    for private in (services.postgres.folder, services.postgres.run, services.valkey.folder):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for secret in ("valkey.conf", "endpoint.json"):
        assert stat.S_IMODE((services.valkey.folder / secret).stat().st_mode) == 0o600
    command_line = services.valkey.process().cmdline()
    assert services.valkey.endpoint.password not in " ".join(command_line)
    assert "trust" not in (services.postgres.folder / "pg_hba.conf").read_text()
    services.let_go()


@pytest.mark.parametrize("left", ["", "[[1, 2", "[1]", "\0\0\0\0"])
def test_files_that_a_power_cut_spoilt_are_made_anew(data_folder: Path, left: str) -> None:
    for name in ("services.json", "valkey/endpoint.json"):
        (data_folder / name).write_text(left)
    services = Services(data_folder, postgres=False)
    services.hold()
    assert services.valkey.process() is not None
    services.let_go()
    assert services.valkey.process() is None


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(data_folder: Path) -> None:
    deep = data_folder / ("d" * 90)
    data_folder.chmod(0o711)
    services = Services(deep, valkey=False)
    services.hold()
    try:
        assert len(os.fsencode(services.postgres.run)) < 60
        assert stat.S_IMODE(services.postgres.run.stat().st_mode) == 0o700
        with psycopg.connect(services.postgres.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        services.let_go()
        services.postgres.run.rmdir()
