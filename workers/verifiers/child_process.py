"""A child process that answers JSON lines; it knows nothing of what they say."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

from workers.search.errors import CheckerError

ROOT = Path(__file__).resolve().parents[2]
START_S = 120.0
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")


class ChildEnded(Exception):
    """The child is gone or says nothing; `is_out_of_time`: because what it was asked took too much processor time."""

    def __init__(self, *, is_out_of_time: bool) -> None:
        self.is_out_of_time = is_out_of_time
        super().__init__("out of time" if is_out_of_time else "ended")


class Child:
    """`python -m module arguments`, with pipes. Its environment holds no secrets of ours, and hashes are the same in
    every child, so that nothing can depend on them.

    Raises CheckerError where it does not start.
    """

    def __init__(self, module: str, arguments: Sequence[str], start_s: float = START_S) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**environment, "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)
        self._lines = bytearray()
        try:
            hello = self.read(max(start_s, START_S))
        except ChildEnded:
            self.end()
            raise CheckerError(
                f"Expected `python -m {module}` to start; it ended with {self._process.returncode}. "
                "Run it by hand in the project's root to see why."
            ) from None
        if "missing" in hello:
            self.end()
            raise CheckerError(f"This checker needs math-verify: {hello['missing']}. Run make setup again.")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def write(self, message: Mapping[str, Any]) -> None:
        """One line in. Raises ChildEnded."""
        try:
            self._input.write(json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            raise ChildEnded(is_out_of_time=False) from None

    def read(self, timeout_s: float) -> dict[str, Any]:
        """One line out. Raises ChildEnded where it ends, or nothing comes for so long."""
        until = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while b"\n" not in self._lines:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise ChildEnded(is_out_of_time=False)
                some = os.read(self._output.fileno(), 65_536)
                if not some:
                    raise ChildEnded(is_out_of_time=self._process.wait() == -signal.SIGPROF)
                self._lines += some
        line, _, self._lines = self._lines.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def end(self) -> None:
        """Kill it and wait for its end; it has nothing to lose."""
        self._process.kill()
        self._process.wait()
        self._close()

    def abandon(self) -> None:
        """Close our ends of the pipes and forget it; for a forked process, which must not wait for it."""
        self._process.returncode = 0
        self._close()

    def _close(self) -> None:
        self._input.close()
        self._output.close()
