"""The guideline pages: list, one guideline with its versions and readers, and what is written; the gate checks each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.discussions.prose import prose
from apps.labels.guideline_differences import differences
from apps.labels.guideline_forms import ComparedForm, PageForm, ReadingForm
from apps.labels.guideline_models import Guideline, GuidelineVersion
from apps.labels.guidelines import (
    TEXT_LIMIT,
    confirm_reading,
    guideline_of,
    guidelines_of,
    labelling_members,
    last_read,
    must_read,
    readers_of,
    storable,
    version_in_force,
    version_of,
    versions_in_force,
)

PAGE_GUIDELINES = 50
PAGE_READERS = 50


@never_cache
@require_safe
@team_page("look")
def guidelines(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's guidelines, each with the version in force."""
    number = checked(PageForm(request.GET))["page"] or 1
    page = Paginator(guidelines_of(team), PAGE_GUIDELINES).get_page(number)
    newest = versions_in_force(list(page))
    rows = [(one, newest[one.pk]) for one in page if one.pk in newest]
    shown = {"page": page, "rows": rows, "may_guide": may(request.user, "guide", team)}
    return render(request, "labels/guidelines.html", shown)


@never_cache
@require_safe
@team_page("look")
def guideline(request: TeamRequest, team: Team, *, guideline: int) -> HttpResponse:
    """The version in force, whether the reader has to read it, all versions, and who has read which."""
    asked = checked(PageForm(request.GET))
    found = guideline_of(team, guideline)
    return _version_page(request, team, found, version_in_force(found), readers_page=asked["page"] or 1)


@never_cache
@require_safe
@team_page("look")
def guideline_version(request: TeamRequest, team: Team, *, guideline: int, number: int) -> HttpResponse:
    """One version as it stands for ever, and how it differs from ?against=, which is the one before unless said."""
    asked = checked(ComparedForm(request.GET))
    found = guideline_of(team, guideline)
    version = version_of(found, number)
    before = asked["against"] or (number - 1 if number > 1 else None)
    other = version_of(found, before) if before else None
    return _version_page(request, team, found, version, other=other)


@never_cache
@require_safe
@team_page("look")
def guideline_words(request: TeamRequest, team: Team, *, guideline: int) -> HttpResponse:
    """The version in force as a fragment, for the page on which people label by it: its words, whether the reader has
    to confirm them, and what changed since they last did."""
    asked = checked(ReadingForm(request.GET))
    found = guideline_of(team, guideline)
    version, before = version_in_force(found), last_read(request.user, found)
    owes = must_read(request.user, found) is not None
    changed = differences(before.text, version.text) if owes and before else []
    shown = {"guideline": found, "version": version, "nodes": prose(version.text), "owes": owes, "before": before}
    return render(request, "labels/_guideline_words.html", {**shown, "lines": changed, "queue": asked["queue"]})


@require_POST
@team_page("label")
@limited("guideline-reading", "60/m")
def read_guideline(request: TeamRequest, team: Team, *, guideline: int, number: int) -> HttpResponse:
    """Note that the reader says they have read this version, and lead back to where they came from."""
    queue = checked(ReadingForm(request.POST))["queue"]
    found = guideline_of(team, guideline)
    confirm_reading(user=request.user, version=version_of(found, number))
    return redirect(_after_reading(team, found, queue))


@never_cache
@require_POST
@team_page("guide")
@limited("guideline-preview", "120/m")
def preview_guideline(request: TeamRequest, team: Team) -> HttpResponse:
    """A text as it would be shown; nothing is kept."""
    unknown = sorted(set(request.POST) - {"text", "csrfmiddlewaretoken"})
    if unknown:
        raise Refused(f"Unknown field {unknown[0][:40]!r}. Known: text.", code="unknown-field")
    nodes = prose(storable("text", request.POST.get("text", ""), TEXT_LIMIT))
    return render(request, "discussions/_preview.html", {"nodes": nodes})


def _version_page(
    request: TeamRequest,
    team: Team,
    found: Guideline,
    version: GuidelineVersion,
    *,
    other: GuidelineVersion | None = None,
    readers_page: int = 0,
) -> HttpResponse:
    """A version with the list of all; with readers_page also whether one has to read it, and for whoever builds queues
    that page of those who label."""
    versions = list(found.versions.defer("text").select_related("created_by").order_by("-number"))
    shown: dict[str, Any] = {
        "guideline": found,
        "version": version,
        "nodes": prose(version.text),
        "versions": versions,
        "in_force": versions[0],
        "other": other,
        "lines": differences(other.text, version.text) if other else [],
        "may_guide": may(request.user, "guide", team),
    }
    if readers_page:
        is_labeller = may(request.user, "label", team)
        shown["owes"] = must_read(request.user, found) if is_labeller else None
    if readers_page and may(request.user, "assign", team):
        page = Paginator(labelling_members(team), PAGE_READERS).get_page(readers_page)
        shown |= {"page": page, "readers": readers_of(found, list(page))}
    return render(request, "labels/guideline.html", shown)


def _after_reading(team: Team, guideline: Guideline, queue: int | None) -> str:
    """The labelling page of the queue that the reader came from; else the guideline's."""
    own = reverse("labelling:guideline", kwargs={"team": team.slug, "guideline": guideline.pk})
    if queue is None or not guideline.queues.filter(pk=queue).exists():
        return own
    try:
        return reverse("labelling:label", kwargs={"team": team.slug, "queue": queue})
    except NoReverseMatch:
        return own


def checked(form: Any) -> dict[str, Any]:
    """What the form holds. Raises Refused, which says what in it was not expected."""
    if not form.is_valid():
        said = " ".join(
            f"{name}: {text}" if name != "__all__" else text for name, errors in form.errors.items() for text in errors
        )
        raise Refused(said, code="bad-query")
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned
