"""Tells a page who is signed in in this browser now; it signs nobody in, and tells a person nothing of another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.accounts.gate import open_to_everybody, signed_in_page


@open_to_everybody
@never_cache
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Return the id of the person as text, empty for nobody, and the token that this session's changes come with."""
    person = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "csrf": get_token(request)})


@signed_in_page
@never_cache
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where somebody comes who signs in for a page that waits in another tab: tells that page, and may be closed."""
    return render(request, "accounts/signed_in.html")
