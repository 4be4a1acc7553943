"""What goes around every request for the sake of who asks: their session's cookie and their time zone.

It lets nobody in and keeps nobody out; what is stored is UTC, whoever looks."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from apps.accounts.models import User


class LastingSessionMiddleware(SessionMiddleware):
    """Takes a session's cookie away where the request ended the session, not where the session was gone before.

    Django does both. But the answer to a request that was sent with an ended session can come after the same browser
    signed in again in another tab, and would take the new session's cookie with it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        was_gone = settings.SESSION_COOKIE_NAME in request.COOKIES and session.is_empty() and not session.modified
        if not was_gone:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Cookie",))
        return response


class TimeZoneMiddleware:
    """Has the zone of a signed-in person active while their request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        zone = _zone_of(request)
        with timezone.override(zone):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    name = request.user.time_zone if isinstance(request.user, User) else "UTC"
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        # A zone that this machine's database has no longer; the profile shows that another has to be chosen.
        return zoneinfo.ZoneInfo("UTC")
