"""What the PRM costs a beam search: tokens it runs for each there is, and what its time leaves of the engine's speed.

Sixteen held-out puzzles of six and more signs play the beam of 16, width 4, together, on the shipped models, one thread
of torch. Processor time is taken, because the process does nothing but compute.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.bench.figures import Figure, of_median, spread
from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.inference.model_folder import OpenedModel, open_model
from workers.inference.prompt import prompt_ids
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search.ensemble import play
from workers.search.events import Event, Maker, StepAdded, StepRepeated, StepScored
from workers.search.protocols import BranchScores, BranchText, Delivery, Engine, Request, Scorer, Ticket
from workers.search.runner import Runner, RunSpec

T = TypeVar("T")
PROBLEMS = Path(__file__).resolve().parents[2] / "fixtures" / "problems" / "puzzle-heldout.jsonl"
BEAM = {"n": 16, "width": 4}
TOGETHER = 16
SIGNS = 6
ROUNDS = 5
REUSE_GOAL = 1.05


@dataclass(slots=True)
class Costs:
    """A sink that adds up what one round generated and scored, and the seconds of engine and scorer."""

    generated: int = 0
    scored: int = 0
    texts: list[str] = field(default_factory=list)
    engine_s: float = 0.0
    scorer_s: float = 0.0

    def take(self, events: Sequence[Event]) -> None:
        """Count."""
        for event in events:
            if isinstance(event, StepAdded):
                self.generated += event.generated
                self.texts.append(event.text)
            elif isinstance(event, StepRepeated):
                self.generated += event.generated
            elif isinstance(event, StepScored):
                self.scored += event.tokens


class TimedEngine:
    """An engine whose processor time is added up."""

    def __init__(self, engine: Engine, costs: Costs) -> None:
        self._engine, self._costs, self.splitter = engine, costs, engine.splitter

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        return self._timed(lambda: self._engine.submit(requests))

    def poll(self) -> list[Delivery]:
        return self._timed(self._engine.poll)

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        return self._timed(lambda: self._engine.cancel(tickets))

    def encode(self, text: str) -> tuple[int, ...]:
        return self._engine.encode(text)

    def identity(self) -> Maker:
        return self._engine.identity()

    def _timed(self, call: Callable[[], T]) -> T:
        started = time.process_time()
        result = call()
        self._costs.engine_s += time.process_time() - started
        return result


class TimedScorer:
    """A scorer whose processor time is added up."""

    def __init__(self, scorer: Scorer, costs: Costs) -> None:
        self._scorer, self._costs = scorer, costs

    def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
        started = time.process_time()
        result = self._scorer.score(branches)
        self._costs.scorer_s += time.process_time() - started
        return result

    def identity(self) -> Maker:
        return self._scorer.identity()


def figures() -> Iterator[Figure]:
    """scorer_reuse_beam and search_with_scorer, each round with models that have seen nothing."""
    records = (json.loads(line) for line in PROBLEMS.read_text(encoding="utf-8").splitlines())
    questions = [record["statement"] for record in records if record["difficulty"] >= SIGNS][:TOGETHER]
    opened = open_model(TinyPolicyParams().folder, "AutoModelForCausalLM", "cpu", "float32", 1)
    generate_rate(opened, questions, 0)
    reuse, speeds, parts = list[float](), list[float](), list[float]()
    for seed in range(1, ROUNDS + 1):
        costs = played(questions, seed)
        reuse.append(costs.scored / token_count(opened.tokenizer, questions, costs.texts))
        rate = costs.generated / (costs.engine_s + costs.scorer_s)
        speeds.append(rate / generate_rate(opened, questions, seed))
        parts.append(costs.scorer_s / (costs.engine_s + costs.scorer_s))
    played_note = f"beam of {BEAM['n']}, width {BEAM['width']}, {TOGETHER} puzzles together"
    yield of_median("scorer_reuse_beam", reuse, "", "lower", REUSE_GOAL, played_note)
    note = f"{played_note}; the PRM takes {spread(parts, 'of the time')}"
    yield of_median("search_with_scorer", speeds, "of generate()", "higher", None, note)


def played(questions: Sequence[str], seed: int) -> Costs:
    """One round: what it cost. The models are loaded for it and warmed up on another puzzle."""
    engine, scorer = tiny_policy(TinyPolicyParams(device="cpu")), tiny_prm(TinyPrmParams(device="cpu"))
    _play(["4?2?3=5"], seed, engine, scorer, Costs())
    costs = Costs()
    _play(questions, seed, TimedEngine(engine, costs), TimedScorer(scorer, costs), costs)
    return costs


def _play(questions: Sequence[str], seed: int, engine: Engine, scorer: Scorer, sink: Costs) -> None:
    specs = [RunSpec(question, "", "", "beam", BEAM, 1000 * seed + place) for place, question in enumerate(questions)]
    play([Runner(spec, sink, clock=time.time) for spec in specs], engine, scorer)


def token_count(tokenizer: Any, questions: Sequence[str], steps: Sequence[str]) -> int:
    """Tokens there are for the PRM: each question once, each step once with the one line end after it."""
    texts = [step.rstrip("\n") + "\n" for step in steps]
    return sum(len(prompt_ids(tokenizer, question)) for question in questions) + sum(
        len(tokenizer(text, add_special_tokens=False).input_ids) for text in texts
    )


def generate_rate(opened: OpenedModel, questions: Sequence[str], seed: int) -> float:
    """Tokens a second of transformers' own generate() on the same model: as many rows as the beams have, to their
    ends, padded on the left."""
    import torch

    prompts = [prompt_ids(opened.tokenizer, question) for question in questions for _ in range(BEAM["n"])]
    longest = max(map(len, prompts))
    ids = torch.tensor([(0,) * (longest - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    end, pad = opened.tokenizer.eos_token_id, opened.tokenizer.pad_token_id
    torch.manual_seed(seed)
    started = time.process_time()
    written = opened.model.generate(
        ids, attention_mask=mask, do_sample=True, top_k=0, max_new_tokens=96, eos_token_id=end, pad_token_id=pad
    )
    return int((written[:, longest:] != pad).sum()) / (time.process_time() - started)
