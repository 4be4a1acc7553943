"""The pages on which guidelines are written: a new one, and a new version; every address is checked by the gate."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.labels import guideline_template
from apps.labels.guideline_differences import Line, differences
from apps.labels.guideline_forms import GuidelineForm, VersionForm
from apps.labels.guideline_models import Guideline, GuidelineVersion
from apps.labels.guidelines import add_guideline, add_version, guideline_of, guidelines_of, version_in_force


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("guide")
@limited("guideline", "60/m")
def new_guideline(request: TeamRequest, team: Team) -> HttpResponse:
    """The form for a guideline; a team without any finds PRM800K's rules in it, to begin with."""
    if request.method != "POST":
        is_first = not guidelines_of(team).exists()
        offered = {"name": guideline_template.NAME, "text": guideline_template.TEXT} if is_first else {}
        form = GuidelineForm(offered=offered)
        return render(request, "labels/guideline_new.html", {"form": form, "is_offered": is_first})
    form = GuidelineForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            version = add_guideline(team=team, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, f"{version.guideline.name} is written. Choose it when you build a queue.")
            return redirect("labelling:guideline", team=team.slug, guideline=version.guideline_id)
    return render(request, "labels/guideline_new.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("guide")
@limited("guideline", "60/m")
def new_version(request: TeamRequest, team: Team, *, guideline: int) -> HttpResponse:
    """The form for the next version, with the words of the one in force in it."""
    found = guideline_of(team, guideline)
    stands = version_in_force(found)
    if request.method != "POST":
        form = VersionForm(offered={"text": stands.text, "since": stands.number})
        return _version_form(request, found, stands, form)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _version_form(request, found, stands, form, status=400)
    try:
        version = add_version(guideline=found, by=request.user, **form.cleaned_data)
    except Refused as refused:
        if refused.code == "other-version":
            return _overtaken(request, found, refused)
        form.refuse(refused)
        return _version_form(request, found, stands, form, status=refused.status)
    messages.success(request, f"Version {version.number} is in force.")
    return redirect("labelling:guideline", team=team.slug, guideline=found.pk)


def _overtaken(request: TeamRequest, found: Guideline, refused: Refused) -> HttpResponse:
    """Another version came meanwhile: what was written stays in the form, beside how it differs from that one, which it
    follows when it is stored again."""
    stands = version_in_force(found)
    again = request.POST.copy()
    again["since"] = str(stands.number)
    form = VersionForm(again)
    form.refuse(refused)
    lines = differences(stands.text, str(again["text"]).replace("\r\n", "\n").strip())
    return _version_form(request, found, stands, form, status=refused.status, lines=lines)


def _version_form(
    request: TeamRequest,
    guideline: Guideline,
    stands: GuidelineVersion,
    form: VersionForm,
    *,
    status: int = 200,
    lines: Sequence[Line] = (),
) -> HttpResponse:
    shown = {"guideline": guideline, "stands": stands, "form": form, "lines": lines}
    return render(request, "labels/guideline_version_new.html", shown, status=status)
