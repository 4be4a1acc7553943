"""Discussions as fragments of the pages they stand on, and one's mentions; every address is checked by the gate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.discussions.models import Notification, Thread
from apps.discussions.prose import excerpt, prose
from apps.discussions.selectors import (
    comment_of,
    count_of,
    edits_of,
    notifications_of,
    page_of_threads,
    thread_alone,
    thread_of,
)
from apps.discussions.services import mark_seen, storable
from apps.discussions.targets import TARGETS, found_target

PAGE_ROWS = 50
EXCERPT = 200


@never_cache
@require_safe
@team_page("look")
def about(request: TeamRequest, team: Team, *, kind: str, key: str) -> HttpResponse:
    """The newest threads about a thing, those before ?before=, or the one of ?comment= alone."""
    numbers = _numbers(request, "before", "comment")
    target = found_target(team, kind, key)
    if target is None:
        raise Http404
    request.hidden.refuse(target.run(key))
    if "comment" in numbers:
        found = comment_of(team, numbers["comment"])
        if found is None or (found.thread.kind, found.thread.key) != (kind, key):
            raise Http404
        return _alone(request, team, found.thread_id, before=None, linked=found.pk)
    page = page_of_threads(team, kind, key, before=numbers.get("before"))
    shown = {
        "kind": kind,
        "key": key,
        "page": page,
        "count": count_of(team, kind, key),
        "before": numbers.get("before"),
    }
    return render(request, "discussions/_about.html", shown)


@never_cache
@require_safe
@team_page("look")
def thread(request: TeamRequest, team: Team, *, thread: int) -> HttpResponse:
    """One thread alone: its last comments, or those before ?before=."""
    return _alone(request, team, thread, before=_numbers(request, "before").get("before"))


@never_cache
@require_safe
@team_page("look")
def history(request: TeamRequest, team: Team, *, comment: int) -> HttpResponse:
    """What a comment said before it was edited."""
    _numbers(request)
    found = comment_of(team, comment)
    if found is None:
        raise Http404
    _refuse_hidden(request, found.thread)
    edits = [(edit, prose(edit.text)) for edit in edits_of(found)]
    return render(request, "discussions/_history.html", {"comment": found, "edits": edits})


@never_cache
@require_POST
@team_page("comment")
@limited("preview", "120/m")
def preview(request: TeamRequest, team: Team) -> HttpResponse:
    """A comment as it would be shown, without its mentions; nothing is kept."""
    unknown = sorted(set(request.POST) - {"text", "csrfmiddlewaretoken"})
    if unknown:
        raise Refused(f"Unknown field {unknown[0][:40]!r}. Known: text.", code="unknown-field")
    return render(request, "discussions/_preview.html", {"nodes": prose(storable(request.POST.get("text", "")))})


@dataclass(frozen=True, slots=True)
class Row:
    """A comment one was mentioned in, as the list shows it; what it says is not shown while its run is hidden."""

    notification: Notification
    title: str
    address: str
    said: str
    is_hidden: bool


@never_cache
@require_safe
@team_page("look")
def mentions(request: TeamRequest, team: Team) -> HttpResponse:
    """Where the reader was mentioned in this team, what they have not seen first."""
    page = Paginator(notifications_of(team, request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    notifications = list(page)
    waiting = request.hidden.among({_run_of(one.comment.thread) for one in notifications})
    rows = [_row(team, one, waiting) for one in notifications]
    return render(request, "discussions/mentions.html", {"page": page, "rows": rows})


@require_POST
@team_page("look")
def seen(request: TeamRequest, team: Team) -> HttpResponse:
    """Note that the reader has seen every comment they were told of."""
    count = mark_seen(team=team, user=request.user)
    messages.success(request, f"{count} marked as seen." if count else "Everything was seen already.")
    return redirect("discussions:mentions", team=team.slug)


def _alone(
    request: TeamRequest, team: Team, number: int, *, before: int | None, linked: int | None = None
) -> HttpResponse:
    found = thread_of(team, number)
    if found is None:
        raise Http404
    _refuse_hidden(request, found)
    written, earlier = thread_alone(found, before=before)
    is_cut = before is not None
    if linked is not None and linked not in [one.comment.pk for one in written]:
        # Far back: it stands at the end of its page, with what was said before it.
        written, earlier = thread_alone(found, before=linked + 1)
        is_cut = True
    shown = {"thread": found, "kind": found.kind, "key": found.key, "written": written, "earlier": earlier}
    return render(request, "discussions/_thread_alone.html", {**shown, "is_cut": is_cut, "linked": linked})


def _refuse_hidden(request: TeamRequest, thread: Thread) -> None:
    """Raises Hidden for a thread about a run that the reader is still to judge: what others say of it would lead."""
    request.hidden.refuse(_run_of(thread))


def _run_of(thread: Thread) -> int:
    return TARGETS[thread.kind].run(thread.key)


def _row(team: Team, notification: Notification, waiting: Collection[int]) -> Row:
    thread = notification.comment.thread
    target = TARGETS[thread.kind]
    address = f"{target.address(team, thread.key)}#comment-{notification.comment_id}"
    is_hidden = _run_of(thread) in waiting
    said = "" if is_hidden else excerpt(notification.comment.text, EXCERPT)
    return Row(notification, target.title(thread.key), address, said, is_hidden)


def _numbers(request: TeamRequest, *known: str) -> dict[str, int]:
    """The parameters of the address, each a number from 1. Raises Refused for another name or value."""
    found: dict[str, int] = {}
    for name, value in ((name, request.GET[name]) for name in request.GET):
        if name not in known:
            raise Refused(
                f"Unknown parameter {name[:40]!r}. Known: {', '.join(known) or 'none'}.", code="unknown-field"
            )
        if not (value.isascii() and value.isdigit() and 0 < len(value) < 18):
            raise Refused(f"Expected a number for {name}; found {value[:40]!r}.", code="bad-number")
        found[name] = int(value)
    return found
