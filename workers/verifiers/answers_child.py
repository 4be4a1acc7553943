"""Judges answers as a child process, one JSON line in and one out an answer; it trusts no answer and opens nothing.

`python -m workers.verifiers.answers_child SECONDS BYTES`: SECONDS of processor time an answer may take and BYTES of
address space for the whole. The parent (answers_pool.py) writes {"reference": text, "answers": [text, ...]} and reads,
in order, {"readable": whether the reference can be read}, then {"key": class or null, "right": true, false or null} an
answer. Before all that comes {"ready": true}, or {"missing": why} where math-verify is not installed.

An answer that takes too long ends the process: no handler runs inside one big multiplication, so the timer is the
kernel's. The end of the input, which the parent's death brings about, ends it too.
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import sys
from typing import Any

FILES = 64


def main() -> None:
    """Serve until the input ends. Limits are set once the libraries are loaded, so that these may open their files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is then ours
    logging.disable()  # math-verify would quote answers, and warn that its own time-out is off
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    try:
        from workers.verifiers import mathematics, spelling
    except ImportError as missing:
        _say({"missing": str(missing)})
        return
    _limit(memory)
    judge = _Judge(seconds, mathematics, spelling)
    _say({"ready": True})
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        _say({"readable": judge.take(asked["reference"])})
        for answer in asked["answers"]:
            _say(judge.judged(answer))


class _Judge:
    """Compares answers with the reference it was last given."""

    def __init__(self, seconds: float, mathematics: Any, spelling: Any) -> None:
        self._seconds, self._mathematics, self._spelling = seconds, mathematics, spelling
        self._text, self._key = "", ""
        self._reference: Any = None

    def take(self, text: str) -> bool:
        """Read a reference; whether it could be read. An empty one cannot."""
        if text != self._text:
            self._text = text
            self._reference, self._key = self._within(self._read, text) or (None, "")
        return self._reference is not None

    def judged(self, text: str) -> dict[str, Any]:
        """The class of an answer and whether it is right; null for what cannot be told."""
        return self._within(self._compared, text) or {"key": None, "right": None}

    def _read(self, text: str) -> tuple[Any, str] | None:
        read = self._mathematics.read(text)
        return None if read is None else (read, self._spelling.spelling(read))

    def _compared(self, text: str) -> dict[str, Any]:
        """Right answers are in the reference's class, and no other answer is: math-verify decides which are right."""
        read = self._mathematics.read(text)
        if read is None:
            return {"key": None, "right": None}
        if self._reference is None:
            return {"key": self._spelling.spelling(read), "right": None}
        if self._mathematics.is_equal(self._reference, read):
            return {"key": self._key, "right": True}
        key = self._spelling.spelling(read)
        return {"key": f"≠ {key}" if key == self._key else key, "right": False}

    def _within(self, work: Any, text: str) -> Any:
        """The result of work(text) within the time; None where it cannot be done."""
        signal.setitimer(signal.ITIMER_PROF, self._seconds)
        try:
            return work(text)
        # sympy raises whatever its depths raise for a text that makes no sense, and the text is a stranger's.
        except Exception:  # noqa: BLE001
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _limit(memory: int) -> None:
    """No more memory, no file to be written, no core dump, few open files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def _say(reply: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
