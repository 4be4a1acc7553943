"""Web, beat and worker side by side: started together, stopped together; what they do is not its business."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import connections
from honcho.compat import ProcessManager
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Popen, Process

from apps.config.command_lines import ENVIRONMENT, HOST, command_lines
from apps.config.parent import end_with_parent

PATIENCE_S = 10.0


class _MainProcessFirst(ProcessManager):  # type: ignore[misc]  # honcho comes without types
    """Asks the main process of each kind alone to end.

    A signal to the whole group would end the worker's child in the middle of a run that it could have finished.
    """

    def terminate(self, pid: int) -> None:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return


class _Tied(Process):  # type: ignore[misc]  # honcho comes without types
    """A process that ends when the command ends, kill -9 included, which leaves nobody to tell it.

    Between the two stands honcho's own process, forked, which hands output on. The kernel kills that one with the
    command, and asks the process itself to end with that one, so that a worker hands its runs back.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._command = os.getpid()
        self._child_ctor = self._spawned

    def run(self, *arguments: Any, **named: Any) -> None:
        end_with_parent(self._command, signal.SIGKILL)
        super().run(*arguments, **named)

    def _spawned(self, command: str, **named: Any) -> Popen:
        parent = os.getpid()
        return Popen(command, preexec_fn=lambda: end_with_parent(parent, signal.SIGTERM), **named)


class _Side(Manager):  # type: ignore[misc]  # honcho comes without types
    """Honcho's manager with more patience, and a callback once all processes are forked."""

    def __init__(self, on_started: Callable[[], None]) -> None:
        super().__init__(Printer(sys.stderr))
        self._procmgr, self._process_ctor = _MainProcessFirst(), _Tied
        self._on_started = on_started
        self._kill_from = float("inf")
        self._end_wanted = False
        self.ended_first: list[str] = []

    def _start(self) -> None:
        super()._start()
        # A thread that ran before would be forked in the middle of what it does.
        threading.Thread(target=self._on_started, daemon=True).start()

    def _all_started(self) -> bool:
        started: bool = super()._all_started()
        if started and self._end_wanted:
            self._end_wanted = False
            self.terminate()
        return started

    def terminate(self) -> None:
        if not super()._all_started():
            # Whoever has not said its process id yet cannot be asked to end; the loop comes back to it.
            self._end_wanted = True
            return
        if not self._terminating:
            self.ended_first = [name for name, known in self._processes.items() if "returncode" in known]
            self._kill_from = time.monotonic() + PATIENCE_S
        super().terminate()

    def kill(self) -> None:
        if time.monotonic() >= self._kill_from:
            super().kill()


class Processes:
    """The processes of one command."""

    def __init__(self, kinds: Sequence[str], *, port: int, clone: Path, data_dir: Path) -> None:
        self._manager = _Side(self._started)
        self._after_start: Callable[[], None] = lambda: None
        self._failure: Exception | None = None
        commands = command_lines(host=HOST, port=port, data_dir=data_dir)
        for kind in kinds:
            environment = {**os.environ, **ENVIRONMENT[kind]}
            self._manager.add_process(kind, f"exec {shlex.join(commands[kind])}", env=environment, cwd=str(clone))

    def run(self, after_start: Callable[[], None] | None = None) -> str | None:
        """Run until a signal or until one of them ends; return the name of the one that ended by itself.

        `after_start` is called in a thread once all are started; what it raises ends all of them and is raised here.
        """
        self._after_start = after_start or self._after_start
        # The children are forked: a connection they share would be closed under the feet of the other.
        connections.close_all()
        # Honcho knows two signals; a closed terminal means the same as they do.
        signal.signal(signal.SIGHUP, lambda signum, frame: os.kill(os.getpid(), signal.SIGTERM))
        self._manager.loop()
        if self._failure is not None:
            raise self._failure
        return ", ".join(self._manager.ended_first) or None

    def _started(self) -> None:
        try:
            self._after_start()
        except Exception as error:  # noqa: BLE001 — a thread has nobody to raise to; the main thread raises it
            self._failure = error
            self._manager.terminate()
        finally:
            connections.close_all()
