"""Makes one branch score of step scores; it has no value for a branch without scores and says so."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from workers.search.errors import UnknownKey

AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "last": lambda scores: scores[-1],
    "min": min,
    "product": math.prod,
    "mean": lambda scores: math.fsum(scores) / len(scores),
    "sum": math.fsum,
}


def aggregate(name: str, scores: Sequence[float]) -> float:
    """The branch score of step scores, root to tip.

    Raises UnknownKey for an unknown name and ValueError for no scores, which have neither a last nor a least and whose
    product of 1 would beat every real branch.
    """
    if name not in AGGREGATIONS:
        raise UnknownKey("aggregation", name, AGGREGATIONS)
    if not scores:
        raise ValueError(f"Aggregation {name!r} needs at least one step score; found none.")
    return float(AGGREGATIONS[name](scores))
