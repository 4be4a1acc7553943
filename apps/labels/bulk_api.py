"""Labels and pre-labels many at a time, for programs: lines of JSON in and out; the gate checks every address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO, cast

import orjson
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from rest_framework.decorators import parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.gate import by_method, may_also, team_api
from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.common.incoming import Rejected
from apps.common.json_parser import BoundedLineParser, BoundedLinesParser
from apps.labels.bulk_labels import AT_ONCE, Stored, refusal_of, rejected_as_json, store_labels
from apps.labels.bulk_lines import LabelLine, label_lines, prelabel_lines
from apps.labels.bulk_prelabels import store_prelabels
from apps.labels.bulk_reading import MOST, Wanted, labels_as_lines
from apps.labels.bulk_serializers import GivenWithdrawal
from apps.labels.bulk_withdrawals import labels_by, labels_named, withdraw_labels

LINES = "application/x-ndjson"
MOST_ID = 2**63 - 1


@team_api("label")
def read_labels(request: Request, team: Team) -> HttpResponse:
    """The team's labels as lines, for who may settle or export; for others their own. ?after= is the id of the last
    label that one has; an empty answer says that there are no more."""
    given = _numbers(request.query_params, "queue", "run", "labeller", "after", "limit")
    if given.get("limit", 1) not in range(1, MOST + 1):
        raise Refused(f"Expected a limit of 1 to {MOST:,} labels; found {given['limit']:,}.", code="bad-number")
    if not (may_also(request, "settle") or may_also(request, "export")):
        own = labeller_of(team, cast(User, request.user)).pk
        if given.setdefault("labeller", own) != own:
            raise PermissionDenied("Others' labels are for who may settle or export. Leave labeller out for your own.")
    rows = labels_as_lines(team, Wanted(**given))
    return HttpResponse(b"".join(orjson.dumps(row) + b"\n" for row in rows), content_type=LINES)


@team_api("label", methods=("POST",))
@parser_classes([BoundedLinesParser, BoundedLineParser])
def give_labels(request: Request, team: Team) -> Response:
    """Store labels, one a line: one's own, or with the right to import those of foreign labellers by name. Nothing is
    stored where a line is not as expected, but with ?partly=1 the others are."""
    partly = _partly(request.query_params)
    lines = label_lines(_at_most(request))
    own = labeller_of(team, cast(User, request.user))
    return _stored(store_labels(team, _allowed(request, lines), own=own, partly=partly), partly)


@team_api("assign", methods=("POST",))
@parser_classes([BoundedLinesParser, BoundedLineParser])
def give_prelabels(request: Request, team: Team) -> Response:
    """Store what a judge elsewhere proposes, one verdict a line, each with the judge by kind, key and version."""
    partly = _partly(request.query_params)
    return _stored(store_prelabels(team, prelabel_lines(_at_most(request)), partly=partly), partly)


@team_api("label", methods=("POST",))
def withdraw(request: Request, team: Team) -> Response:
    """Take labels back, named by their client_uuids or as all of a labeller's in some runs: one's own, or anybody's
    with the right to settle."""
    given = GivenWithdrawal(data=request.data)
    given.is_valid(raise_exception=True)
    wanted: dict[str, Any] = given.validated_data
    by = labeller_of(team, cast(User, request.user))
    found = (
        labels_named(team, wanted["client_uuids"])
        if "client_uuids" in wanted
        else labels_by(team, wanted["labeller"], wanted["runs"])
    )
    if any(label.labeller_id != by.pk for label in found) and not may_also(request, "settle"):
        raise PermissionDenied("Others' labels are taken back by who may settle; these are not all your own.")
    done = withdraw_labels(labels=found, by=by, reason=wanted["reason"], client_uuid=wanted["client_uuid"])
    return Response({"withdrawn": done.withdrawn, "before": done.before, "replaced": done.replaced})


labels = by_method(GET=read_labels, POST=give_labels)


def _allowed(request: Request, lines: Iterable[LabelLine | Rejected]) -> Iterator[LabelLine | Rejected]:
    for one in lines:
        if isinstance(one, LabelLine) and one.labeller is not None and not may_also(request, "import"):
            raise PermissionDenied(
                f"Line {one.line} names a labeller, which needs the right to import. Leave labeller out for your own."
            )
        yield one


def _at_most(request: Request) -> BinaryIO:
    """The lines that were sent. Raises Refused for more than AT_ONCE of them, and for none."""
    stream = cast(BinaryIO, request.data) if request.data else BytesIO()
    count = sum(1 for line in stream if line.strip())
    if not 1 <= count <= AT_ONCE:
        raise Refused(f"Expected 1 to {AT_ONCE:,} lines; found {count:,}. Send them in parts.", code="too-many-lines")
    stream.seek(0)
    return stream


def _stored(done: Stored, partly: bool) -> Response:
    if done.rejected and not partly:
        raise refusal_of(done)
    rejected = rejected_as_json(done.rejected)
    return Response({"stored": done.stored, "known": done.known, "rejected": rejected}, status=201)


def _partly(given: Mapping[str, str]) -> bool:
    _known(given, "partly")
    if given.get("partly", "0") not in {"0", "1"}:
        raise Refused(f"Expected partly=1 or partly=0; found {given['partly'][:40]!r}.", code="bad-query")
    return given.get("partly") == "1"


def _numbers(given: Mapping[str, str], *known: str) -> dict[str, int]:
    _known(given, *known)
    for name, text in given.items():
        if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MOST_ID):
            raise Refused(f"Expected a whole number for {name}; found {text[:40]!r}.", code="bad-number")
    return {name: int(text) for name, text in given.items()}


def _known(given: Mapping[str, str], *known: str) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise Refused(f"Unknown parameter {unknown[0][:40]!r}. Known: {', '.join(known)}.", code="unknown-field")
