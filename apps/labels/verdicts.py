"""The verdicts there are, how each is shown, and which one stands; it reads no rows and keeps no state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.common.errors import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person can say of a step.

    key: as stored; glyph: shown before any colour; name: in words; rating: the number files know it by, None for
    unsure, which says nothing of the step.
    """

    key: str
    glyph: str
    name: str
    rating: int | None


BAD = Verdict("bad", "✕", "Bad", -1)
NEUTRAL = Verdict("neutral", "○", "Neutral", 0)
GOOD = Verdict("good", "✓", "Good", 1)
UNSURE = Verdict("unsure", "?", "Unsure", None)

VERDICTS = {verdict.key: verdict for verdict in (BAD, NEUTRAL, GOOD, UNSURE)}
BY_RATING = {verdict.rating: verdict for verdict in VERDICTS.values() if verdict.rating is not None}

TAKEN_BACK = ""
"""Stored in place of a verdict where a labeller takes the earlier one back."""


def known_verdict(key: str) -> Verdict:
    """The verdict of `key`. Raises Refused, which names the known ones."""
    try:
        return VERDICTS[key]
    except KeyError:
        known = ", ".join(VERDICTS)
        message = f"Unknown verdict {key!r}. Known: {known}; empty takes the label back."
        raise Refused(message, code="unknown-verdict", fields={"verdict": f"Expected one of {known}."}) from None


def standing_verdict(settled: str | None, current: Iterable[str]) -> str | None:
    """The key of the verdict that stands on a step, or None.

    settled: the verdict of its latest adjudication, if it has one; current: the current verdicts of its labellers,
    those who took theirs back left out. An adjudication stands; else the verdict on which all agree, where unsure is a
    verdict like the others: next to a good, nothing stands.
    """
    if settled:
        return settled
    agreed = set(current)
    return agreed.pop() if len(agreed) == 1 else None
