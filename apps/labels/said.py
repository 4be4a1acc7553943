"""What somebody says of a step in one row, checked so that it can be stored; it stores nothing itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from apps.common.errors import Refused
from apps.labels.verdicts import TAKEN_BACK, known_verdict

REASON_LIMIT = 10_000
NONE_BEFORE = UUID(int=0)
"""Stands for the label before where the client knows of none."""


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict with all that is said with it; an empty one takes the earlier back.

    client_uuid: made by the client, the same for the same label. replaces: the client_uuid of the labeller's own label
    that this one follows, NONE_BEFORE where the client knows of none, None where it does not say. seconds: time it
    took, None where unknown. chosen: whether the labeller goes on from this step; None where that was no question.
    prelabel: the verdict that was proposed, empty where none was.
    """

    verdict: str
    client_uuid: UUID
    replaces: UUID | None = None
    seconds: float | None = None
    reason: str = ""
    flagged: bool = False
    critique: str = ""
    chosen: bool | None = None
    prelabel: str = ""

    def checked(self) -> Said:
        """The same, its texts stripped. Raises Refused, by field, for what cannot be stored."""
        if self.verdict != TAKEN_BACK:
            known_verdict(self.verdict)
        if self.prelabel:
            known_verdict(self.prelabel)
        return Said(
            verdict=self.verdict,
            client_uuid=self.client_uuid,
            replaces=self.replaces,
            seconds=storable_seconds(self.seconds),
            reason=storable_text("reason", self.reason),
            flagged=self.flagged,
            critique=storable_text("critique", self.critique),
            chosen=self.chosen,
            prelabel=self.prelabel,
        )


def storable_text(name: str, text: str) -> str:
    """`text`, stripped. Raises Refused, by that name, where it is too long or holds what no text column takes."""
    text = text.strip()
    if len(text) > REASON_LIMIT:
        found = f"Expected a {name} of at most {REASON_LIMIT:,} characters; found {len(text):,}. Shorten it."
        raise Refused(found, code=f"{name}-too-long", fields={name: found})
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        found = f"Expected a {name} of readable characters; found a NUL or half a surrogate pair. Remove it."
        raise Refused(found, code=f"{name}-unreadable", fields={name: found})
    return text


def storable_reason(reason: str) -> str:
    """A reason, stripped. Raises Refused as storable_text."""
    return storable_text("reason", reason)


def storable_seconds(seconds: float | None) -> float | None:
    """`seconds`, unchanged. Raises Refused where it is no time: negative, infinite or not a number."""
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        found = f"Expected the seconds a verdict took, 0 or more; found {seconds}. Send null where they are unknown."
        raise Refused(found, code="bad-seconds", fields={"seconds": found})
    return seconds
