"""Where the numbers of small plots stand, as SVG takes them; it draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.labels.quality_people import Share

WIDTH, HEIGHT = 400, 100


@dataclass(frozen=True, slots=True)
class Plot:
    """A line through shares, their intervals as one shape and the place of each share, in a box of WIDTH × HEIGHT
    whose top is 1."""

    line: str
    band: str
    dots: list[tuple[str, str]]


def drift_plot(shares: Sequence[Share | None]) -> Plot | None:
    """Shares one after the other, unknown ones left out; None for fewer than two, which make no line."""
    known = [(at, share) for at, share in enumerate(shares) if share is not None]
    if len(known) < 2:
        return None
    last = len(shares) - 1
    line = [_place(at / last, share.value) for at, share in known]
    above = [_place(at / last, share.high) for at, share in known]
    below = [_place(at / last, share.low) for at, share in reversed(known)]
    dots = [(across, down) for across, down in (place.split(",") for place in line)]
    return Plot(" ".join(line), " ".join(above + below), dots)


def _place(across: float, share: float) -> str:
    return f"{across * WIDTH:.1f},{(1 - share) * HEIGHT:.1f}"
