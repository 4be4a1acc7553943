"""Servers that are killed with -9: what was committed is there when the next command has started them again."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from apps.config.embedded import Services

pytestmark = pytest.mark.faults


def killed(process: psutil.Process | None) -> None:
    """Kill the server and its children, and wait until all are gone."""
    assert process is not None
    family = [process, *process.children(recursive=True)]
    for one in family:
        os.kill(one.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=30)


def test_a_killed_postgres_comes_back_with_what_was_committed(data_folder: Path) -> None:
    services = Services(data_folder, valkey=False)
    services.hold()
    with psycopg.connect(services.postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed(services.postgres.process())
    assert (services.postgres.data / "postmaster.pid").exists()
    next_command = Services(data_folder, valkey=False)
    next_command.hold()
    with psycopg.connect(services.postgres.url()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    next_command.let_go()
    services.let_go()


def test_a_pid_file_with_the_number_of_another_process_is_no_server(data_folder: Path) -> None:
    services = Services(data_folder, valkey=False)
    services.hold()
    services.let_go()
    (services.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (services.postgres.run / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert services.postgres.process() is None
    services.hold()
    assert services.postgres.process() is not None
    services.let_go()


def test_a_killed_valkey_comes_back_with_its_queue(data_folder: Path) -> None:
    services = Services(data_folder, postgres=False)
    services.hold()
    client = redis.Redis.from_url(services.valkey.url())
    client.config_set("appendfsync", "always")
    client.rpush("queue", "there is work")
    killed(services.valkey.process())
    next_command = Services(data_folder, postgres=False)
    next_command.hold()
    assert redis.Redis.from_url(next_command.valkey.url()).lrange("queue", 0, -1) == [b"there is work"]
    next_command.let_go()
    services.let_go()
