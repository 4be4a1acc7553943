"""Many branches and the one a scorer likes best; it takes no vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from workers.search import selection
from workers.search.aggregate import AGGREGATIONS, aggregate
from workers.search.moves import Choose, Evaluate, Expand
from workers.search.parameters import parameter
from workers.search.registry import Play, strategy
from workers.search.step import Step


@dataclass(frozen=True)
class Params:
    """How many are drawn, how freely, and how step scores become a branch score."""

    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"low": {"n": 4}, "medium": {"n": 16}, "high": {"n": 64}}

    n: int = parameter(16, "How many branches are drawn.", minimum=1, maximum=4096)
    temperature: float = parameter(1.0, "Temperature of the draws; 0 is greedy.", minimum=0, maximum=10)
    aggregation: str = parameter("last", "How the scores of a branch's steps become one.", choices=tuple(AGGREGATIONS))


@strategy(
    "best_of_n",
    label="Best of N",
    summary="Draws n branches to their end and takes the one the scorer gives the highest score.",
    params=Params,
    needs=("samples", "scores"),
)
def play(root: Step, params: Params, random: Random) -> Play:
    """Best-of-N with a process reward model (arXiv 2305.20050, section 2.6), the aggregation a parameter."""
    [drawn] = yield Expand((root,), width=params.n, temperature=params.temperature)
    scores = yield Evaluate(tuple(drawn))
    totals = [aggregate(params.aggregation, branch) for branch in scores]
    picked = selection.best_score(drawn, totals, f"{params.aggregation} score")
    if picked is not None:
        yield Choose(picked.step, picked.why)
