"""Small frozen trees for the tests of snapshots and formats; they need no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apps.datasets.records import FrozenProblem, FrozenRun, FrozenStep, FrozenTree

RATINGS = {"bad": -1, "neutral": 0, "good": 1, "unsure": None, None: None}


def frozen_step(number: int, parent: int, verdict: str | None, text: str | None = None, **more: Any) -> FrozenStep:
    """A step of which nothing is known but its place, its verdict and its text."""
    known: dict[str, Any] = {
        "number": number,
        "parent": parent,
        "depth": 1,
        "text": f"Step {number}." if text is None else text,
        "origin": "imported",
        "maker": 1,
        "terminal": False,
        "tokens": 0,
        "logprob": None,
        "entropy": None,
        "pruned": None,
        "chosen": None,
        "answer": None,
        "scores": (),
        "labels": (),
        "adjudication": None,
        "verdict": verdict,
        "rating": RATINGS[verdict],
    }
    return FrozenStep(**{**known, **more})


def frozen_tree(
    parents: Sequence[int],
    verdicts: Sequence[str | None],
    *,
    run: int = 1,
    problem: int = 1,
    texts: Mapping[int, str] | None = None,
) -> FrozenTree:
    """A tree whose step i + 1 hangs below parents[i] and has verdicts[i]."""
    about = FrozenProblem(problem, "sums", "What is 2 + 3?", "5", "exact_text", None, "", "0" * 64)
    played = FrozenRun(run, problem, 1, "sums.jsonl", "imported", "prm800k", 1, "", "", "", "finished", "", None)
    steps = tuple(
        frozen_step(number, parent, verdict, (texts or {}).get(number))
        for number, (parent, verdict) in enumerate(zip(parents, verdicts, strict=True), start=1)
    )
    return FrozenTree(problem=about, run=played, steps=steps)
