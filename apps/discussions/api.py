"""Writing and settling comments over HTTP, and names to mention; every address is checked by the gate."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.access import may
from apps.accounts.gate import team_api
from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.discussions.models import Comment
from apps.discussions.selectors import comment_of, members_named
from apps.discussions.serializers import GivenComment, GivenState, GivenText, Nothing
from apps.discussions.services import delete_comment, edit_comment, mark_seen, open_thread, reply, resolve_thread

NAME_LENGTH = 100


@team_api("comment", methods=("POST",))
def threads(request: Request, team: Team, *, kind: str, key: str) -> Response:
    """Begin a thread about a thing."""
    given = GivenComment(data=request.data)
    given.is_valid(raise_exception=True)
    comment = open_thread(team=team, by=_writer(request), kind=kind, key=key, **given.validated_data)
    return Response(_as_json(comment), status=201)


@team_api("comment", methods=("POST",))
def replies(request: Request, team: Team, *, thread: int) -> Response:
    """Add a comment to a thread."""
    given = GivenComment(data=request.data)
    given.is_valid(raise_exception=True)
    return Response(_as_json(reply(team=team, by=_writer(request), thread=thread, **given.validated_data)), status=201)


@team_api("comment", methods=("POST",))
def edit(request: Request, team: Team, *, comment: int) -> Response:
    """Let a comment of one's own say something else."""
    given = GivenText(data=request.data)
    given.is_valid(raise_exception=True)
    return Response(_as_json(edit_comment(team=team, by=_writer(request), comment=comment, **given.validated_data)))


@team_api("comment", methods=("POST",))
def delete(request: Request, team: Team, *, comment: int) -> Response:
    """Take a comment's text away."""
    Nothing(data=request.data).is_valid(raise_exception=True)
    user = _writer(request)
    found = delete_comment(team=team, by=user, comment=comment, may_settle=may(user, "settle", team))
    return Response(_as_json(found))


@team_api("settle", methods=("POST",))
def resolve(request: Request, team: Team, *, thread: int) -> Response:
    """Say of a thread that it is settled, or that it is not."""
    given = GivenState(data=request.data)
    given.is_valid(raise_exception=True)
    is_resolved: bool = given.validated_data["resolved"]
    found = resolve_thread(team=team, by=_writer(request), thread=thread, is_resolved=is_resolved)
    return Response({"thread": found.pk, "resolved": found.resolved_at is not None})


@team_api("comment", methods=("POST",))
def seen(request: Request, team: Team, *, comment: int) -> Response:
    """Note that the reader has seen a comment they were told of; of any other it changes nothing."""
    Nothing(data=request.data).is_valid(raise_exception=True)
    if comment_of(team, comment) is None:
        raise Http404
    return Response({"seen": mark_seen(team=team, user=_writer(request), comment=comment)})


@team_api("look")
def people(request: Request, team: Team) -> Response:
    """Names of members that begin with ?text=, or hold a word that does, for whoever mentions one."""
    unknown = sorted(set(request.query_params) - {"text"})
    if unknown:
        raise Refused(f"Unknown parameter {unknown[0][:40]!r}. Known: text.", code="unknown-field")
    text = request.query_params.get("text", "").replace("\0", "")[:NAME_LENGTH]
    return Response({"people": members_named(team, text)})


def _writer(request: Request) -> User:
    return cast(User, request.user)


def _as_json(comment: Comment) -> dict[str, int]:
    return {"comment": comment.pk, "thread": comment.thread_id}
