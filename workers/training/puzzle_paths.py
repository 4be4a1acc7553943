"""Paths through puzzles, right and wrong, with the exact label of every step; refuses nothing and loads no model by
itself.

A puzzle has one solution, so a step is good exactly as long as every sign and value so far is the solution's: true
arithmetic with another sign can no longer reach the target. `workers.search.checkers.puzzle` says the same without
knowing the solution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.search.checkers.puzzle import HIGHEST, OPERATORS
from workers.training.puzzle_problems import Ints, Puzzles
from workers.training.puzzle_tokens import (
    EQUALS,
    FIRST_NUMBER,
    FIRST_SIGN,
    LINE,
    question_ids,
    question_length,
    solution_ids,
)

Floats = NDArray[np.float64]
# (k, values so far (rows, k + 1), signs so far (rows, k)) to the weight of each of the three signs, (rows, 3).
Weights = Callable[[int, Ints, Ints], Floats]


@dataclass(frozen=True)
class Paths:
    """One path a puzzle: signs (rows, d), the values written (rows, d + 1), and the signs written in the answer line
    (rows, d)."""

    puzzles: Puzzles
    signs: Ints
    values: Ints
    answer: Ints

    def labels(self) -> Ints:
        """(rows, d + 1): 1 as long as the path is the solution's, 0 from the first bad step on; the last column is
        the answer step."""
        same = (self.signs == self.puzzles.signs) & (self.values[:, 1:] == self.puzzles.values[:, 1:])
        answered = (self.answer == self.puzzles.signs).all(axis=1, keepdims=True)
        return np.logical_and.accumulate(np.concatenate([same, answered], axis=1), axis=1).astype(np.int64)

    def token_ids(self) -> Ints:
        """(rows, 9 * d + 7): question and steps; every step, the answer too, ends in a line end."""
        solution = solution_ids(self.puzzles.numbers, self.signs, self.values)
        solution[:, -1 - self.puzzles.size : -1] = self.answer + FIRST_SIGN
        solution[:, -1] = LINE
        return np.concatenate([question_ids(self.puzzles), solution], axis=1)

    def step_ends(self) -> Ints:
        """(d + 1,): the places of the steps' line ends in token_ids."""
        size = self.puzzles.size
        first = question_length(size)
        return np.array([*(first + 6 * k + 5 for k in range(size)), first + 7 * size + 2])


def results(values: Ints, numbers: Ints) -> Ints:
    """(rows, 3): what each sign makes of a value and a number; it may lie outside 0 to 200."""
    by_sign = {"+": values + numbers, "-": values - numbers, "*": values * numbers}
    return np.stack([by_sign[sign] for sign in OPERATORS], axis=1)


def walk(
    noise: np.random.Generator, puzzles: Puzzles, weights: Weights, slips: float = 0.0, misquotes: float = 0.0
) -> Paths:
    """Draws a path a puzzle: signs by weight among the legal ones; a share of rows writes one false result, or
    another answer line."""
    rows, size = puzzles.signs.shape
    signs = np.zeros((rows, size), dtype=np.int64)
    values = np.zeros((rows, size + 1), dtype=np.int64)
    values[:, 0] = puzzles.numbers[:, 0]
    slip_at = np.where(noise.random(rows) < slips, noise.integers(0, size, rows), -1)
    for k in range(size):
        reached = results(values[:, k], puzzles.numbers[:, k + 1])
        share = weights(k, values[:, : k + 1], signs[:, :k]) * ((reached >= 0) & (reached <= HIGHEST))
        # Where every legal sign has weight zero, each of them is as good as the other.
        share = share + 1e-12 * ((reached >= 0) & (reached <= HIGHEST))
        below = np.cumsum(share, axis=1) / share.sum(axis=1, keepdims=True)
        signs[:, k] = (noise.random((rows, 1)) >= below[:, :-1]).sum(axis=1)
        values[:, k + 1] = reached[np.arange(rows), signs[:, k]]
        false = (values[:, k + 1] + noise.choice([-20, -10, -3, -2, -1, 1, 2, 3, 10, 20], rows)).clip(0, HIGHEST)
        values[:, k + 1] = np.where(slip_at == k, false, values[:, k + 1])
    answer = signs.copy()
    misquoted = np.flatnonzero(noise.random(rows) < misquotes)
    answer[misquoted, noise.integers(0, size, len(misquoted))] = noise.integers(0, len(OPERATORS), len(misquoted))
    return Paths(puzzles, signs, values, answer)


def deviating(noise: np.random.Generator, puzzles: Puzzles, right: float) -> Weights:
    """Weights that follow the solution up to a place drawn for each row, and any sign from there; a share of rows
    stays right."""
    rows, size = puzzles.signs.shape
    leaves_at = np.where(noise.random(rows) < right, size, noise.integers(0, size, rows))
    solution = np.eye(len(OPERATORS))[puzzles.signs]

    def weights(k: int, values: Ints, signs: Ints) -> Floats:
        return np.where((k < leaves_at)[:, None], solution[:, k], 1.0 / len(OPERATORS))

    return weights


def on_policy(policy: Any, puzzles: Puzzles) -> Weights:
    """Weights that are the policy's own chances at temperature 1; a line's other tokens are written for it, which
    saves most passes."""
    import torch
    from transformers import DynamicCache

    cache = DynamicCache(config=policy.config)

    def weights(k: int, values: Ints, signs: Ints) -> Floats:
        value = values[:, -1:] + FIRST_NUMBER
        if k == 0:
            fresh = np.concatenate([question_ids(puzzles), value], axis=1)
        else:
            rows = len(value)
            number = puzzles.numbers[:, k : k + 1] + FIRST_NUMBER
            equals, line = np.full((rows, 1), EQUALS), np.full((rows, 1), LINE)
            fresh = np.concatenate([signs[:, -1:] + FIRST_SIGN, number, equals, value, line, value], axis=1)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits = policy(input_ids=torch.from_numpy(fresh), past_key_values=cache, logits_to_keep=1).logits[:, -1]
        chances: Floats = logits[:, FIRST_SIGN : FIRST_SIGN + len(OPERATORS)].double().softmax(-1).numpy()
        return chances

    return weights
