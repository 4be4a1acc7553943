"""Scorers that stand in for the reward model when it is asked what decides a search: one that knows, one that is blind.

They judge operator puzzles only and are in no catalogue, because nobody should play a run with them by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from workers.search.checkers.puzzle import step_verdicts
from workers.search.events import Maker
from workers.search.protocols import BranchScores, BranchText


class ExactJudge:
    """1 for a step from which the target is still in reach, else 0, by trying every way forward; it costs no tokens."""

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order. Raises NotAPuzzle."""
        verdicts = [step_verdicts(branch.question, branch.steps) for branch in branches]
        return [BranchScores(tuple(float(one == "ok") for one in steps), 0) for steps in verdicts]

    def identity(self) -> Maker:
        """Itself."""
        return Maker("scorer", "exact-judge")


class BlindJudge:
    """A number from 0 to 1 out of the text alone, as good as drawn; it costs no tokens."""

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        """One result a branch, in order; equal branches get equal scores."""
        return [
            BranchScores(tuple(_drawn(one.question, one.steps[: k + 1]) for k in range(len(one.steps))), 0)
            for one in branches
        ]

    def identity(self) -> Maker:
        """Itself."""
        return Maker("scorer", "blind-judge")


def _drawn(question: str, steps: Sequence[str]) -> float:
    digest = blake2b("\0".join((question, *steps)).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / (1 << 32)
