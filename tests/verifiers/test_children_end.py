"""A child ends with the process that started it, however that ends, and belongs to that process alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.architecture.source import ROOT
from workers.search.errors import CheckerError
from workers.verifiers.answers_pool import AnswersPool
from workers.verifiers.child_process import Child

WAIT_S = 60
ASKS = """
import os, sys
from workers.verifiers import answers_pool
def ask():
    pool = answers_pool.shared()
    assert pool.judged("1/2", ["0.5"]) == [answers_pool.Judged("0.5", True)]
    return pool._child.pid
print(ask(), flush=True)
"""
FORKS = """
forked = os.fork()
if forked == 0:
    print(ask(), flush=True)
    os._exit(0)
os.waitpid(forked, 0)
print(ask(), flush=True)
"""


def started(script: str) -> subprocess.Popen[str]:
    """A process that runs the script; its input is open until it is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def ends(pid: int) -> bool:
    """Whether the process is gone within a minute, or only waits to be reaped by whoever adopts orphans here."""
    try:
        child = psutil.Process(pid)
        return child.status() == psutil.STATUS_ZOMBIE or child.wait(WAIT_S) is None
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return child.status() == psutil.STATUS_ZOMBIE


@pytest.mark.faults
def test_a_child_ends_when_its_parent_is_killed() -> None:
    with started(ASKS + "sys.stdin.read()") as parent:
        child = said(parent)
        parent.kill()
        assert ends(child)


def test_a_child_ends_when_its_parent_does() -> None:
    with started(ASKS) as parent:
        child = said(parent)
        assert ends(child)
        assert parent.wait() == 0


def test_a_forked_process_gets_a_child_of_its_own_and_leaves_the_other_alone() -> None:
    with started(ASKS + FORKS) as parent:
        first, forked, again = said(parent), said(parent), said(parent)
        assert parent.wait() == 0
    assert first == again != forked
    assert ends(first)
    assert ends(forked)


def test_where_the_library_is_missing_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "math_verify.py").write_text("raise ImportError('there is none')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(CheckerError, match="needs math-verify: there is none"):
        AnswersPool().judged("1", ["1"])


def test_a_child_that_does_not_start_is_refused_by_a_sentence() -> None:
    with pytest.raises(CheckerError, match="to start; it ended with 0"):
        Child("workers.search.errors", ())
