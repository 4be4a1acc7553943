"""The dataset pages: snapshots, one snapshot as a data sheet, and its exports; every address is checked by the gate."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.datasets.forms import FreezeForm, OptionsForm
from apps.datasets.models import Export, Snapshot
from apps.datasets.registry import EXPORT_FORMATS
from apps.datasets.selectors import exports_of, snapshots_of
from apps.datasets.services import export_to_store, stored_export, take_snapshot
from apps.labels.verdicts import VERDICTS

PAGE_SNAPSHOTS = 50


@require_GET
@team_page("look")
def datasets(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's snapshots, and the form that freezes another."""
    page = Paginator(snapshots_of(team), PAGE_SNAPSHOTS).get_page(request.GET.get("page"))
    form = FreezeForm() if may(request.user, "freeze", team) else None
    return render(request, "datasets/datasets.html", {"team": team, "page": page, "form": form})


@require_POST
@team_page("freeze")
@limited("freeze", "20/m")
def freeze(request: TeamRequest, team: Team) -> HttpResponse:
    """Take a snapshot and show it; a refusal is said on the list."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("datasets:datasets", team=team.slug)
    try:
        snapshot = take_snapshot(team=team, name=form.cleaned_data["name"], by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("datasets:datasets", team=team.slug)
    messages.success(request, f"Snapshot {snapshot.number} is frozen.")
    return redirect("datasets:snapshot", team=team.slug, number=snapshot.number)


@require_GET
@team_page("look")
def snapshot(request: TeamRequest, team: Team, *, number: int) -> HttpResponse:
    """One snapshot as a data sheet, with the formats it can be exported in."""
    found = get_object_or_404(snapshots_of(team), number=number)
    forms = [OptionsForm(entry) for entry in EXPORT_FORMATS] if may(request.user, "export", team) else []
    return _sheet(request, team, found, forms)


@require_POST
@team_page("export")
@limited("export", "60/m")
def export(request: TeamRequest, team: Team, *, number: int) -> HttpResponse:
    """Make an export of a snapshot in the format and with the options that were chosen."""
    found = get_object_or_404(snapshots_of(team), number=number)
    key = request.POST.get("format", "")
    if key not in EXPORT_FORMATS:
        raise Refused(
            f"Unknown export format {key!r}. Known: {', '.join(EXPORT_FORMATS.keys())}.", code="unknown-format"
        )
    forms = {entry.key: OptionsForm(entry, request.POST if entry.key == key else None) for entry in EXPORT_FORMATS}
    if not forms[key].is_valid():
        return _sheet(request, team, found, list(forms.values()), status=400)
    try:
        made = export_to_store(found, key, forms[key].given, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{made.rows:,} rows are ready to download.")
    return HttpResponseRedirect(redirect("datasets:snapshot", team=team.slug, number=number).url + "#exports")


@require_GET
@team_page("export")
def export_file(request: TeamRequest, team: Team, *, number: int, export: int) -> FileResponse:
    """The bytes of an export, made again where its file is gone; served to be saved, never to be opened in the page."""
    found = Export.objects.select_related("snapshot__team").filter(
        pk=export, snapshot__number=number, snapshot__team=team
    )
    row = found.first()
    if row is None:
        raise Http404
    if row.format not in EXPORT_FORMATS:
        raise Refused(f"The export format {row.format!r} is no longer there. Export the snapshot anew.", status=409)
    kind = EXPORT_FORMATS.get(row.format).make
    name = f"{slugify(team.slug)}-snapshot-{number}-{slugify(row.format)}.{kind.suffix}"
    response = FileResponse(
        stored_export(row).open("rb"), as_attachment=True, filename=name, content_type=kind.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _sheet(
    request: TeamRequest, team: Team, found: Snapshot, forms: list[OptionsForm], status: int = 200
) -> HttpResponse:
    """The page of a snapshot."""
    verdicts = [(verdict, found.verdict_counts.get(verdict.key, 0)) for verdict in VERDICTS.values()]
    exports = [
        (export, EXPORT_FORMATS.get(export.format).label if export.format in EXPORT_FORMATS else export.format)
        for export in exports_of(found)
    ]
    shown = {"team": team, "snapshot": found, "verdicts": verdicts, "exports": exports, "forms": forms}
    return render(request, "datasets/snapshot.html", shown, status=status)
