"""Plays strategies on operator puzzles and says how often each is right and what it cost; it trains and tunes nothing.

    python -m workers.training.accuracy --problems fixtures/problems/puzzle-heldout.jsonl \
        --arms self_consistency:n=16 best_of_n:n=16 beam:n=48,width=4

The runs are those of the product: runner, engine and scorer as a worker plays them, without a database. Every
interval is a 95 % bootstrap interval over problems; a difference is taken problem by problem, so that what is hard for
both arms does not widen it. Several seeds are averaged for each problem before that.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.inference.model_folder import SHIPPED
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search import events
from workers.search.ensemble import play
from workers.search.protocols import Engine, Scorer
from workers.search.runner import Runner, RunSpec
from workers.training.judges import BlindJudge, ExactJudge

Floats = NDArray[np.float64]
HARD = 7  # signs; 7 to 9 are the harder part of 3 to 9
TOGETHER = 60  # runs played at once; more fill no batch any better
DRAWN = 4000  # bootstrap samples


@dataclass(frozen=True)
class Arm:
    """One strategy with its parameters, named as it was written: beam:n=48,width=4."""

    name: str
    strategy: str
    parameters: dict[str, str]

    @classmethod
    def parse(cls, written: str) -> Arm:
        """Out of "strategy" or "strategy:name=value,…". Raises ValueError."""
        strategy, _, rest = written.partition(":")
        pairs = [pair.split("=", 1) for pair in rest.split(",") if pair]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"expected an arm such as beam:n=16,width=4, found {written!r}; write name=value pairs")
        return cls(written, strategy, dict(pairs))


@dataclass
class Log:
    """Takes what a run emits and keeps it."""

    kept: list[events.Event] = field(default_factory=list)

    def take(self, some: Sequence[events.Event]) -> None:
        self.kept += some

    def outcome(self) -> tuple[float, ...]:
        """As COLUMNS. Raises ValueError where the run failed."""
        right: dict[int, bool] = {}
        ended, chosen = 0, 0
        costs = np.zeros(3)
        for event in self.kept:
            match event:
                case events.StepAdded():
                    ended += event.terminal
                    costs[:2] += event.generated, event.computed
                case events.StepRepeated():
                    costs[:2] += event.generated, event.computed
                case events.StepScored():
                    costs[2] += event.tokens
                case events.Answered():
                    right[event.number] = event.correct is True
                case events.AnswerChosen():
                    chosen = event.number
                case events.RunFailed():
                    raise ValueError(f"a run failed: {event.reason}")
        found = sum(right.values())
        return (float(right.get(chosen, False)), found / max(1, ended), float(found > 0), *costs)


COLUMNS = ("right", "single", "covered", "generated", "computed", "scored")
"""Of one run: whether the chosen answer is right; the share of right ones among finished branches; whether any is
right; tokens generated (repeats too), computed by the engine, and computed by the scorer."""


def played(arm: Arm, records: Sequence[dict[str, Any]], engine: Engine, scorer: Scorer | None, seed: int) -> Floats:
    """(problems, columns): every problem played once by `arm`. Raises ValueError where a run fails."""
    logs = [Log() for _ in records]
    for start in range(0, len(records), TOGETHER):
        chunk = list(zip(records, logs, strict=True))[start : start + TOGETHER]
        play([_runner(arm, record, log, seed) for record, log in chunk], engine, scorer)
    return np.array([log.outcome() for log in logs])


def _runner(arm: Arm, record: dict[str, Any], log: Log, seed: int) -> Runner:
    """Each problem has draws of its own, as it has in an experiment: with one seed for all of them their luck is one,
    and an interval that takes problems for independent is too narrow."""
    digest = sha256(f"{seed}:{record['statement']}".encode()).digest()
    own = int.from_bytes(digest[:6], "big")
    spec = RunSpec(record["statement"], record["answer"], record["checker"], arm.strategy, arm.parameters, own)
    return Runner(spec, log, clock=lambda: 0.0)


def of_all_seeds(
    arms: Sequence[Arm],
    records: Sequence[dict[str, Any]],
    policy: str,
    judge: str,
    seeds: Sequence[int],
    say: Callable[[str], None],
) -> dict[str, Floats]:
    """By arm: (problems, columns), the mean over seeds. A vote needs no scorer and is played without one.

    Engine and scorer are opened anew for each arm, because they keep prefixes: what one arm has computed would cost the
    next one nothing.
    """
    found: dict[str, Floats] = {}
    for arm in arms:
        rows = []
        for seed in seeds:
            engine = tiny_policy(TinyPolicyParams(folder=policy, device="cpu"))
            scorer = None if arm.strategy == "self_consistency" else judge_of(judge)
            rows.append(played(arm, records, engine, scorer, seed))
        found[arm.name] = np.mean(rows, axis=0)
        say(f"{arm.name}: {100 * found[arm.name][:, 0].mean():.1f} % right")
    return found


def interval(values: Floats) -> tuple[float, float, float]:
    """Mean, lower and upper end of its 95 % bootstrap interval, in per cent."""
    noise = np.random.default_rng(0)
    means = values[noise.integers(0, len(values), (DRAWN, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return 100 * float(values.mean()), 100 * float(low), 100 * float(high)


def shown(values: Floats, sign: str = "") -> str:
    """An interval in words."""
    mean, low, high = interval(values)
    return f"{mean:{sign}.1f} [{low:{sign}.1f}, {high:{sign}.1f}]"


def groups(sizes: NDArray[np.int64]) -> list[tuple[str, NDArray[np.bool_]]]:
    """All problems, the easier and the harder ones, and those of each size."""
    hard = sizes >= HARD
    named = [("all", sizes > 0), (f"below {HARD}", ~hard), (f"{HARD} and more", hard)]
    return [*named, *((str(size), sizes == size) for size in sorted(set(sizes.tolist())))]


def tables(found: dict[str, Floats], sizes: NDArray[np.int64], baseline: str) -> str:
    """Markdown: how often each arm is right by size; what it cost; and each arm minus the baseline."""
    lines = ["| signs | problems | " + " | ".join(found) + " |", "|---|---|" + "---|" * len(found)]
    for name, rows in groups(sizes):
        cells = " | ".join(shown(values[rows, 0]) for values in found.values())
        lines.append(f"| {name} | {rows.sum()} | {cells} |")
    hard = sizes >= HARD
    lines += [
        "",
        f"| arm | generated (all, {HARD} and more) | computed | scorer | any right | minus {baseline} | the same, "
        f"{HARD} and more |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, values in found.items():
        gain = values[:, 0] - found[baseline][:, 0]
        costs = " | ".join(f"{values[:, k].mean():,.0f}, {values[hard, k].mean():,.0f}" for k in (3, 4, 5))
        covered = f"{100 * values[:, 2].mean():.1f}"
        lines.append(f"| {name} | {costs} | {covered} | {shown(gain, '+')} | {shown(gain[hard], '+')} |")
    return "\n".join(lines)


def judge_of(name: str) -> Scorer:
    """The scorer that is meant: exact, blind, or a model's folder."""
    if name == "exact":
        return ExactJudge()
    if name == "blind":
        return BlindJudge()
    return tiny_prm(TinyPrmParams(folder=name, device="cpu"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure strategies on operator puzzles.")
    parser.add_argument("--problems", type=Path, nargs="+", required=True, help="files of operator puzzles")
    parser.add_argument("--arms", type=Arm.parse, nargs="+", required=True, help="such as beam:n=16,width=4")
    parser.add_argument("--policy", type=Path, default=SHIPPED / "tiny-policy", help="folder of the policy")
    parser.add_argument("--judge", default=str(SHIPPED / "tiny-prm"), help="folder of a reward model, exact or blind")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="one run of each problem for each")
    parser.add_argument("--limit", type=int, default=None, help="only the first so many problems of each file")
    parser.add_argument("--baseline", default=None, help="the arm that others are compared with; the first otherwise")
    chosen = parser.parse_args()
    records = [json.loads(line) for path in chosen.problems for line in path.read_text().splitlines()[: chosen.limit]]
    found = of_all_seeds(
        chosen.arms, records, str(chosen.policy), chosen.judge, chosen.seeds, lambda line: print(line, flush=True)
    )
    sizes = np.array([record["difficulty"] for record in records], dtype=np.int64)
    print(tables(found, sizes, chosen.baseline or chosen.arms[0].name))


if __name__ == "__main__":
    main()
