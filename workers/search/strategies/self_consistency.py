"""Many branches and a vote among their answers; it asks no scorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """How many vote and how freely they are drawn."""

    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"low": {"n": 4}, "medium": {"n": 16}, "high": {"n": 64}}

    n: int = parameter(16, "How many branches are drawn.", minimum=1, maximum=4096)
    temperature: float = parameter(1.0, "Temperature of the draws; 0 is greedy.", minimum=0, maximum=10)
    stop_early: bool = parameter(
        False, "Cancels the rest once no other answer can overtake; the samples left are then a biased part of all."
    )


@strategy(
    "self_consistency",
    label="Self-consistency",
    summary="Draws n branches to their end and takes the answer that most of them give.",
    params=Params,
    needs=("samples",),
)
def play(root: Step, params: Params, random: Random) -> Play:
    """Self-consistency (arXiv 2203.11171, section 2): plurality of answer classes, ties to the class seen first.

    To stop early changes which class wins only where classes are tied and so nothing is stopped: branches are then born
    as they arrive, and the first to arrive wins the tie.
    """

    def enough(arrived: Sequence[Step]) -> str:
        return selection.decided(arrived, params.n - len(arrived))

    asked = enough if params.stop_early else None
    [drawn] = yield Expand((root,), width=params.n, temperature=params.temperature, enough=asked)
    picked = selection.majority(drawn)
    if picked is not None:
        yield Choose(picked.step, picked.why)
