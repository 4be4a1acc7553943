"""`up` and what it starts: they run side by side, end together, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from apps.config.data_folder import CLONE
from apps.config.embedded import Services
from apps.config.embedded.valkey import free_port

pytestmark = pytest.mark.faults
SETTINGS = "apps.config.settings.development"


@contextmanager
def up(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command and give it with the address it printed; whatever is left of it is killed at the end."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = subprocess.Popen(
        [sys.executable, "manage.py", "up", *words, "--json", "--port", str(free_port())],
        cwd=CLONE,
        env={**kept, "BRANCHWISE_DATA": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    try:
        line = command.stdout.readline()
        assert line, command.communicate()[1]
        yield command, json.loads(line)["address"]
    finally:
        for left in family(command):
            left.kill()
        command.communicate()


def family(command: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the command and everything below it, as far as it runs."""
    if command.poll() is not None:
        return []
    process = psutil.Process(command.pid)
    return [one for one in (process, *process.children(recursive=True)) if one.status() != psutil.STATUS_ZOMBIE]


def test_ctrl_c_stops_all_it_started(data_folder: Path) -> None:
    with up(data_folder) as (command, address):
        assert urllib.request.urlopen(f"{address}/livez").read() == b"ok\n"  # noqa: S310  # our own server
        started = family(command)
        assert len([one for one in started if "celery" in one.cmdline()]) >= 2
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate()
        assert command.returncode == 0, errors
        assert psutil.wait_procs(started, timeout=10)[1] == []
    services = Services(data_folder)
    assert (services.postgres.process(), services.valkey.process()) == (None, None)


def test_all_stop_when_one_ends_and_its_name_is_said(data_folder: Path) -> None:
    with up(data_folder, "web", "beat") as (command, _):
        web = next(one for one in family(command) if "uvicorn" in one.cmdline())
        several = web.children(recursive=True)
        web.kill()
        _, errors = command.communicate()
        assert command.returncode == 1
        assert psutil.wait_procs(several, timeout=10)[1] == []
        assert "because web ended by itself" in errors
    services = Services(data_folder)
    assert (services.postgres.process(), services.valkey.process()) == (None, None)


def test_what_goes_wrong_after_the_start_ends_the_demo(data_folder: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, "BRANCHWISE_DATA": str(data_folder)}
    spoil = "from apps.accounts.models import User; User.objects.all().delete()"
    for words, status in ((["shell", "-c", spoil], 0), (["demo", "--port", str(free_port())], 1)):
        ended = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=CLONE, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert ended.returncode == status, ended.stderr
    assert "User matching query does not exist" in ended.stderr
    services = Services(data_folder)
    assert (services.postgres.process(), services.valkey.process()) == (None, None)


def test_a_single_process_is_not_left_on_servers_that_are_let_go_of(data_folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "process", "beat"],
        cwd=CLONE, env={"PATH": os.environ["PATH"], "BRANCHWISE_DATA": str(data_folder)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "needs DATABASE_URL and BROKER_URL; with the embedded servers run manage.py up beat." in ended.stderr


def test_what_goes_wrong_before_the_first_process_runs_ends_them_all(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from apps.config.processes import Processes;"
        f"Processes(['web', 'beat'], port={free_port()}, clone=Path({str(CLONE)!r}), data_dir=Path({str(tmp_path)!r}))"
        ".run(lambda: int('nothing'))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CLONE,
        env={"PATH": os.environ["PATH"], "BRANCHWISE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": SETTINGS},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "ValueError: invalid literal for int()" in ended.stderr


def test_all_but_the_servers_end_with_the_command_when_it_is_killed(data_folder: Path) -> None:
    with up(data_folder) as (command, _):
        started = [one for one in family(command) if one.name() not in ("postgres", "valkey-server")]
        assert len([one for one in started if "celery" in one.cmdline()]) >= 2
        command.kill()
        assert psutil.wait_procs(started, timeout=30)[1] == []
    services = Services(data_folder)
    assert services.stop_if_abandoned()
