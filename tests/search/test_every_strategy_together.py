"""Every strategy of the list plays the same run alone and among others, however fast its engine writes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.playing import Log, noon, played, scripted_scorer
from workers.engines.scripted import Params, ScriptedEngine
from workers.search import events
from workers.search.ensemble import play
from workers.search.registry import Entry
from workers.search.runner import Runner, RunSpec
from workers.search.strategies import STRATEGIES

RUNS = 16


class AtAnyPace(ScriptedEngine):
    """A scripted engine that does not say how fast it writes, so that logs can be compared."""

    def __init__(self, pace: int) -> None:
        super().__init__(Params(pace=pace))

    def identity(self) -> events.Maker:
        return events.Maker("engine", "scripted")


@pytest.mark.parametrize("entry", list(STRATEGIES), ids=lambda entry: entry.key)
@pytest.mark.parametrize("pace", [0, 1, 7])
def test_a_run_among_sixteen_is_the_run_alone_whatever_the_pace(entry: Entry[Any], pace: int) -> None:
    logs = [Log() for _ in range(RUNS)]
    specs = [RunSpec(f"Question {seed}", "1", "exact_text", entry.key, seed=seed) for seed in range(RUNS)]
    runners = [Runner(spec, log, clock=noon) for spec, log in zip(specs, logs, strict=True)]
    play(runners, AtAnyPace(pace), scripted_scorer())
    for place in (0, 7, 15):
        alone = played(
            entry.key, question=f"Question {place}", seed=place, engine=AtAnyPace(0), scorer=scripted_scorer()
        )
        assert logs[place].moves == alone.moves
