"""The page of imports: files in, and what became of each; it reads no file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.body_limit import takes_files
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.imports.formats import IMPORT_FORMATS
from apps.imports.forms import ImportForm
from apps.imports.selectors import batches
from apps.imports.services import ImportReport, import_file

PAGE_BATCHES = 50


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one uploaded file: a report, or the sentence by which it was refused."""

    name: str
    report: ImportReport | None
    refused: str


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("import")
@limited("import", "30/m")
@takes_files
def imports(request: TeamRequest, team: Team) -> HttpResponse:
    """The form and the list of earlier imports; after an upload the results stand above both."""
    form = ImportForm(request.POST or None, request.FILES or None)
    results: list[FileResult] = []
    if request.method == "POST" and form.is_valid():
        results = [_imported(request, team, file, form) for file in form.cleaned_data["uploads"]]
        form = ImportForm()
    shown = {
        "form": form,
        "results": results,
        "page": Paginator(batches(team), PAGE_BATCHES).get_page(request.GET.get("page")),
        "formats": list(IMPORT_FORMATS),
        "upload_limit_mib": settings.BRANCHWISE.upload_limit_mib,
    }
    return render(request, "imports/imports.html", shown, status=400 if form.errors else 200)


def _imported(request: TeamRequest, team: Team, file: UploadedFile[Any], form: ImportForm) -> FileResult:
    name = file.name or "file"
    chosen, keep = form.cleaned_data["format"], form.cleaned_data["keep"]
    try:
        report = import_file(team, file.file, name, format=chosen or None, keep=keep, by=request.user)  # type: ignore[arg-type]
    except Refused as why:
        return FileResult(name, None, str(why))
    return FileResult(name, report, "")
