"""Writes the shipped game-24 problems from the table of tree-of-thought-llm; it solves none and gives no reference
answer.

The hundred rows 900 to 999 are those the paper tested on (Yao et al., "Tree of Thoughts", 2023, section 4.1).
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np

ROWS = slice(900, 1000)


def records(table: Path, seed: int) -> list[dict[str, object]]:
    """The hundred problems in an order shuffled once. Difficulty is the share of people, in per cent, who did not
    solve it."""
    with table.open(newline="") as opened:
        rows = list(csv.DictReader(opened))[ROWS]
    return [
        {
            "statement": rows[place]["Puzzles"],
            "answer": "",
            "checker": "game24",
            "difficulty": round(100 - float(rows[place]["Solved rate"].rstrip("%")), 2),
            "source": f"tree-of-thought-llm 24.csv, rank {rows[place]['Rank']}",
        }
        for place in np.random.default_rng(seed).permutation(len(rows))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the shipped game-24 problems.")
    parser.add_argument("--table", type=Path, required=True, help="24.csv of tree-of-thought-llm")
    parser.add_argument("--out", type=Path, required=True, help="the file to write, one JSON object a line")
    parser.add_argument("--seed", type=int, default=24, help="decides the order")
    chosen = parser.parse_args()
    chosen.out.write_text("".join(json.dumps(record) + "\n" for record in records(chosen.table, chosen.seed)))


if __name__ == "__main__":
    main()
