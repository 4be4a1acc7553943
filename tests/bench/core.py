"""Times the core alone: beam search on the scripted engine and scorer, events counted and thrown away.

Sixteen runs of the default beam play together, drafts of up to twelve lines. Repeats that were drawn and dropped are
work but count as no steps. Processor time is taken, because the process does nothing but compute.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from tests.bench.figures import Figure, of_median
from workers.engines.scripted import Params, ScriptedEngine
from workers.scorers.scripted import ScriptedScorer
from workers.search.ensemble import play
from workers.search.events import Event, StepAdded
from workers.search.registry import NoParams
from workers.search.runner import Runner, RunSpec

GOAL = 50_000
RUNS = 16
ROUNDS = 15


class StepCount:
    """A sink that counts steps and keeps nothing."""

    steps = 0

    def take(self, events: Sequence[Event]) -> None:
        """Count what is a step."""
        self.steps += sum(isinstance(event, StepAdded) for event in events)


def figures() -> Iterable[Figure]:
    """core_steps_per_s, after one round to warm up."""
    _steps_per_s(0)
    rates = [_steps_per_s(place * RUNS) for place in range(1, ROUNDS + 1)]
    note = f"beam of the default parameters, {RUNS} runs together"
    yield of_median("core_steps_per_s", rates, "steps/s", "higher", GOAL, note)


def _steps_per_s(seed: int) -> float:
    sink = StepCount()
    runners = [
        Runner(RunSpec(f"Question {seed + place}", "1", "exact_text", "beam", {}, seed + place), sink, clock=time.time)
        for place in range(RUNS)
    ]
    engine, scorer = ScriptedEngine(Params(lines=12)), ScriptedScorer(NoParams())
    started = time.process_time()
    play(runners, engine, scorer)
    return sink.steps / (time.process_time() - started)
