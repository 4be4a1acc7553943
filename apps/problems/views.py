"""Pages that change problem sets: files in, a name and a description, deletion; what a set holds is shown by apps.runs.

A set's own pages show its runs too, which this app does not know.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import ALLOWED
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Role, Team
from apps.common.body_limit import takes_files
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.problems.formats import PROBLEM_FORMATS
from apps.problems.forms import DescribeForm, ImportForm
from apps.problems.importing import ProblemReport, import_problems
from apps.problems.models import ProblemSet
from apps.problems.selectors import problem_sets_of
from apps.problems.services import delete_set, describe_set


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("import")
@limited("import", "30/m")
@takes_files
def import_page(request: TeamRequest, team: Team) -> HttpResponse:
    """The form; after an upload what became of the file stands above it."""
    sets = list(problem_sets_of(team))
    form = ImportForm(sets, request.POST or None, request.FILES or None, initial=_wanted_set(request, sets))
    report, refused = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            report = _imported(team, form.cleaned_data)
        except Refused as why:
            refused = str(why)
    shown = {
        "team": team,
        "form": form,
        "report": report,
        "refused": refused,
        "formats": list(PROBLEM_FORMATS),
        "upload_limit_mib": settings.BRANCHWISE.upload_limit_mib,
    }
    return render(request, "problems/import.html", shown, status=400 if form.errors or refused else 200)


def _wanted_set(request: TeamRequest, sets: list[ProblemSet]) -> dict[str, str]:
    """A set's own page sends here for more problems of it."""
    wanted = request.GET.get("set", "")
    return {"problem_set": wanted} if wanted in {one.slug for one in sets} else {}


def _imported(team: Team, given: dict[str, Any]) -> ProblemReport:
    file = given["upload"]
    return import_problems(
        team,
        file.file,
        file.name or "file",
        slug=given["slug"],
        set_name=given["name"].strip(),
        format=given["format"] or None,
        checker=given["checker"],
        keep=given["keep"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("import")
def describe(request: TeamRequest, team: Team, *, problem_set: str) -> HttpResponse:
    """Rename and describe a set; its address stays."""
    found = _set_of(team, problem_set)
    given = {"name": found.name, "description": found.description}
    form = DescribeForm(request.POST or None, initial=given, label_suffix="")
    if request.method == "POST" and form.is_valid():
        describe_set(found, **form.cleaned_data)
        messages.success(request, "Name and description are saved.")
        return redirect("problems:set", team=team.slug, problem_set=found.slug)
    shown = {
        "team": team,
        "problem_set": found,
        "form": form,
        "may_delete": "delete" in ALLOWED[Role(request.role)],
    }
    return render(request, "problems/describe.html", shown, status=400 if form.errors else 200)


@require_POST
@team_page("delete")
def delete(request: TeamRequest, team: Team, *, problem_set: str) -> HttpResponse:
    """Delete a set that no experiment uses; of one that is used the sentence why not."""
    found = _set_of(team, problem_set)
    try:
        count = delete_set(found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("problems:set", team=team.slug, problem_set=found.slug)
    messages.success(request, f"{found.name} is deleted, with {count:,} problem{'' if count == 1 else 's'}.")
    return redirect("problems:sets", team=team.slug)


def _set_of(team: Team, slug: str) -> ProblemSet:
    return get_object_or_404(ProblemSet, team=team, slug=slug)
