"""Numbers as people read them, the same on every page; it computes nothing."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTHING = "–"


@register.filter
def thousands(value: float | None) -> str:
    """1204 → 1,204 and 2.0 → 2; nothing for None."""
    if value is None:
        return NOTHING
    return f"{int(value) if isinstance(value, float) and value.is_integer() else value:,}"


@register.filter
def as_typed(value: object) -> str:
    """A parameter as --param takes it: True → true, None → none, 0.5 → 0.5."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


@register.filter
def decimals(value: float | None, places: int = 2) -> str:
    """0.5833 → 0.58; nothing for None."""
    return NOTHING if value is None else f"{value:.{int(places)}f}"


@register.filter
def duration(seconds: float | None) -> str:
    """4.25 → 4.2 s, 95 → 1.6 min, 5400 → 1.5 h; nothing for None."""
    if seconds is None:
        return NOTHING
    for limit, unit, name in ((59.95, 1, "s"), (3597, 60, "min"), (86_220, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds / 86_400:.1f} d"


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """A time relative to now, with the exact one in the reader's time zone on hover; nothing for None."""
    if value is None:
        return NOTHING
    exact = f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S %Z}"
    seconds = max(0.0, (timezone.now() - value).total_seconds())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, _relative(seconds))


def _relative(seconds: float) -> str:
    if seconds < 5:
        return "just now"
    for limit, unit, name in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name} ago"
    return f"{seconds / 86_400:.0f} d ago"
