"""Step by step, the best of many: a scorer chooses which branches go on; it looks no further ahead than one step.

Finished branches leave the beam with their score and compete at the end with all others, whenever they ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from workers.search import selection
from workers.search.aggregate import AGGREGATIONS, aggregate
from workers.search.moves import Choose, Evaluate, Expand, Prune, Until
from workers.search.parameters import parameter
from workers.search.registry import Play, strategy
from workers.search.step import Step


@dataclass(frozen=True)
class Params:
    """How many branches, how many of them go on, and how the winner is taken."""

    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "low": {"n": 4, "width": 2},
        "medium": {"n": 16, "width": 4},
        "high": {"n": 64, "width": 4},
    }

    n: int = parameter(
        16, "How many branches are drawn at each depth, the finished ones counted.", minimum=1, maximum=4096
    )
    width: int = parameter(
        4, "Continuations of each branch that goes on; n ÷ width branches go on.", minimum=1, maximum=64
    )
    variant: str = parameter(
        "fixed-width",
        "What becomes of a place that is free: it stays empty (fixed-width, Snell), or the branches that go on share "
        "it (fill, search-and-learn).",
        choices=("fixed-width", "fill"),
    )
    distinct: bool = parameter(True, "Continuations of one branch must differ; repeats are drawn anew and charged.")
    max_depth: int = parameter(40, "At this depth what still goes on is drawn to its end.", minimum=1, maximum=1000)
    aggregation: str = parameter("last", "How the scores of a branch's steps become one.", choices=tuple(AGGREGATIONS))
    selection: str = parameter(
        "weighted",
        "Among finished branches: the answer with the largest sum of scores (weighted), or the highest score (best).",
        choices=("weighted", "best"),
    )
    temperature: float = parameter(1.0, "Temperature of the draws; 0 is greedy.", minimum=0, maximum=10)


@strategy(
    "beam",
    label="Beam search",
    summary="Draws steps, keeps the branches the scorer likes best, goes on with them, and takes the best that ended.",
    params=Params,
    needs=("steps", "samples", "scores"),
)
def play(root: Step, params: Params, random: Random) -> Play:
    """Beam search against a process reward model (arXiv 2408.03314, section 5.2), both variants.

    1. Draw n steps. 2. Score them; what has ended leaves the beam and keeps its place among the n. 3. Of the others the
    best n ÷ width go on. 4. Draw `width` continuations of each, or, to fill the n places, as many as there is room for
    (huggingface/search-and-learn, beam_search.py). 5. Repeat from 2; at max_depth draw to the end. 6. Choose among all
    that ended.
    """
    totals: dict[Step, float] = {}
    ended: list[Step] = []
    live = [root]
    for depth in range(1, params.max_depth + 1):
        until: Until = "step" if depth < params.max_depth else "end"
        drawn: list[Step] = []
        for parents, width in _shares(live, params.n - len(ended), params, first=depth == 1):
            grown = yield Expand(parents, width, until, params.temperature, params.distinct)
            drawn += [tip for tips in grown for tip in tips]
        if not drawn:
            break
        scores = yield Evaluate(tuple(drawn))
        totals.update((tip, aggregate(params.aggregation, branch)) for tip, branch in zip(drawn, scores, strict=True))
        ended += [tip for tip in drawn if tip.terminal]
        ranked = sorted([tip for tip in drawn if not tip.terminal], key=totals.__getitem__, reverse=True)
        kept = _going_on(params, len(ended)) if depth < params.max_depth else 0
        live = ranked[:kept]
        if ranked[kept:]:
            yield Prune(tuple(ranked[kept:]), _why(params, depth, ranked, kept, totals, len(ended)))
        if not live:
            break
    picked = _pick(params, ended, [totals[tip] for tip in ended])
    if picked is not None:
        yield Choose(picked.step, picked.why)


def _going_on(params: Params, ended: int) -> int:
    """How many branches go on: the places that finished ones have left, by width, and one as long as any is left."""
    room = params.n - ended
    return max(1, room // params.width) if room else 0


def _shares(live: Sequence[Step], room: int, params: Params, *, first: bool) -> list[tuple[tuple[Step, ...], int]]:
    """Which branches are continued how often, `room` continuations at most; where they cannot be shared out evenly the
    best ones have one more."""
    if params.variant == "fixed-width" and not first:
        return [(tuple(live), min(params.width, room // len(live)))]
    width, more = divmod(room, len(live))
    return [(tuple(part), each) for part, each in ((live[:more], width + 1), (live[more:], width)) if part and each]


def _why(
    params: Params, depth: int, ranked: Sequence[Step], kept: int, totals: Mapping[Step, float], ended: int
) -> str:
    """Why the lower ranks do not go on, with the scores on both sides of the cut."""
    highest = f"{params.aggregation} score of at most {totals[ranked[kept]]:.4f}"
    places = f"{ended} of {params.n} places are taken by finished branches"
    if kept:
        last = totals[ranked[kept - 1]]
        return f"Not among the best {kept} of {len(ranked)}: {highest}, the last that goes on has {last:.4f}; {places}."
    if ended < params.n:
        return f"Unfinished at depth {depth}, the greatest allowed: {highest}; {places}."
    return f"No place is left: {highest}; {places}."


def _pick(params: Params, ended: Sequence[Step], totals: Sequence[float]) -> selection.Picked | None:
    """The winner. Where no answer has a class nobody can vote, and the highest score wins."""
    said = f"{params.aggregation} score"
    voted = selection.weighted_majority(ended, totals) if params.selection == "weighted" else None
    return voted or selection.best_score(ended, totals, said)
