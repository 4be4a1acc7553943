"""Queues over HTTP, for programs with a token: list, build, one, its state and its people; the gate checks each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.access import may
from apps.accounts.gate import by_method, team_api
from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.common.strict import StrictSerializer
from apps.labels.models import LabelQueue, QueueMember
from apps.labels.queue_building import build_queue
from apps.labels.queue_lists import queues_of
from apps.labels.queue_progress import Done, PersonsProgress, done_as_told, done_of, progress_of
from apps.labels.queue_steering import REASON_LIMIT, change_queue_state, place_member, remove_member
from apps.labels.queue_views import queue_or_404

MOST_LISTED = 500
STEERED = ("filter", "order", "seed", "gold_share", "screening_pass", "lease_s", "currency")


class GivenState(StrictSerializer):
    """A state, and why."""

    TYPES = {"state": ((str,), "a state"), "reason": ((str,), "a text")}
    state = serializers.CharField(max_length=60)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)


class GivenMember(StrictSerializer):
    """A person's place in a queue, or "remove", and why."""

    TYPES = {"user": ((int,), "the id of a person"), "state": ((str,), "a state"), "reason": ((str,), "a text")}
    user = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    state = serializers.CharField(max_length=60)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_LIMIT)


@team_api("look")
def list_queues(request: Request, team: Team) -> Response:
    """The team's queues, the newest MOST_LISTED, those that go on first."""
    found = list(queues_of(team)[:MOST_LISTED])
    steers = may(request.user, "assign", team)
    done = _done_for(request, team, found, steers=steers)
    return Response({"queues": [_as_json(queue, done[queue.pk], steers=steers) for queue in found]})


@team_api("assign", methods=("POST",))
def create_queue(request: Request, team: Team) -> Response:
    """Build a queue from the fields of QueuePlan (201). Sent again with the same `key`, it is the same queue; 409 where
    other fields came with that key."""
    if not isinstance(request.data, Mapping):
        raise Refused("Expected an object of fields; found something else.", code="invalid")
    # By name, so that a field cannot be taken for one of the function's own arguments.
    given = {str(name): value for name, value in request.data.items()}
    if taken := given.keys() & {"team", "by"}:
        sentence = f"Unknown field {min(taken)!r}. It is known from the address and from who asks."
        raise Refused(sentence, code="bad-queue", fields={min(taken): sentence})
    key = given.pop("key", "")
    if not isinstance(key, str):
        sentence = f"Expected a text; found {key!r:.60}."
        raise Refused(sentence, code="bad-queue", fields={"key": sentence})
    queue = build_queue(team, cast(User, request.user), key=key, **given)
    return Response({"queue": _as_json(queue, done_of([queue.pk])[queue.pk], steers=True)}, status=201)


@team_api("look")
def one_queue(request: Request, team: Team, *, queue: int) -> Response:
    """A queue, how far it is, and who did how much: to who assigns of everybody, to others their own."""
    found = queue_or_404(team, queue)
    steers = may(request.user, "assign", team)
    progress = progress_of(found, None if steers else cast(User, request.user))
    people = [_person_as_json(person) for person in progress.people]
    done = _done_for(request, team, [found], steers=steers)[found.pk]
    return Response({"queue": _as_json(found, done, steers=steers), "people": people})


@team_api("assign", methods=("POST",))
def queue_state(request: Request, team: Team, *, queue: int) -> Response:
    """Pause, go on, close or open again."""
    found = queue_or_404(team, queue)  # of another team's queue nobody learns what it would take
    given = GivenState(data=request.data)
    given.is_valid(raise_exception=True)
    found = change_queue_state(found, cast(User, request.user), **given.validated_data)
    return Response({"queue": _as_json(found, done_of([found.pk])[found.pk], steers=True)})


@team_api("assign")
def list_members(request: Request, team: Team, *, queue: int) -> Response:
    """Who has a place in the queue."""
    members = queue_or_404(team, queue).members.select_related("user").order_by("pk")
    return Response({"members": [_member_as_json(member) for member in members]})


@team_api("assign", methods=("POST",))
def place(request: Request, team: Team, *, queue: int) -> Response:
    """Give a person a place, another state in it, or take it away."""
    found, by = queue_or_404(team, queue), cast(User, request.user)
    given = GivenMember(data=request.data)
    given.is_valid(raise_exception=True)
    asked = given.validated_data
    if asked["state"] == "remove":
        remove_member(found, by, asked["user"], asked["reason"])
        return Response({"member": None})
    member = place_member(found, by, asked["user"], asked["state"], asked["reason"])
    return Response({"member": _member_as_json(member)})


queues = by_method(GET=list_queues, POST=create_queue)
members = by_method(GET=list_members, POST=place)


def _done_for(request: Request, team: Team, found: Sequence[LabelQueue], *, steers: bool) -> dict[int, Done]:
    ids = [queue.pk for queue in found]
    return done_of(ids) if steers else done_as_told(team, cast(User, request.user), ids)


def _as_json(queue: LabelQueue, done: Done, *, steers: bool) -> dict[str, Any]:
    """A queue; what it was built from and its order, which say something of the answers, and what tells its gold, are
    said to who steers it alone."""
    shown: dict[str, Any] = {
        "id": queue.pk,
        **{name: getattr(queue, name) for name in ("name", "unit", "mode", "wanted", "access", "state")},
        "guideline": queue.guideline_id,
        "created_at": queue.created_at.isoformat(),
        "done": done._asdict(),
    }
    if not steers:
        del shown["done"]["through"]
    else:
        shown |= {name: getattr(queue, name) for name in STEERED}
        shown["hourly_rate"] = None if queue.hourly_rate is None else str(queue.hourly_rate)
    return shown


def _person_as_json(person: PersonsProgress) -> dict[str, Any]:
    at = person.last_at
    return {
        **{name: getattr(person, name) for name in ("labeller", "submitted", "skipped", "open", "seconds", "steps")},
        "last_at": at.isoformat() if at else None,
    }


def _member_as_json(member: QueueMember) -> dict[str, Any]:
    return {"user": member.user_id, "name": str(member.user), "state": member.state}
