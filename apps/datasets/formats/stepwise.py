"""The stepwise format: one JSON line a judged branch, as trainers of process reward models read it.

It judges nothing: what stands in the snapshot is written, or the row ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

import orjson

from apps.datasets.records import FrozenStep, FrozenTree
from apps.datasets.registry import export_format
from workers.search.parameters import parameter

SUMMARY = "One row a judged branch: prompt, completions, labels (true or false) and ratings (−1, 0, 1), as JSON lines."


@dataclass(frozen=True)
class Options:
    """neutral: what becomes of neutral steps, which the format's true and false have no third word for."""

    neutral: str = parameter(
        "good",
        "Neutral steps count as good or as bad; with drop a row ends before its first neutral step.",
        choices=("good", "bad", "drop"),
    )


@export_format(
    "stepwise",
    label="Stepwise supervision",
    summary=SUMMARY,
    suffix="jsonl",
    media_type="application/jsonl",
    options=Options,
)
def write(trees: Iterable[FrozenTree], options: Options, out: BinaryIO) -> int:
    """Write every row of every tree, ordered by problem, run and last step, and say how many.

    Two runs of one problem, or two equal draws in a run, may hold the same steps with the same ratings: such a row is
    written once, where it comes first.
    """
    count = 0
    for _, of_problem in groupby(trees, key=lambda tree: tree.problem.id):
        written: set[bytes] = set()
        for tree in of_problem:
            for branch in judged_branches(tree.steps, usable_ratings(options)):
                line = orjson.dumps(
                    row(tree.problem.statement, branch, options),
                    option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
                )
                if line not in written:
                    written.add(line)
                    out.write(line)
                    count += 1
    return count


def usable_ratings(options: Options) -> frozenset[int]:
    """The ratings a row may hold: no neutral one where these are dropped."""
    return frozenset({-1, 1} if options.neutral == "drop" else {-1, 0, 1})


def judged_branches(steps: Sequence[FrozenStep], usable: frozenset[int]) -> Iterator[list[FrozenStep]]:
    """The branches of a tree up to where their judgement ends, each from its first step, ordered by last step.

    A branch ends at its last step before the first without a usable rating: no standing verdict, unsure, or neutral
    where these are dropped. An alternative that is judged, below judged steps, ends a branch of its own. What is only
    the beginning of another row is a row where somebody judged its branch further on, if to no use: that branch is
    no other row. Branches on which nobody said anything beyond it are none, however many a tree has.
    """
    judged: dict[int, FrozenStep] = {}
    continued: set[int] = set()
    for step in steps:
        if step.rating in usable and (step.parent == 0 or step.parent in judged):
            judged[step.number] = step
            continued.add(step.parent)
    spoken = spoken_of(steps)
    cut = {step.parent for step in steps if step.number in spoken and step.number not in judged}
    for number in judged:
        if number not in continued or number in cut:
            yield branch_to(number, judged)


def spoken_of(steps: Sequence[FrozenStep]) -> set[int]:
    """The steps on which somebody said something, or on a step below; children come after their parents."""
    found: set[int] = set()
    for step in reversed(steps):
        if step.number in found or step.labels or step.verdict is not None:
            found |= {step.number, step.parent}
    return found


def branch_to(number: int, judged: dict[int, FrozenStep]) -> list[FrozenStep]:
    """The judged steps from the first to `number`, in order."""
    branch: list[FrozenStep] = []
    while number != 0:
        step = judged[number]
        branch.append(step)
        number = step.parent
    return branch[::-1]


def row(prompt: str, branch: list[FrozenStep], options: Options) -> dict[str, Any]:
    """One row: prompt, and of equal length completions, labels (good is true, bad false) and ratings (−1, 0, 1)."""
    neutral = options.neutral == "good"
    return {
        "prompt": prompt,
        "completions": [step.text for step in branch],
        "labels": [step.rating == 1 or (step.rating == 0 and neutral) for step in branch],
        "ratings": [step.rating for step in branch],
    }
