"""All addresses: each app's pages below /t/<team>/, its API below /api/t/<team>/; of its own the pulse and the icon."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

from apps.accounts.gate import open_to_everybody
from apps.accounts.signing_in import sign_in
from apps.config.readiness import readyz

handler400 = "apps.common.refusals.bad_request"
handler403 = "apps.common.refusals.forbidden"
handler404 = "apps.common.refusals.not_found"
handler429 = "apps.accounts.signing_in.too_many"
handler500 = "apps.common.refusals.broken"


@open_to_everybody
def livez(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; whether the services do is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_everybody
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon: where an answer names none, as a file or a part of a page, browsers ask for it here."""
    return redirect(static("icon.svg"))


urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", favicon, name="favicon"),
    path("", include("apps.accounts.urls")),
    path("account/", include("apps.accounts.account_urls")),
    # allauth asks for the address of signing in by this name.
    path("sign-in/", sign_in, name="account_login"),
    path("t/<slug:team>/", include("apps.runs.urls")),
    path("t/<slug:team>/", include("apps.runs.problem_urls")),
    path("t/<slug:team>/", include("apps.trees.urls")),
    path("t/<slug:team>/", include("apps.trees.search_urls")),
    path("t/<slug:team>/", include("apps.imports.urls")),
    path("t/<slug:team>/", include("apps.labels.urls")),
    path("t/<slug:team>/", include("apps.datasets.urls")),
    path("t/<slug:team>/", include("apps.discussions.urls")),
    path("t/<slug:team>/", include("apps.accounts.team_urls")),
    path("api/t/<slug:team>/", include("apps.runs.api_urls")),
    path("api/t/<slug:team>/", include("apps.trees.api_urls")),
    path("api/t/<slug:team>/", include("apps.labels.api_urls")),
    path("api/t/<slug:team>/", include("apps.discussions.api_urls")),
]
