"""Writing, editing, deleting and settling: who may, what is kept, and that twice is once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.discussions.models import Comment, CommentEdit, Thread
from apps.discussions.services import open_thread
from apps.runs.models import Run

ClientOf = Callable[[User], Client]
API = "/api/t/demo/discussions/"


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(API + address, body, content_type="application/json")


def said(team: Team, by: User, run: Run, text: str = "Look here") -> Comment:
    return open_thread(team=team, by=by, kind="step", key=f"{run.pk}:1", text=text, client_uuid=uuid4())


@pytest.mark.parametrize("role", ["owner", "reviewer", "colleague", "viewer"])
def test_every_member_may_comment_and_reply(
    request: pytest.FixtureRequest, team: Team, client_of: ClientOf, run: Run, role: str
) -> None:
    client = client_of(request.getfixturevalue(role))
    first = post(client, f"step/{run.pk}:1/threads", text=" Why?\r\n ", client_uuid=str(uuid4()))
    assert first.status_code == 201
    answer = post(client, f"threads/{first.json()['thread']}/comments", text="Because.", client_uuid=str(uuid4()))
    assert answer.status_code == 201
    assert list(Comment.objects.order_by("pk").values_list("text", flat=True)) == ["Why?", "Because."]


def test_a_stranger_and_nobody_cannot_tell_that_there_is_a_discussion(
    team: Team, owner: User, stranger: User, client_of: ClientOf, run: Run
) -> None:
    comment = said(team, owner, run)
    assert client_of(stranger).get(f"/t/demo/discussions/step/{run.pk}:1/").status_code == 404
    assert post(client_of(stranger), f"threads/{comment.thread_id}/comments").status_code == 404
    assert post(Client(), f"step/{run.pk}:1/threads", text="x", client_uuid=str(uuid4())).status_code == 401
    assert Client().get(f"/t/demo/discussions/step/{run.pk}:1/").status_code == 302


NO_STEPS = ("{run}:99", "{run}", "0{run}:1", "{run}:01", "{run}:-1", "999999:1", "x", "1" * 61, "²:1")


@pytest.mark.parametrize("key", NO_STEPS)
def test_what_is_not_there_cannot_be_written_about(
    team: Team, owner: User, client_of: ClientOf, run: Run, key: str
) -> None:
    address = f"step/{key.format(run=run.pk)}/threads"
    assert post(client_of(owner), address, text="x", client_uuid=str(uuid4())).status_code == 404
    assert post(client_of(owner), f"game/{run.pk}/threads", text="x", client_uuid=str(uuid4())).status_code == 404
    assert not Thread.objects.exists()


def test_a_comment_delivered_twice_is_one_and_another_under_its_uuid_is_refused(
    team: Team, owner: User, client_of: ClientOf, run: Run
) -> None:
    client, sent = client_of(owner), {"text": "Once", "client_uuid": str(uuid4())}
    answers = [post(client, f"step/{run.pk}:1/threads", **sent) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (Thread.objects.count(), Comment.objects.count()) == (1, 1)
    for address, body in (
        (f"step/{run.pk}:1/threads", {**sent, "text": "Twice"}),
        (f"step/{run.pk}:2/threads", sent),
        (f"run/{run.pk}/threads", sent),
    ):
        refused = post(client, address, **body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "other-comment")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"text": "  \n", "client_uuid": str(uuid4())}, "text"),
        ({"text": "x" * 20_001, "client_uuid": str(uuid4())}, "text"),
        ({"text": "a\0b", "client_uuid": str(uuid4())}, "text"),
        ({"text": "\ud800", "client_uuid": str(uuid4())}, "text"),
        ({"text": 7, "client_uuid": str(uuid4())}, "text"),
        ({"text": "x"}, "client_uuid"),
        ({"text": "x", "client_uuid": "seven"}, "client_uuid"),
        ({"text": "x", "client_uuid": str(uuid4()), "author": 1}, "author"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_its_field(
    team: Team, owner: User, client_of: ClientOf, run: Run, body: dict[str, Any], named: str
) -> None:
    refused = post(client_of(owner), f"step/{run.pk}:1/threads", **body)
    assert refused.status_code == 400
    assert named in refused.json()["error"]["fields"]
    assert not Comment.objects.exists()


def test_an_edit_keeps_what_was_said_and_only_the_author_may(
    team: Team, owner: User, viewer: User, client_of: ClientOf, run: Run
) -> None:
    comment = said(team, viewer, run, "First")
    assert post(client_of(owner), f"comments/{comment.pk}/edit", text="Mine now").status_code == 403
    assert post(client_of(viewer), f"comments/{comment.pk}/edit", text="Second").status_code == 200
    assert post(client_of(viewer), f"comments/{comment.pk}/edit", text="Second").status_code == 200
    comment.refresh_from_db()
    assert (comment.text, comment.edited_at is not None) == ("Second", True)
    assert list(CommentEdit.objects.values_list("text", flat=True)) == ["First"]
    shown = client_of(owner).get(f"/t/demo/discussions/comments/{comment.pk}/history/").content.decode()
    assert "First" in shown


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("reviewer", 200), ("colleague", 403), ("viewer", 403)])
def test_what_another_wrote_is_deleted_and_settled_by_reviewers_and_owners_alone(
    request: pytest.FixtureRequest, team: Team, client_of: ClientOf, stranger: User, run: Run, role: str, status: int
) -> None:
    comment = said(team, stranger, run)  # who belonged to the team once
    client = client_of(request.getfixturevalue(role))
    assert post(client, f"threads/{comment.thread_id}/resolved", resolved=True).status_code == status
    assert post(client, f"comments/{comment.pk}/delete").status_code == status
    comment.refresh_from_db()
    assert (comment.deleted_at is not None, comment.thread.resolved_at is not None) == (status == 200, status == 200)


def test_a_deleted_comment_has_lost_its_text_and_what_it_said_before(
    team: Team, viewer: User, client_of: ClientOf, run: Run
) -> None:
    comment, client = said(team, viewer, run, "A secret"), client_of(viewer)
    post(client, f"comments/{comment.pk}/edit", text="No secret")
    assert [post(client, f"comments/{comment.pk}/delete").status_code for _ in range(2)] == [200, 200]
    comment.refresh_from_db()
    assert (comment.text, comment.deleted_by_id, CommentEdit.objects.count()) == ("", viewer.pk, 0)
    refused = post(client, f"comments/{comment.pk}/edit", text="Back again")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "deleted")


def test_a_settled_thread_is_opened_again(team: Team, owner: User, client_of: ClientOf, run: Run) -> None:
    thread = said(team, owner, run).thread
    for resolved in (True, True, False):
        told = post(client_of(owner), f"threads/{thread.pk}/resolved", resolved=resolved).json()
        thread.refresh_from_db()
        assert (told["resolved"], thread.resolved_at is not None, thread.resolved_by_id == owner.pk) == (resolved,) * 3
    assert post(client_of(owner), f"threads/{thread.pk}/resolved", resolved=1).status_code == 400


def test_comments_are_taken_only_so_often(team: Team, owner: User, client_of: ClientOf, run: Run) -> None:
    from django.core.cache import cache

    cache.clear()
    client = client_of(owner)
    statuses = [post(client, "comments/1/seen").status_code for _ in range(61)]
    cache.clear()
    assert statuses.count(429) >= 1
