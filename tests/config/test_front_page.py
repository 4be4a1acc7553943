"""What the front page tells a newcomer to type is typed here, on an empty data folder, and does what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from apps.config.data_folder import CLONE
from apps.config.embedded import Services

pytestmark = [pytest.mark.faults, pytest.mark.torch]
PYTHON = ".venv/bin/python"


def typed() -> list[list[str]]:
    """Every command of the front page's shell blocks, in words, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", (CLONE / "README.md").read_text(), flags=re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def environment(folder: Path) -> dict[str, str]:
    """Return what a newcomer's shell has, with the data folder of this test."""
    kept = ("PATH", "HOME", "LANG", *(name for name in os.environ if name.startswith("PIP_")))
    return {name: os.environ[name] for name in kept if name in os.environ} | {"BRANCHWISE_DATA": str(folder)}


def test_its_commands_work_in_their_order(data_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "stepwise.jsonl"
    printed: dict[str, dict[str, object]] = {}
    for words in typed():
        if words[0] != PYTHON:
            continue
        meant = {out.name: str(out), "FIRST_RUN": str(printed.get("experiment", {}).get("first_run"))}
        command = [sys.executable, *(meant.get(word, word) for word in words[1:])]
        ended = subprocess.run(
            command, cwd=CLONE, env=environment(data_folder), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        printed[words[2]] = json.loads(ended.stdout)
    assert set(printed) == {"experiment", "fork", "import_traces", "snapshot", "export"}
    assert printed["experiment"]["problems"] == 20
    assert printed["fork"]["run"] != printed["experiment"]["first_run"]
    assert printed["import_traces"]["labels"] == printed["snapshot"]["labels"] == 73
    assert printed["export"]["rows"] == len(out.read_text().splitlines()) > 0


def test_make_demo_prints_a_link_that_signs_in_and_ctrl_c_stops_all(data_folder: Path) -> None:
    assert ["make", "demo"] in typed()
    assert ["make", "test"] in typed()
    demo = subprocess.Popen(
        ["make", "demo"], cwd=CLONE, env=environment(data_folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert demo.stdout is not None
    try:
        link = next(line.split()[-1] for line in demo.stdout if line.startswith("Sign in once"))
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = browser.open(link)
        assert page.url.endswith("/t/demo/experiments/")
        assert "First light" in page.read().decode()
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=60)
    services = Services(data_folder)
    assert (services.postgres.process(), services.valkey.process()) == (None, None)
