"""What a page looks at beside a tree, over HTTP: overlays, visits and the log; the tree and its steps are in api.py."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Run
from apps.trees.asked import AN_EVENT, event_asked, run_of, take_only, whole_number
from apps.trees.columns import CONTENT_TYPE, Document
from apps.trees.events import events_in_full, log_document
from apps.trees.overlays import overlay_document, overlays_of, visits_document
from apps.trees.spent import spent_by

MOST_EVENTS = 2_000


@team_api("look")
def run_overlays(request: Request, team: Team, *, run: int) -> Response:
    """What the steps of a run may be coloured by: the overlays that have values here."""
    take_only(request)
    return Response({"overlays": overlays_of(run_of(team, run))})


@team_api("look")
def run_overlay(request: Request, team: Team, *, run: int, key: str) -> HttpResponseBase:
    """The values of one overlay as columns, or with `after=812` those that came after that event."""
    take_only(request, "after")
    document = overlay_document(run_of(team, run), key, event_asked(request, "after") or 0)
    if document is None:
        raise Http404
    return _columns(document)


@team_api("look")
def run_visits(request: Request, team: Team, *, run: int) -> HttpResponseBase:
    """The simulations of a tree search as columns, or with `after=812` those after that event."""
    take_only(request, "after")
    return _columns(visits_document(run_of(team, run), event_asked(request, "after") or 0))


@team_api("look")
def run_events(request: Request, team: Team, *, run: int) -> HttpResponseBase:
    """The log as columns, or with `after=812` what came after that event; with `from=3&to=9` these events in full."""
    take_only(request, "after", "from", "to")
    first, last = event_asked(request, "from"), event_asked(request, "to")
    after = event_asked(request, "after")
    found = run_of(team, run)
    if first is None and last is None:
        return _columns(log_document(found, after or 0))
    if first is None or last is None or after is not None or first > last:
        raise Refused("Ask for events with from=3&to=9, both and in that order, or with after=812.", code="bad-query")
    if last - first >= MOST_EVENTS:
        asked = f"found {last - first + 1}"
        raise Refused(f"from and to: at most {MOST_EVENTS} events a request, {asked}.", code="too-many-events")
    return Response({"events": events_in_full(found, first, last)})


@team_api("look")
def run_event(request: Request, team: Team, *, run: int, seq: int) -> Response:
    """One event with its fields, makers as objects."""
    take_only(request)
    found: Run = run_of(team, run)
    events = events_in_full(found, *(2 * [whole_number("seq", str(seq), AN_EVENT)]))
    if not events:
        raise Http404
    return Response(events[0])


@team_api("look")
def run_step_spent(request: Request, team: Team, *, run: int, number: int) -> Response:
    """What the run had spent when a step was born: tokens generated, steps, seconds."""
    take_only(request)
    spent = spent_by(run_of(team, run), number)
    if spent is None:
        raise Http404
    return Response(spent)


def _columns(document: Document) -> HttpResponse:
    return HttpResponse(document.body, content_type=CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})
