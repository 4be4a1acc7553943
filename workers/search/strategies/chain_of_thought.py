"""One branch to the end: what a model does without search; it selects nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from workers.search import selection
from workers.search.moves import Choose, Expand
from workers.search.parameters import parameter
from workers.search.registry import Play, strategy
from workers.search.step import Step


@dataclass(frozen=True)
class Params:
    """One knob: how freely is drawn. Effort has no meaning for a single branch, so every preset is the default."""

    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"low": {}, "medium": {}, "high": {}}

    temperature: float = parameter(1.0, "Temperature of the draw; 0 is greedy.", minimum=0, maximum=10)


@strategy(
    "chain_of_thought",
    label="Chain of thought",
    summary="Draws one branch to its end and takes its answer.",
    params=Params,
)
def play(root: Step, params: Params, random: Random) -> Play:
    """Chain of thought (arXiv 2201.11903), at temperature 1 a plain sample of the model."""
    [drawn] = yield Expand((root,), width=1, temperature=params.temperature)
    picked = selection.first(drawn)
    if picked is not None:
        yield Choose(picked.step, picked.why)
