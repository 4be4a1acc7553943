"""Measures the shipped models on a problem file: single sample, majority and best of N by the PRM; it trains and
chooses nothing.

Run it as `python -m workers.training.figures --problems FILE`. Intervals are 95 % bootstrap intervals over problems,
so that samples of one problem, which are not independent, do not make them too narrow.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.inference.model_folder import SHIPPED
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search.checkers.puzzle import PuzzleChecker, step_verdicts
from workers.search.protocols import BranchText, Request
from workers.search.synchronous import write_all

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sampled:
    """One problem's samples. right: float64 (n,), 0 or 1; answers: n signs or None; scores: per sample the step scores;
    verdicts: per sample one of ok, dead, slip a step."""

    size: int
    right: Floats
    answers: list[str | None]
    scores: list[tuple[float, ...]]
    verdicts: list[list[str]]

    def majority(self) -> float:
        """1 where the most frequent answer, the first seen among equals, is right."""
        counted = Counter(one for one in self.answers if one is not None)
        return float(self.right[self.answers.index(counted.most_common(1)[0][0])]) if counted else 0.0

    def best(self) -> float:
        """1 where the answered sample with the highest score of its last step is right."""
        answered = [place for place, one in enumerate(self.answers) if one is not None]
        return float(self.right[max(answered, key=lambda place: self.scores[place][-1])]) if answered else 0.0


def lines(text: str) -> tuple[str, ...]:
    """A text as steps, cut after every line end."""
    return tuple(text.splitlines(keepends=True))


def sample(records: Sequence[dict[str, Any]], policy: Path, prm: Path, samples: int, seed: int) -> list[Sampled]:
    """Every problem with its samples at temperature 1, checked and scored."""
    engine = tiny_policy(TinyPolicyParams(folder=str(policy), device="cpu"))
    scorer = tiny_prm(TinyPrmParams(folder=str(prm), device="cpu"))
    # One call for all, so that engine and scorer fill their batches across problems.
    questions = [record["statement"] for record in records for _ in range(samples)]
    drafts = write_all(engine, [Request(asked, (), "end", 1.0, (seed, place)) for place, asked in enumerate(questions)])
    texts = [draft.text for draft in drafts]
    branches = [BranchText(asked, lines(text)) for asked, text in zip(questions, texts, strict=True)]
    scores = [scored.values for scored in scorer.score(branches)]
    return [
        checked(record, texts[at : at + samples], scores[at : at + samples])
        for record, at in zip(records, range(0, len(texts), samples), strict=True)
    ]


def checked(record: dict[str, Any], texts: Sequence[str], scores: Sequence[tuple[float, ...]]) -> Sampled:
    """One problem's samples with what the exact checker says of them."""
    answers = PuzzleChecker().classify(record["statement"], record["answer"], texts)
    return Sampled(
        record["difficulty"],
        np.array([float(one is not None and one.correct is True) for one in answers]),
        [one.class_key if one else None for one in answers],
        list(scores),
        [list(step_verdicts(record["statement"], lines(text))) for text in texts],
    )


def interval(values: Floats, noise: np.random.Generator) -> str:
    """A mean and its bootstrap interval, in per cent."""
    means = values[noise.integers(0, len(values), (4000, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{100 * values.mean():.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def step_auc(found: Sequence[Sampled]) -> float:
    """The chance that a good step is scored above a bad one, steps after the first bad one left out."""
    good: list[float] = []
    bad: list[float] = []
    for one in found:
        for scores, verdicts in zip(one.scores, one.verdicts, strict=True):
            for score, verdict in zip(scores, verdicts, strict=True):
                (good if verdict == "ok" else bad).append(score)
                if verdict != "ok":
                    break
    order = np.argsort(np.argsort([*good, *bad]))[: len(good)] + 1
    return float((order.sum() - len(good) * (len(good) + 1) / 2) / (len(good) * len(bad)))


def table(found: Sequence[Sampled], samples: int) -> str:
    """A Markdown table: a row for all problems and one a size, and a last line with the figures of steps."""
    noise = np.random.default_rng(0)
    rows = [
        f"| signs | problems | single sample | majority of {samples} | PRM best of {samples} | any of {samples} "
        "| single under 2 % |"
    ]
    rows.append("|---|---|---|---|---|---|---|")
    for size in [None, *sorted({one.size for one in found})]:
        part = [one for one in found if size in (None, one.size)]
        columns = [
            np.array([one.right.mean() for one in part]),
            np.array([one.majority() for one in part]),
            np.array([one.best() for one in part]),
            np.array([one.right.max() for one in part]),
        ]
        cells = " | ".join(interval(column, noise) for column in columns)
        rows.append(f"| {size or 'all'} | {len(part)} | {cells} | {100 * float((columns[0] < 0.02).mean()):.0f} % |")
    gains = [
        ("majority minus single", np.array([one.majority() - one.right.mean() for one in found])),
        ("best minus majority", np.array([one.best() - one.majority() for one in found])),
    ]
    counted = Counter(verdict for one in found for steps in one.verdicts for verdict in steps)
    rows.append(
        "\n" + "; ".join(f"{name} {interval(gain, noise)}" for name, gain in gains) + " (same problems, points)"
    )
    rows.append(f"step AUC {step_auc(found):.3f}; steps {dict(sorted(counted.items()))}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the small models on operator puzzles.")
    parser.add_argument(
        "--problems", type=Path, required=True, help="a file of operator puzzles, such as puzzle-heldout.jsonl"
    )
    parser.add_argument("--policy", type=Path, default=SHIPPED / "tiny-policy", help="folder of the policy")
    parser.add_argument("--prm", type=Path, default=SHIPPED / "tiny-prm", help="folder of the reward model")
    parser.add_argument("--samples", type=int, default=16, help="samples a problem")
    parser.add_argument("--limit", type=int, default=None, help="only the first so many problems")
    parser.add_argument("--seed", type=int, default=0, help="decides the draws")
    chosen = parser.parse_args()
    records = [json.loads(line) for line in chosen.problems.read_text().splitlines()][: chosen.limit]
    print(table(sample(records, chosen.policy, chosen.prm, chosen.samples, chosen.seed), chosen.samples))


if __name__ == "__main__":
    main()
