"""The cookie that holds light or dark, which base.html reads; which of them a person wants stands in their account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from apps.accounts.models import Theme

COOKIE = "theme"
YEAR_S = 31_536_000


def keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    """Have this browser show the theme from now on. Scripts write the cookie too, so it is open to them; it says
    nothing else."""
    if theme == Theme.SYSTEM:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, theme, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
