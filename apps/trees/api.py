"""Trees over HTTP: the skeleton as columns, steps and tokens as JSON; every address is checked by the team's gate."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.trees.asked import event_asked, run_of, whole_number
from apps.trees.columns import CONTENT_TYPE
from apps.trees.selectors import delta, skeleton, tree_document
from apps.trees.steps import branch_numbers, step_tokens, steps_in_full

__all__ = ["run_of", "run_step_tokens", "run_steps", "run_tree", "whole_number"]

MOST_NUMBERS = 500


@team_api("look")
def run_tree(request: Request, team: Team, *, run: int) -> HttpResponseBase:
    """The whole tree as columns, for a reader who already has it 304 and nothing else; or with `after=812` the steps
    that were added or changed after that event."""
    # The run before its steps: what its seq covers is then in them, and what came meanwhile comes again with the next.
    found = run_of(team, run)
    after = event_asked(request, "after")
    if after is not None:
        document = tree_document(found, delta(found, after), after=after)
        return HttpResponse(document.body, content_type=CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})
    document = tree_document(found, skeleton(found))
    etag = f'"{document.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(document.body, content_type=CONTENT_TYPE, headers=headers)


@team_api("look")
def run_steps(request: Request, team: Team, *, run: int) -> Response:
    """Steps in full: those of a branch (`branch=37`), or some by number (`numbers=1,2,3`)."""
    found = run_of(team, run)
    branch, numbers = request.query_params.get("branch"), request.query_params.get("numbers")
    if (branch is None) == (numbers is None):
        raise Refused("Ask for steps either with branch=NUMBER or with numbers=1,2,3.", code="bad-query")
    if branch is not None:
        wanted = branch_numbers(found, whole_number("branch", branch))
        if not wanted:
            raise Http404
    else:
        wanted = [whole_number("numbers", part) for part in str(numbers).split(",")]
        if len(wanted) > MOST_NUMBERS:
            raise Refused(f"At most {MOST_NUMBERS} steps a request, found {len(wanted)}.", code="too-many-steps")
    return Response({"steps": steps_in_full(found, wanted)})


@team_api("look")
def run_step_tokens(request: Request, team: Team, *, run: int, number: int) -> Response:
    """The tokens of a step; an empty list where its maker gave none."""
    tokens = step_tokens(run_of(team, run), number)
    if tokens is None:
        raise Http404
    return Response({"number": number, "tokens": tokens})
