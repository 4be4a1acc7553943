"""Where the reader is: team, role and the other teams; it asks the database only when a template shows them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.access import ALLOWED
from apps.accounts.models import Role, Team, User


def place(request: HttpRequest) -> dict[str, Any]:
    """Return team and role, as the gate found them, the verbs of the role, and teams, read when a template walks them."""
    user = getattr(request, "user", None)
    role = getattr(request, "role", "")

    def teams() -> list[Team]:
        return list(Team.objects.filter(memberships__user=user).order_by("name")) if isinstance(user, User) else []

    return {
        "team": getattr(request, "team", None),
        "role": role,
        "verbs": ALLOWED[Role(role)] if role else frozenset(),
        "teams": SimpleLazyObject(teams),
    }
