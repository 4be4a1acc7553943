"""How often a single sample, a vote, the best of 16 and beam search are right on the held-out puzzles, at what cost.

Beam search is played with the n and width whose tokens on the harder problems come nearest to those of the best of 16;
docs/accuracy.md says how they were found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.figures import Figure
from workers.inference.model_folder import SHIPPED
from workers.training.accuracy import HARD, Arm, Floats, interval, of_all_seeds

PROBLEMS = Path(__file__).resolve().parents[2] / "fixtures" / "problems" / "puzzle-heldout.jsonl"
VOTE, BEST, BEAM = (Arm.parse(written) for written in ("self_consistency:n=16", "best_of_n:n=16", "beam:n=36,width=3"))


def figures() -> Iterator[Figure]:
    """Four figures, each with its interval and its tokens a problem; the goal of one is what the one before reached."""
    records = [json.loads(line) for line in PROBLEMS.read_text(encoding="utf-8").splitlines()]
    policy, judge = str(SHIPPED / "tiny-policy"), str(SHIPPED / "tiny-prm")
    found = of_all_seeds((VOTE, BEST, BEAM), records, policy, judge, [0], lambda line: print(line, file=sys.stderr))
    hard = np.array([record["difficulty"] for record in records]) >= HARD
    single = _figure("accuracy_single", found[VOTE.name][:, 1], found[VOTE.name] / 16, hard, None)
    yield single
    goal = single.value
    for name, arm in (("majority16", VOTE), ("prm_best16", BEST), ("prm_beam16", BEAM)):
        rows = found[arm.name]
        made = _figure(f"accuracy_{name}", rows[:, 0], rows, hard, goal, f"; {arm.name}")
        yield made
        goal = made.value


def _figure(
    name: str,
    right: Floats,
    costs: Floats,
    hard: np.ndarray[tuple[int], np.dtype[np.bool_]],
    goal: float | None,
    more: str = "",
) -> Figure:
    mean, low, high = interval(right)
    harder = interval(right[hard])
    note = (
        f"{low:.1f} to {high:.1f}; {HARD} signs and more {harder[0]:.1f} ({harder[1]:.1f} to {harder[2]:.1f}); tokens "
        f"generated a problem {costs[:, 3].mean():,.0f}, there {costs[hard, 3].mean():,.0f}; computed "
        f"{costs[:, 4].mean():,.0f}; by the scorer {costs[:, 5].mean():,.0f}{more}"
    )
    return Figure(name, mean, "%", "higher", goal, len(right), note)
