"""Where the reader is (team, role, other teams) and which keys they press; it asks the database only when shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.access import ALLOWED, SAID
from apps.accounts.key_table import KeyTable
from apps.accounts.models import Role, Team, User


def place(request: HttpRequest) -> dict[str, Any]:
    """Return team, role, its verbs and what they let one do in words, as the gate found them, and teams, read when a
    template walks them."""
    user = getattr(request, "user", None)
    role = getattr(request, "role", "")

    def teams() -> list[Team]:
        return list(Team.objects.filter(memberships__user=user).order_by("name")) if isinstance(user, User) else []

    verbs = ALLOWED[Role(role)] if role else frozenset()
    return {
        "team": getattr(request, "team", None),
        "role": role,
        "verbs": verbs,
        "may_do": [words for verb, words in SAID.items() if verb in verbs],
        "teams": SimpleLazyObject(teams),
    }


def keys(request: HttpRequest) -> dict[str, Any]:
    """Return keys: those of this page, as the reader chose them, and the pages that keys lead to."""
    return {"keys": SimpleLazyObject(lambda: KeyTable(request))}
