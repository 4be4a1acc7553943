"""A labeller's turns over HTTP: the next one, what it shows, and what they say in it; every address is gated.

Everything that a page stores here it may send again: the same client_uuid is the same row and the same answer.
"""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.access import may
from apps.accounts.gate import team_api
from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.labels.guidelines import must_read
from apps.labels.models import Assignment, LabelQueue
from apps.labels.queues import standing_of, take_task, why_nothing_came
from apps.labels.services import no_such_step
from apps.labels.storing import own_label_as_json, store_in_turn
from apps.labels.turn_changes import change_turn, renew_lease
from apps.labels.turn_serializers import (
    CritiqueVerdict,
    GivenOwnStep,
    InHand,
    Nothing,
    NumberAsked,
    TurnLabel,
    TurnState,
)
from apps.labels.turn_words import add_own_step, critiques_on, rate_critique
from apps.labels.turns import alternatives_as_json, own_turn, turn_as_json, turn_for, turn_head

NOTHING_LEFT = "There is nothing left for you in this queue. Thank you."
IN_HAND = "You have as many turns of this queue in hand as one can. Submit or skip one of them."
TO_READ = "You have not read the guideline as it stands now. Read it and say so; then the next task comes."


@team_api("label", methods=("POST",))
def next_turn(request: Request, team: Team, *, queue: int) -> Response:
    """The reader's next turn at a queue, their open ones first; null with a word and a sentence where there is none."""
    given = InHand(data=request.data)
    given.is_valid(raise_exception=True)
    user = _reader(request)
    found = LabelQueue.objects.select_related("guideline").filter(team=team, pk=queue).first()
    if found is None:
        raise Http404
    standing = standing_of(found, user)
    if not standing.may:
        return _no_turn(standing.why, standing.sentence)
    if found.guideline is not None and must_read(user, found.guideline) is not None:
        return _no_turn("must-read", TO_READ)
    labeller = labeller_of(team, user)
    besides: list[int] = given.validated_data["besides"]
    turn = take_task(found, labeller, besides)
    if turn is None:
        why = why_nothing_came(found, user)
        if not why.may:
            return _no_turn(why.why, why.sentence)
        mine = Assignment.objects.filter(labeller=labeller, task__queue=found, state=Assignment.State.OPEN)
        return _no_turn("nothing-left", IN_HAND if mine.exists() else NOTHING_LEFT)
    return Response({"turn": turn_as_json(turn), "why": "", "sentence": ""})


@team_api("label")
def one_turn(request: Request, team: Team, *, assignment: int) -> Response:
    """A turn with its steps; one's own, and with the right to settle those of others."""
    user = _reader(request)
    turn = turn_for(team, user, assignment, may_settle=may(user, "settle", team))
    return Response(turn_as_json(turn))


@team_api("label", methods=("POST",))
def give_label(request: Request, team: Team, *, assignment: int) -> Response:
    """Add one verdict in a turn; 412 with `theirs` where the reader said something else of the step meanwhile."""
    given = TurnLabel(data=request.data)
    if not given.is_valid():
        own_turn(team, _reader(request), assignment)  # of other people's turns nobody learns what they would take
        raise ValidationError(given.errors)
    number, said = given.said()
    label = store_in_turn(team=team.pk, user=_reader(request).pk, turn=assignment, number=number, said=said)
    if label is None:
        turn = own_turn(team, _reader(request), assignment)
        raise no_such_step(turn.task.run_id, number)
    return Response({"label": own_label_as_json(label)}, status=201)


@team_api("label", methods=("POST",))
def set_state(request: Request, team: Team, *, assignment: int) -> Response:
    """Submit, skip or open again a turn."""
    given = TurnState(data=request.data)
    given.is_valid(raise_exception=True)
    change_turn(team=team, user=_reader(request), assignment=assignment, **given.validated_data)
    return Response({"turn": turn_head(own_turn(team, _reader(request), assignment))})


@team_api("label", methods=("POST",))
def renew(request: Request, team: Team, *, assignment: int) -> Response:
    """Keep an open turn for another lease."""
    Nothing(data=request.data).is_valid(raise_exception=True)
    user = _reader(request)
    renew_lease(team=team, user=user, assignment=assignment)
    turn = own_turn(team, user, assignment)
    return Response({"turn": {"id": turn.pk, "state": turn.state, "lease_until": turn.lease_until.isoformat()}})


@team_api("label", methods=("POST",))
def give_own_step(request: Request, team: Team, *, assignment: int) -> Response:
    """Add a step of the reader's own."""
    given = GivenOwnStep(data=request.data)
    given.is_valid(raise_exception=True)
    row = add_own_step(own_turn(team, _reader(request), assignment), **given.validated_data)
    values = {"parent": row.parent, "instead_of": row.instead_of, "text": row.text, "client_uuid": str(row.client_uuid)}
    return Response({"own_step": values}, status=201)


@team_api("label")
def alternatives(request: Request, team: Team, *, assignment: int) -> Response:
    """What stands beside a step (?number=), or below one (?parent=, 0 is the question), with texts."""
    turn = own_turn(team, _reader(request), assignment)
    asked = _asked(request, "number", "parent")
    number: int = asked.get("number", 0)
    parent = asked["parent"] if "parent" in asked else _parent_of(turn, number)
    return Response({"alternatives": alternatives_as_json(turn, parent=parent, besides=number)})


@team_api("label")
def critiques(request: Request, team: Team, *, assignment: int) -> Response:
    """What others wrote of a step (?number=) that the reader has called bad."""
    turn = own_turn(team, _reader(request), assignment)
    number: int = _asked(request, "number")["number"]
    return Response({"critiques": critiques_on(turn, number)})


@team_api("label", methods=("POST",))
def give_rating(request: Request, team: Team, *, assignment: int, label: int) -> Response:
    """Say of another's critique whether it is good."""
    given = CritiqueVerdict(data=request.data)
    given.is_valid(raise_exception=True)
    row = rate_critique(own_turn(team, _reader(request), assignment), label, **given.validated_data)
    values = {"label": label, "verdict": row.verdict, "client_uuid": str(row.client_uuid)}
    return Response({"rating": values}, status=201)


def _reader(request: Request) -> User:
    return cast(User, request.user)


def _no_turn(why: str, sentence: str) -> Response:
    return Response({"turn": None, "why": why, "sentence": sentence})


def _asked(request: Request, *names: str) -> dict[str, Any]:
    """What the query asks for: exactly one of these names, each a number. Raises ValidationError for all else."""
    given = NumberAsked(data=request.query_params.dict())
    given.is_valid(raise_exception=True)
    if len(request.query_params) != 1 or not set(given.validated_data) <= set(names):
        raise ValidationError({names[0]: f"Expected exactly one of {', '.join(names)} in the query."})
    return dict(given.validated_data)


def _parent_of(turn: Assignment, number: int) -> int:
    parent = turn.task.run.steps.filter(number=number).values_list("parent", flat=True).first()
    if parent is None:
        raise no_such_step(turn.task.run_id, number)
    return parent
