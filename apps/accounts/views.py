"""Signing in by a one-time link, signing out, and the way home; who may do what in a team stands in access.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.gate import open_to_everybody
from apps.accounts.models import Team, User
from apps.accounts.services import LINK_RATE, consume_sign_in_link
from apps.accounts.signing_in import NEXT_KEY, enter, leave, safe_next
from apps.common.throttles import limited


@open_to_everybody
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the person's first team, or to the sign-in page; tell who belongs to none how they come into one."""
    if not isinstance(request.user, User):
        return redirect("accounts:sign_in")
    team = Team.objects.filter(memberships__user=request.user).order_by("memberships__id").first()
    if team is None:
        return render(request, "accounts/no_team.html", status=403)
    return redirect("runs:experiments", team=team.slug)


@open_to_everybody
@never_cache
@require_GET
@limited("link", LINK_RATE, methods=("GET", "HEAD"))
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Use the link up and sign the person in; lead to where it or the sign-in page said they wanted to go."""
    user = consume_sign_in_link(token)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    return enter(request, user, wanted=safe_next(request) or request.session.pop(NEXT_KEY, ""))


@open_to_everybody
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and what listens by it."""
    leave(request)
    return redirect("accounts:sign_in")
