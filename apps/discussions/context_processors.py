"""How many comments wait for the reader in the team they are in, for the bar of every page; asked only when shown."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from apps.accounts.models import Team, User
from apps.discussions.selectors import unseen_count


def mentions(request: HttpRequest) -> dict[str, Any]:
    """Return mentions_unseen: a function of nothing, because most of what is rendered has no bar."""

    @cache  # the bar and the page of mentions both say it
    def count() -> int:
        team, user = getattr(request, "team", None), getattr(request, "user", None)
        return unseen_count(team, user) if isinstance(team, Team) and isinstance(user, User) else 0

    return {"mentions_unseen": count}
