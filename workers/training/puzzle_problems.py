"""Makes operator puzzles with exactly one solution, many at a time; refuses sizes and targets the puzzle does not have.

A puzzle of size d is d + 1 numbers from 2 to 9 and a target. The d signs between the numbers are searched for. Signs
are applied from left to right and every value on the way stays within 0 to 200. How many ways lead to each value is
counted forward, so a target that exactly one choice of signs reaches can be picked and walked back without any
search.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.search.checkers.puzzle import HIGHEST, OPERATORS, SIZES

Ints = NDArray[np.int64]
NUMBERS = (2, 9)
_NOWHERE = HIGHEST + 1


@dataclass(frozen=True)
class Puzzles:
    """A batch of puzzles of one size d, each with its only solution.

    numbers: int64 (rows, d + 1), 2 to 9. target: int64 (rows,), 0 to 200. signs: int64 (rows, d), places in OPERATORS.
    values: int64 (rows, d + 1), the value before the first sign and after each sign.
    """

    numbers: Ints
    target: Ints
    signs: Ints
    values: Ints

    def __len__(self) -> int:
        return len(self.target)

    @property
    def size(self) -> int:
        """The number of signs of every puzzle of the batch."""
        return int(self.signs.shape[1])

    def statement(self, row: int) -> str:
        """The question as the policy reads it, for example 8?2?6?9?8?6=43."""
        return "?".join(str(n) for n in self.numbers[row]) + f"={self.target[row]}"

    def answer(self, row: int) -> str:
        """The signs of the only solution, for example -*+-+."""
        return "".join(OPERATORS[s] for s in self.signs[row])


def _value_before() -> Ints:
    """(10, 3, 201): the value from which a sign with a number leads to each value; _NOWHERE where there is none."""
    after = np.arange(HIGHEST + 1)
    table = np.full((NUMBERS[1] + 1, len(OPERATORS), HIGHEST + 1), _NOWHERE, dtype=np.int64)
    for number in range(NUMBERS[0], NUMBERS[1] + 1):
        table[number, OPERATORS.index("+")] = np.where(after - number >= 0, after - number, _NOWHERE)
        table[number, OPERATORS.index("-")] = np.where(after + number <= HIGHEST, after + number, _NOWHERE)
        table[number, OPERATORS.index("*")] = np.where(after % number == 0, after // number, _NOWHERE)
    return table


_BEFORE = _value_before()


def _count_ways(numbers: Ints) -> NDArray[np.int8]:
    """(d + 1, rows, 202): how many choices of signs lead to each value after k signs, counted as 0, 1 or 2 for more."""
    rows, length = numbers.shape
    ways = np.zeros((length, rows, HIGHEST + 2), dtype=np.int8)
    ways[0, np.arange(rows), numbers[:, 0]] = 1
    for k in range(1, length):
        before = _BEFORE[numbers[:, k]]
        for sign in range(len(OPERATORS)):
            ways[k, :, : HIGHEST + 1] += np.take_along_axis(ways[k - 1], before[:, sign], axis=1)
        np.minimum(ways[k], 2, out=ways[k])
    return ways


def make_puzzles(noise: np.random.Generator, rows: int, size: int) -> Puzzles:
    """`rows` puzzles of `size` signs, each with exactly one solution; number sets without a unique target are left
    out and drawn again."""
    if size not in SIZES:
        raise ValueError(f"expected a puzzle size from {SIZES[0]} to {SIZES[-1]}, found {size}; choose one of these")
    numbers = np.zeros((0, size + 1), dtype=np.int64)
    ways = np.zeros((size + 1, 0, HIGHEST + 2), dtype=np.int8)
    while len(numbers) < rows:
        drawn = noise.integers(NUMBERS[0], NUMBERS[1] + 1, (rows, size + 1))
        counted = _count_ways(drawn)
        kept = (counted[size] == 1).any(axis=1)
        numbers = np.concatenate([numbers, drawn[kept]])
        ways = np.concatenate([ways, counted[:, kept]], axis=1)
    numbers, ways = numbers[:rows], ways[:, :rows]
    chance = np.where(ways[size] == 1, noise.random((rows, HIGHEST + 2)), -1.0)
    return _walk_back(numbers, ways, chance.argmax(axis=1))


def _walk_back(numbers: Ints, ways: NDArray[np.int8], target: Ints) -> Puzzles:
    """From each unique target back to the first number; the only value before with a way to it is the right one."""
    rows, length = numbers.shape
    every = np.arange(rows)
    signs = np.zeros((rows, length - 1), dtype=np.int64)
    values = np.zeros((rows, length), dtype=np.int64)
    values[:, -1] = target
    for k in range(length - 1, 0, -1):
        before = _BEFORE[numbers[:, k], :, values[:, k]]
        signs[:, k - 1] = ways[k - 1][every[:, None], before].argmax(axis=1)
        values[:, k - 1] = before[every, signs[:, k - 1]]
    return Puzzles(numbers, target, signs, values)


def draw_new(noise: np.random.Generator, rows: int, size: int, seen: set[str]) -> Iterator[dict[str, Any]]:
    """`rows` records of `size` whose statements are not in `seen`; each given statement is added to `seen`."""
    given = 0
    while given < rows:
        puzzles = make_puzzles(noise, rows, size)
        for row in range(rows):
            statement = puzzles.statement(row)
            if statement in seen or given == rows:
                continue
            seen.add(statement)
            given += 1
            yield {
                "statement": statement,
                "answer": puzzles.answer(row),
                "checker": "puzzle",
                "difficulty": size,
                "source": "puzzle",
            }


def balanced(noise: np.random.Generator, per_size: int, seen: set[str]) -> list[dict[str, Any]]:
    """`per_size` records of every size; each block of seven holds every size once, so every prefix is balanced."""
    columns = [list(draw_new(noise, per_size, size, seen)) for size in SIZES]
    return [columns[place][block] for block in range(per_size) for place in noise.permutation(len(SIZES))]


def write_sets(folder: Path, seed: int, heldout_per_size: int, train_per_size: int) -> None:
    """Writes puzzle-heldout.jsonl and puzzle-train.jsonl; no statement is in both."""
    noise = np.random.default_rng(seed)
    seen: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    for name, per_size in (("puzzle-heldout", heldout_per_size), ("puzzle-train", train_per_size)):
        records = balanced(noise, per_size, seen)
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))


def read_statements(path: Path) -> set[str]:
    """The statements of a problem file; training leaves them out."""
    return {json.loads(line)["statement"] for line in path.read_text().splitlines()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the two shipped sets of operator puzzles.")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for puzzle-train.jsonl and puzzle-heldout.jsonl"
    )
    parser.add_argument("--seed", type=int, default=20240, help="the same seed writes the same bytes")
    parser.add_argument("--heldout-per-size", type=int, default=60, help="held-out problems of each size 3 to 9")
    parser.add_argument("--train-per-size", type=int, default=200, help="training problems of each size 3 to 9")
    chosen = parser.parse_args()
    write_sets(chosen.out, chosen.seed, chosen.heldout_per_size, chosen.train_per_size)


if __name__ == "__main__":
    main()
