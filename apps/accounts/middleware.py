"""Shows times in the reader's own time zone; what is stored is UTC, whoever looks."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.accounts.models import User


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
