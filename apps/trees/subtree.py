"""Finds the steps below a step, in memory from the parents of the whole tree: the table has no index by parent, which
every step of every run would have to be written into. It reads no step."""

from __future__ import annotations

import gzip

import numpy as np
from numpy.typing import NDArray

from apps.common.arrays import read_arrays
from apps.runs.models import Run
from apps.runs.states import ENDED
from apps.trees.columns import read_columns
from apps.trees.sealing import sealed

PARENTS = "SELECT parent FROM runs_step WHERE run_id = %(run)s ORDER BY number"


def subtree_numbers(run: Run, number: int, levels: int | None = None) -> NDArray[np.int64]:
    """The numbers of a step and of those below it, rising; at most `levels` below it, None for all.

    Empty where there is no such step. Of an ended run it seals the tree where it is not sealed yet."""
    parents = _parents(run)
    if not 0 < number <= len(parents):
        return np.zeros(0, np.int64)
    found = np.zeros(len(parents) + 1, bool)
    level = np.array([number])
    while len(level):
        found[level] = True
        if levels == 0:
            break
        levels = None if levels is None else levels - 1
        # A step is born after its parent, so nothing below this level stands before its first step.
        first = int(level[0])
        inside = np.zeros(len(parents) + 1, bool)
        inside[level] = True
        level = np.flatnonzero(inside[parents[first:]]) + first + 1
    return np.flatnonzero(found)


def _parents(run: Run) -> NDArray[np.uint32]:
    """The parent of each step, step n at n − 1."""
    if run.status in ENDED:
        _, columns = read_columns(gzip.decompress(sealed(run).columns))
        return columns["parent"]
    return read_arrays(("parent",), PARENTS, {"run": run.pk})["parent"].astype(np.uint32)
