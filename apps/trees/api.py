"""Trees over HTTP: the skeleton as columns, steps and tokens as JSON; every address is checked by the team's gate."""

from __future__ import annotations

import gzip

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Run
from apps.runs.states import ENDED
from apps.trees.asked import event_asked, run_of, take_only, whole_number
from apps.trees.columns import CONTENT_TYPE
from apps.trees.sealing import sealed
from apps.trees.selectors import delta, skeleton, tree_document
from apps.trees.steps import branch_numbers, step_tokens, steps_in_full
from apps.trees.subtree import subtree_numbers

MOST_NUMBERS = 500
STEPS_BY = ("branch", "numbers", "subtree")


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
    if found.status in ENDED:
        return _sealed(request, found)
    document = tree_document(found, skeleton(found))
    headers = {"ETag": f'"{document.sha256}"', "Cache-Control": "private, no-cache"}
    if _has(request, document.sha256):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(document.body, content_type=CONTENT_TYPE, headers=headers)


def _sealed(request: Request, run: Run) -> HttpResponse:
    """The tree of an ended run as it is stored: compressed, but for a reader who takes nothing compressed."""
    tree = sealed(run)
    packed = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    etag = f'"{tree.sha256}{"-gzip" if packed else ""}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if _has(request, tree.sha256):
        return HttpResponse(status=304, headers=headers)
    if packed:
        return HttpResponse(tree.columns, content_type=CONTENT_TYPE, headers={**headers, "Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(tree.columns), content_type=CONTENT_TYPE, headers=headers)


def _has(request: Request, sha256: str) -> bool:
    """Whether the reader says that they have this tree, compressed or not, themselves or by a proxy that compresses."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return any(etag.removeprefix("W/").strip('"').removesuffix("-gzip") == sha256 for etag in known)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header lets an answer be compressed by gzip."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        weights[coding] = weight.strip("0.") != "" or not weight
    return weights.get("gzip", weights.get("*", False))


@team_api("look")
def run_steps(request: Request, team: Team, *, run: int) -> Response:
    """Steps in full: those of a branch (`branch=37`), some by number (`numbers=1,2,3`), or a step and those below it
    (`subtree=37`, with `depth=2` at most two levels below): of these the first 500 by number, and how many there are.
    """
    take_only(request, *STEPS_BY, "depth")
    found = run_of(team, run)
    asked = [name for name in STEPS_BY if name in request.query_params]
    if len(asked) != 1:
        raise Refused("Ask for steps with branch=NUMBER, numbers=1,2,3 or subtree=NUMBER.", code="bad-query")
    given, depth = request.query_params[asked[0]], request.query_params.get("depth")
    if depth is not None and asked != ["subtree"]:
        raise Refused("depth: expected beside subtree=NUMBER alone.", code="bad-query")
    if asked == ["numbers"]:
        wanted = [whole_number("numbers", part) for part in given.split(",")]
        if len(wanted) > MOST_NUMBERS:
            raise Refused(f"At most {MOST_NUMBERS} steps a request, found {len(wanted)}.", code="too-many-steps")
        return Response({"steps": steps_in_full(found, wanted)})
    number = whole_number(asked[0], given)
    if asked == ["branch"]:
        return Response({"steps": steps_in_full(found, _found(branch_numbers(found, number)))})
    levels = None if depth is None else whole_number("depth", depth, "a number of levels such as 2")
    below = _found(subtree_numbers(found, number, levels).tolist())
    return Response({"count": len(below), "steps": steps_in_full(found, below[:MOST_NUMBERS])})


def _found(numbers: list[int]) -> list[int]:
    """The numbers of steps. Raises Http404 for none: there is no such step."""
    if not numbers:
        raise Http404
    return numbers


@team_api("look")
def run_step_tokens(request: Request, team: Team, *, run: int, number: int) -> Response:
    """The tokens of a step; an empty list where its maker gave none."""
    tokens = step_tokens(run_of(team, run), number)
    if tokens is None:
        raise Http404
    return Response({"number": number, "tokens": tokens})
