"""A scorer that judges by a checksum, for tests and for pages without a model; its numbers mean nothing.

A step's score depends on the question and the text up to its end, as with a causal model: never on what follows.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

from workers.search.events import Maker
from workers.search.protocols import BranchScores, BranchText
from workers.search.registry import NoParams, scorer


@scorer(
    "scripted",
    label="Scripted scorer",
    summary="Gives each step a repeatable number drawn from its text; for trying things out, not for judging.",
    gives=("scores",),
)
class ScriptedScorer:
    """Scores are CRC-32 checksums of everything up to the step's end, divided by 2**32 - 1."""

    def __init__(self, params: NoParams) -> None:
        self._maker = Maker("scorer", "scripted", "1")

    def identity(self) -> Maker:
        """The same for all: it has no parameters."""
        return self._maker

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order; tokens are the blank-separated words of question and steps."""
        return [self._scored(branch) for branch in branches]

    def _scored(self, branch: BranchText) -> BranchScores:
        checksum, words, values = _read(branch.question, branch.steps[:-1])
        for step in branch.steps[-1:]:
            checksum = zlib.crc32(step.encode(), checksum)
            words += len(step.split())
            values = (*values, checksum / 0xFFFFFFFF)
        return BranchScores(values, words)


@lru_cache(maxsize=4096)
def _read(question: str, steps: tuple[str, ...]) -> tuple[int, int, tuple[float, ...]]:
    """The checksum, the words and the scores of what siblings stand on."""
    checksum = zlib.crc32(question.encode())
    words = len(question.split())
    values = []
    for step in steps:
        checksum = zlib.crc32(step.encode(), checksum)
        words += len(step.split())
        values.append(checksum / 0xFFFFFFFF)
    return checksum, words, tuple(values)
