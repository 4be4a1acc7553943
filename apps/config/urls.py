"""All addresses: each app's pages below /t/<team>/, its API below /api/t/<team>/; no view of its own but the pulse."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

handler403 = "apps.common.refusals.forbidden"
handler404 = "apps.common.refusals.not_found"
handler500 = "apps.common.refusals.broken"


def livez(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; whether the services do is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("livez", livez, name="livez"),
    path("", include("apps.accounts.urls")),
]

from importlib.util import find_spec  # noqa

for _place, _module in (
    ("t", "apps.runs.urls"),
    ("t", "apps.trees.urls"),
    ("t", "apps.imports.urls"),
    ("t", "apps.datasets.urls"),
    ("api/t", "apps.trees.api_urls"),
    ("api/t", "apps.labels.api_urls"),
):
    if find_spec(_module):
        urlpatterns.append(path(f"{_place}/<slug:team>/", include(_module)))
