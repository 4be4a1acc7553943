"""What an address of the tree API asks for, read out of its path and query; whatever it cannot read it refuses."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Run

DIGITS = 10
SHOWN = 40
AN_EVENT = "an event's number such as 812"


def run_of(team: Team, run: int) -> Run:
    """The team's run of this id. Raises Http404, the same for a foreign run as for none."""
    found = Run.objects.filter(team=team, pk=run).first()
    if found is None:
        raise Http404
    return found


def whole_number(name: str, given: str, expected: str = "step numbers such as 37") -> int:
    """A number out of an address. Raises Refused, which names the parameter and what was found."""
    if not (given.isascii() and given.isdigit() and len(given) < DIGITS):
        raise Refused(f"{name}: expected {expected}, found {given[:SHOWN]!r}.", code="bad-query")
    return int(given)


def event_asked(request: Request, name: str) -> int | None:
    """The event's number that a parameter of the query gives; None where it is not there. Raises Refused."""
    given = request.query_params.get(name)
    return None if given is None else whole_number(name, given, AN_EVENT)


def take_only(request: Request, *known: str) -> None:
    """Raises Refused for a parameter of the query that the address does not know, by its name."""
    for name in request.query_params:
        if name not in known:
            said = f"Known: {', '.join(known)}." if known else "This address takes none."
            raise Refused(f"Unknown parameter {name[:SHOWN]!r}. {said}", code="bad-query")
