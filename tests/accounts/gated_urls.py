"""Addresses of their own for the tests of the gate; one of every kind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import SignedInRequest, TeamRequest, signed_in_page, team_api, team_page
from apps.accounts.models import Team
from apps.accounts.signing_in import sign_in
from apps.common.errors import Refused
from workers.search.errors import BadParameter


@team_page("look")
def shown(request: TeamRequest, team: Team, *, number: int) -> HttpResponse:
    return HttpResponse(f"{team.slug} {number} {request.user.email} {request.role}")


@team_page("export")
def exported(request: TeamRequest, team: Team) -> HttpResponse:
    return HttpResponse("exported")


@team_page("look")
def refused(request: TeamRequest, team: Team) -> HttpResponse:
    raise Refused("Expected <b>three</b>, found two.", status=409)


@team_api("look")
def told(request: Request, team: Team, *, number: int) -> Response:
    return Response({"team": team.slug, "number": number})


@team_api("export", methods=("POST",))
def taken(request: Request, team: Team) -> Response:
    return Response({"taken": request.data}, status=201)


@team_api("look")
def wrong(request: Request, team: Team) -> Response:
    if "bug" in request.query_params:
        raise RuntimeError("a word from inside")
    raise BadParameter("n", "a number from 1 to 64", "0")


@signed_in_page
def own(request: SignedInRequest) -> HttpResponse:
    return HttpResponse(request.user.email)


def root(request: HttpRequest) -> HttpResponse:
    return HttpResponse("root")


handler403 = "apps.common.refusals.forbidden"
handler404 = "apps.common.refusals.not_found"
handler500 = "apps.common.refusals.broken"

urlpatterns = [
    path("", include("apps.accounts.urls")),
    path("account/", include("apps.accounts.account_urls")),
    path("sign-in/", sign_in, name="account_login"),
    path("own/", own),
    path("t/<slug:team>/shown/<int:number>/", shown),
    path("t/<slug:team>/exported/", exported),
    path("t/<slug:team>/refused/", refused),
    path("api/t/<slug:team>/told/<int:number>", told),
    path("api/t/<slug:team>/taken", taken),
    path("api/t/<slug:team>/wrong", wrong),
]
