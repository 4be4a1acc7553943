"""Plays searches on the shipped models for the engine's figures; it times nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.scorer import PROBLEMS, SIGNS
from workers.engines.local_transformers import TinyPolicyParams, tiny_policy
from workers.inference.model_folder import OpenedModel, open_model
from workers.scorers.token_prm import TinyPrmParams, tiny_prm
from workers.search.ensemble import play
from workers.search.events import Event, StepAdded, StepRepeated
from workers.search.protocols import Engine, Scorer
from workers.search.runner import Runner, RunSpec


class Tree:
    """A sink that keeps one run's steps: parent, text and cost of each, and what repeats cost."""

    def __init__(self) -> None:
        self.steps: dict[int, StepAdded] = {}
        self.repeated = [0, 0, 0]  # times, generated, computed

    def take(self, events: Sequence[Event]) -> None:
        """Keep."""
        for event in events:
            if isinstance(event, StepAdded):
                self.steps[event.number] = event
            elif isinstance(event, StepRepeated):
                news = (event.times, event.generated, event.computed)
                self.repeated = [had + new for had, new in zip(self.repeated, news, strict=True)]

    @property
    def computed(self) -> int:
        """Tokens the engine ran."""
        return sum(step.computed for step in self.steps.values()) + self.repeated[2]

    @property
    def generated(self) -> int:
        """Tokens the engine drew."""
        return sum(step.generated for step in self.steps.values()) + self.repeated[1]

    @property
    def needed(self) -> int:
        """Tokens that had to be run, the prompt aside: all that were drawn but the last of each leaf and of each
        repeat."""
        parents = {step.parent for step in self.steps.values()}
        leaves = sum(number not in parents for number in self.steps)
        return self.generated - leaves - self.repeated[0]


def statements(signs: int = SIGNS) -> list[str]:
    """The held-out puzzles of so many signs and more."""
    records = [json.loads(line) for line in PROBLEMS.read_text(encoding="utf-8").splitlines()]
    return [record["statement"] for record in records if record["difficulty"] >= signs]


def opened_policy() -> OpenedModel:
    return open_model(TinyPolicyParams().folder, "AutoModelForCausalLM", "cpu", "float32", 1)


def new_engine() -> Any:
    """A new engine, warmed up on another puzzle."""
    engine = tiny_policy(TinyPolicyParams(device="cpu"))
    played("chain_of_thought", {}, ["4?2?3=5"], 0, engine, None)
    return engine


def new_scorer() -> Scorer:
    return tiny_prm(TinyPrmParams(device="cpu"))


def played(
    strategy: str,
    parameters: dict[str, Any],
    questions: Sequence[str],
    seed: int,
    engine: Engine,
    scorer: Scorer | None,
) -> list[Tree]:
    """Runs of these questions, played together."""
    seeds = [1000 * seed + place for place in range(len(questions))]
    specs = [RunSpec(one, "", "", strategy, parameters, own) for one, own in zip(questions, seeds, strict=True)]
    return trees_of(specs, engine, scorer)


def trees_of(specs: Sequence[RunSpec], engine: Engine, scorer: Scorer | None) -> list[Tree]:
    sinks = [Tree() for _ in specs]
    play([Runner(spec, sink, clock=time.time) for spec, sink in zip(specs, sinks, strict=True)], engine, scorer)
    return sinks
