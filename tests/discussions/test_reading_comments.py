"""What a page is given of a discussion: threads, replies, counts; and that it takes the same queries however many."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team, User
from apps.discussions.models import Comment, Thread
from apps.discussions.services import delete_comment, open_thread, reply
from apps.runs.models import Run
from tests.factories import make_run_with_tree

ClientOf = Callable[[User], Client]


def fill(team: Team, by: User, key: str, threads: int, replies: int) -> None:
    """Many threads with replies, as rows."""
    made = Thread.objects.bulk_create(Thread(team=team, kind="step", key=key, opened_by=by) for _ in range(threads))
    Comment.objects.bulk_create(
        Comment(thread=thread, author=by, text=f"Comment {n} with $x_{n}$", client_uuid=uuid4())
        for n in range(replies + 1)
        for thread in made
    )


def test_a_discussion_shows_the_newest_threads_and_the_first_and_last_of_their_comments(
    team: Team, owner: User, client_of: ClientOf, run: Run
) -> None:
    fill(team, owner, f"{run.pk}:1", threads=21, replies=9)
    first = client_of(owner).get(f"/t/demo/discussions/step/{run.pk}:1/").content.decode()
    assert first.count('<section class="thread') == 20
    assert "6 more comments in between" in first
    assert "Comment 0 with" in first
    assert "Comment 9 with" in first
    assert "Comment 5 with" not in first
    assert 'data-count="210"' in first
    before = Thread.objects.order_by("-pk")[19].pk
    assert f"?before={before}" in first
    rest = client_of(owner).get(f"/t/demo/discussions/step/{run.pk}:1/?before={before}").content.decode()
    assert (rest.count('<section class="thread'), "Earlier threads" in rest) == (1, False)


def test_one_thread_is_read_whole_page_by_page(team: Team, owner: User, client_of: ClientOf, run: Run) -> None:
    fill(team, owner, f"{run.pk}:1", threads=1, replies=59)
    thread, client = Thread.objects.get(), client_of(owner)
    newest = client.get(f"/t/demo/discussions/threads/{thread.pk}/about/").content.decode()
    assert newest.count("<article") == 50
    assert "Comment 59 with" in newest
    assert "Comment 9 with" not in newest
    earlier = client.get(f"/t/demo/discussions/threads/{thread.pk}/about/?before={Comment.objects.all()[10].pk}")
    assert earlier.content.decode().count("<article") == 10


def test_a_linked_comment_comes_with_what_was_said_before_it(
    team: Team, owner: User, client_of: ClientOf, run: Run
) -> None:
    fill(team, owner, f"{run.pk}:1", threads=30, replies=2)
    comment = Comment.objects.order_by("pk")[0]
    far = Thread.objects.get(pk=comment.thread_id)
    Comment.objects.bulk_create(Comment(thread=far, author=owner, text="More", client_uuid=uuid4()) for _ in range(60))
    page = client_of(owner).get(f"/t/demo/discussions/step/{run.pk}:1/?comment={comment.pk}").content.decode()
    assert f'id="comment-{comment.pk}"' in page
    assert page.count("<article") == 1
    assert "Newest comments" in page
    assert client_of(owner).get(f"/t/demo/discussions/step/{run.pk}:2/?comment={comment.pk}").status_code == 404


def test_a_thread_of_deleted_comments_is_not_shown_and_a_deleted_one_among_others_keeps_its_place(
    team: Team, owner: User, client_of: ClientOf, run: Run
) -> None:
    key = f"{run.pk}:1"
    gone = open_thread(team=team, by=owner, kind="step", key=key, text="Away with me", client_uuid=uuid4())
    kept = open_thread(team=team, by=owner, kind="step", key=key, text="Me too", client_uuid=uuid4())
    reply(team=team, by=owner, thread=kept.thread_id, text="I stay", client_uuid=uuid4())
    for comment in (gone, kept):
        delete_comment(team=team, by=owner, comment=comment.pk, may_settle=False)
    page = client_of(owner).get(f"/t/demo/discussions/step/{key}/").content.decode()
    assert page.count('<section class="thread') == 1
    assert "Deleted by its author" in page
    assert "Me too" not in page
    assert "I stay" in page
    assert 'data-count="1"' in page


def test_a_run_tells_how_many_comments_its_steps_have(team: Team, owner: User, client_of: ClientOf, run: Run) -> None:
    other = make_run_with_tree(team, (("alone",),))
    for key, kind in ((f"{run.pk}:1", "step"), (f"{run.pk}:1", "step"), (f"{run.pk}:3", "step"), (str(run.pk), "run")):
        open_thread(team=team, by=owner, kind=kind, key=key, text="Look", client_uuid=uuid4())
    open_thread(team=team, by=owner, kind="step", key=f"{other.pk}:1", text="Look", client_uuid=uuid4())
    told = client_of(owner).get(f"/api/t/demo/runs/{run.pk}/comments").json()
    assert told == {"run": 1, "counts": {"1": 2, "3": 1}}


@pytest.mark.parametrize("rows", [10, 1000])
def test_a_discussion_takes_the_same_queries_however_long_it_is(
    team: Team, owner: User, client_of: ClientOf, run: Run, rows: int
) -> None:
    fill(team, owner, f"{run.pk}:1", threads=rows // 5, replies=4)
    client = client_of(owner)
    for address, most in (
        (f"/t/demo/discussions/step/{run.pk}:1/", 8),
        (f"/t/demo/discussions/threads/{Thread.objects.all()[0].pk}/about/", 6),
        (f"/api/t/demo/runs/{run.pk}/comments", 6),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) == most, [one["sql"][:90] for one in asked]
