"""Trees over HTTP: the skeleton as columns, steps and tokens as JSON; every address is checked by the team's gate."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Run
from apps.trees.columns import CONTENT_TYPE, Document, write_columns
from apps.trees.selectors import Skeleton, delta, skeleton
from apps.trees.steps import branch_numbers, maker_as_json, step_tokens, steps_in_full

MOST_NUMBERS = 500
DIGITS = 10


@team_api("look")
def run_tree(request: Request, team: Team, *, run: int) -> HttpResponseBase:
    """The whole tree as columns, for a reader who already has it 304 and nothing else; or with `after=812` the steps
    that were added or changed after that event."""
    # The run before its steps: what its seq covers is then in them, and what came meanwhile comes again with the next.
    found = run_of(team, run)
    after = request.query_params.get("after")
    if after is not None:
        since = whole_number("after", after, "an event's number such as 812")
        document = _document(found, delta(found, since), after=since)
        return HttpResponse(document.body, content_type=CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})
    document = _document(found, skeleton(found))
    etag = f'"{document.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(document.body, content_type=CONTENT_TYPE, headers=headers)


def _document(run: Run, tree: Skeleton, **facts: int) -> Document:
    scorer = maker_as_json(tree.scorer) if tree.scorer else None
    known = {"run": run.pk, "seq": run.seq, "status": run.status, "step_count": run.step_count, "chosen": run.chosen}
    return write_columns(tree.columns, {**known, "scorer": scorer, **facts})


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


def run_of(team: Team, run: int) -> Run:
    """The team's run of this id. Raises Http404, the same for a foreign run as for none."""
    found = Run.objects.filter(team=team, pk=run).first()
    if found is None:
        raise Http404
    return found


def whole_number(name: str, given: str, expected: str = "step numbers such as 37") -> int:
    """A number out of an address. Raises Refused, which names the parameter and what was found."""
    if not (given.isascii() and given.isdigit() and len(given) < DIGITS):
        raise Refused(f"{name}: expected {expected}, found {given[:40]!r}.", code="bad-query")
    return int(given)
