"""Ties a process to the one that started it, so that it does not go on alone; what either does is not its business."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, by: signal.Signals) -> None:
    """Have the kernel send this process `by` once its parent is gone. Only Linux can; elsewhere nothing is promised."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os._exit(1)  # it was gone before
