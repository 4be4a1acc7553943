"""Search inside one run over HTTP; the gate checks who asks, and nothing is searched here."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import team_api
from apps.accounts.models import Team
from apps.trees.asked import run_of, take_only
from apps.trees.search import find_steps, read_wanted

NAMES = ("text", "answer", "kind")


@team_api("look")
def run_search(request: Request, team: Team, *, run: int) -> Response:
    """Steps of the run by text, answer and kind: `numbers` rising, `total`, `searched` (up to which step it was looked)
    and `partial`, whether there may be more than these numbers."""
    take_only(request, *NAMES)
    given = request.query_params
    found = find_steps(run_of(team, run), read_wanted(*(given.get(name, "") for name in NAMES)))
    return Response(
        {"numbers": found.numbers, "total": found.total, "searched": found.searched, "partial": found.partial}
    )
