"""The orders a queue can have, each one SQL expression over its candidates, the lowest first; it runs none of them.

An order says one rank; what ranks alike, and what has no rank, comes in the queue's seeded draw. Of a candidate there
is run_id, number, problem_id, score, entropy, is_right (null where unknown), disputes and draw (queue_candidates.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apps.common.errors import Refused


@dataclass(frozen=True, slots=True)
class Order:
    """rank: SQL, the lowest first and null last. source: who orders like this, and where it says so."""

    key: str
    label: str
    sentence: str
    source: str
    rank: str
    needs_scores: bool = False
    needs_disputes: bool = False


ORDERS: dict[str, Order] = {}


def order(
    key: str, label: str, *, source: str, needs_scores: bool = False, needs_disputes: bool = False
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Enter a function that returns an order's SQL; its docstring is the sentence that pages show."""

    def enter(ranking: Callable[[], str]) -> Callable[[], str]:
        sentence = (ranking.__doc__ or "").strip()
        ORDERS[key] = Order(key, label, sentence, source, ranking(), needs_scores, needs_disputes)
        return ranking

    return enter


def known_order(key: str) -> Order:
    """The order of that key. Raises Refused, which names the known ones."""
    if key not in ORDERS:
        sentence = f"Unknown order {key[:60]!r}. Known: {', '.join(ORDERS)}."
        raise Refused(sentence, code="unknown-order", fields={"order": sentence})
    return ORDERS[key]


@order("random", "Random", source="the usual ground for figures about everything")
def random() -> str:
    """Shuffled by the seed, so that any first part is a fair sample of all."""
    return "0"


@order(
    "convincing-wrong",
    "Convincing wrong answers first",
    source="Lightman et al. 2023, section 2.4: active learning by convincing wrong-answer solutions",
    needs_scores=True,
)
def convincing_wrong() -> str:
    """Wrong final answers that the scorer rates highest: what it has most to learn from."""
    return "CASE WHEN NOT is_right THEN -score END"


@order(
    "score-against-outcome",
    "Score against outcome first",
    source="audits of verifiers: where the score and the checker of answers differ most",
    needs_scores=True,
)
def score_against_outcome() -> str:
    """Where score and correctness are furthest apart: right ones rated low and wrong ones rated high."""
    return "-abs(score - is_right::int)"


@order("high-entropy", "High entropy first", source="uncertainty sampling, Lewis and Gale 1994")
def high_entropy() -> str:
    """Where the model was least sure of its words, by the mean entropy a token."""
    return "-entropy"


@order("disagreement", "Disagreement first", source="query by committee, Seung et al. 1992", needs_disputes=True)
def disagreement() -> str:
    """Where people's verdicts differ, or the scorer's from theirs where one is chosen; then all others."""
    return "-NULLIF(disputes, 0)"


@order("round-robin", "Round robin over problems", source="stratified sampling, a stratum a problem")
def round_robin() -> str:
    """One task of every problem, then a second of every problem, and so on; shuffled by the seed inside each."""
    return "row_number() OVER (PARTITION BY problem_id ORDER BY draw, run_id, number)"
