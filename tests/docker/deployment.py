"""A folder with what an image holds, and its entrypoint run there as a container would run it; there is no engine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.docker.dockerfile import copied, texts

HOME_OF_IMAGE = "/srv/branchwise"
WAIT_S = 120
PATH = f"{Path(sys.executable).parent}:/usr/bin:/bin"


def built(dockerfile: Path, folder: Path) -> Path:
    """Do what the Dockerfile does with our own files: copy them, and run what it runs there. Answers the folder."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    for source, target in copied(dockerfile, below=HOME_OF_IMAGE):
        place = folder / target if not target.endswith("/") else folder / target / source.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=unwanted)
        else:
            shutil.copy2(source, place)
    (line,) = (text for text in texts(dockerfile, "RUN") if "compileall" in text)
    subprocess.run(["/bin/sh", "-c", line], cwd=folder, env={"PATH": PATH}, check=True, timeout=300)
    return folder


class Running:
    """A started process of a container, with what it has written so far."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def said(self) -> str:
        """All it wrote."""
        return self._log.read_text()

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Look until it is so. Raises AssertionError with what was written, if it ends first or the time is over."""
        for _ in range(WAIT_S * 2):
            if is_so():
                return
            try:
                self.process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError(f"Waited in vain until {what}.\n{self.said()}")

    def stop(self) -> int:
        """End it as an engine does; answers its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=WAIT_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"It does not end.\n{self.said()}") from None


@dataclass(frozen=True)
class Deployment:
    """The folder and the environment that its processes are given."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run the entrypoint to its end."""
        return self._ended(["docker/entrypoint.sh", *words], changed)

    def health(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run the health check to its end."""
        return self._ended(["python", "docker/healthcheck.py", *words], changed)

    @contextmanager
    def started(self, *words: str, log: Path, **changed: str) -> Iterator[Running]:
        """Run the entrypoint; whatever is left of it at the end is killed."""
        with log.open("wb") as written:
            process = subprocess.Popen(
                [str(self.folder / "docker/entrypoint.sh"), *words],
                cwd="/",
                env={**self.environment, **changed},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield Running(process, log)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _ended(self, command: list[str], changed: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        given = {name: value for name, value in {**self.environment, **changed}.items() if value}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
            check=False,
        )
