"""Addresses of their own for the tests of how often somebody may ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import TeamRequest, team_api, team_page
from apps.accounts.models import Team
from apps.common.throttles import limited

MOMENT = 1_700_000_000.0  # 20 s into a minute


@team_page("look")
@limited("tried", "2/m", clock=lambda: MOMENT)
def counted(request: TeamRequest, team: Team) -> HttpResponse:
    return HttpResponse("done")


@limited("opened", "2/m", methods=("GET",), clock=lambda: MOMENT)
def opened(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@team_api("launch", methods=("GET", "POST"))
def launched(request: Request, team: Team) -> Response:
    return Response({"done": True})


@team_api("label", methods=("POST",))
def labelled(request: Request, team: Team) -> Response:
    return Response({"done": True})


handler403 = "apps.common.refusals.forbidden"
handler404 = "apps.common.refusals.not_found"

urlpatterns = [
    path("", include("apps.accounts.urls")),
    path("t/<slug:team>/counted/", counted),
    path("opened/", opened),
    path("api/t/<slug:team>/launched", launched),
    path("api/t/<slug:team>/labelled", labelled),
]
