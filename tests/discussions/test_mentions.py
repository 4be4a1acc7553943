"""Who is mentioned, who is told of it, and where they see it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, Team, User
from apps.discussions.models import Comment, Mention, Notification
from apps.discussions.services import delete_comment, edit_comment, open_thread
from apps.runs.models import Run
from tests.people import make_member

ClientOf = Callable[[User], Client]


@pytest.fixture
def ada(team: Team) -> User:
    return named(team, "ada@example.org", "Ada Lovelace")


def named(team: Team, email: str, name: str) -> User:
    user = make_member(team, email, Role.VIEWER)
    user.name = name
    user.save()
    return user


def said(team: Team, by: User, run: Run, text: str) -> Comment:
    return open_thread(team=team, by=by, kind="step", key=f"{run.pk}:1", text=text, client_uuid=uuid4())


def told(user: User) -> int:
    return Notification.objects.filter(user=user, seen_at=None).count()


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("@Ada Lovelace look", True),
        ("(@ada lovelace)", True),
        ("> @Ada Lovelace, *really*", True),
        ("**@Ada Lovelace**", True),
        ("@Ada", False),
        ("@Ada Lovelaces", False),
        ("x@Ada Lovelace", False),
        ("`@Ada Lovelace`", False),
        ("$@Ada Lovelace$", False),
        ("    @Ada Lovelace", False),
        ("@everybody", False),
        ("\\@Ada Lovelace", True),
    ],
)
def test_a_member_is_meant_by_an_at_and_their_whole_name(
    team: Team, owner: User, ada: User, run: Run, text: str, is_meant: bool
) -> None:
    # Below a first line, or white space before it would be taken off.
    said(team, owner, run, f"Well.\n\n{text}")
    assert (told(ada), told(owner)) == (int(is_meant), 0)


def test_of_names_that_begin_alike_the_longest_is_meant_and_who_bear_one_name_are_all_told(
    team: Team, owner: User, ada: User, run: Run
) -> None:
    short, twin = named(team, "short@example.org", "Ada"), named(team, "twin@example.org", "ADA LOVELACE")
    said(team, owner, run, "@Ada Lovelace")
    assert (told(ada), told(twin), told(short)) == (1, 1, 0)


def test_nobody_outside_the_team_and_nobody_switched_off_is_told(
    team: Team, owner: User, stranger: User, ada: User, run: Run
) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    said(team, owner, run, f"@{stranger} @Ada Lovelace @{owner}")
    assert not Notification.objects.exists()
    assert list(Mention.objects.values_list("user", flat=True)) == [owner.pk]


def test_an_edit_tells_whom_it_names_anew_and_takes_back_what_nobody_has_seen(
    team: Team, owner: User, ada: User, viewer: User, run: Run
) -> None:
    comment = said(team, owner, run, "@Ada Lovelace")
    edit_comment(team=team, by=owner, comment=comment.pk, text="@viewer")
    assert (told(ada), told(viewer)) == (0, 1)
    delete_comment(team=team, by=owner, comment=comment.pk, may_settle=False)
    assert not Notification.objects.exists()


def test_the_bar_counts_what_is_unseen_and_the_page_lists_it_first(
    team: Team, owner: User, ada: User, client_of: ClientOf, run: Run
) -> None:
    client = client_of(ada)
    first, second = (said(team, owner, run, f"@Ada Lovelace {word}") for word in ("one", "two"))
    assert '<span class="bar-count">2</span>' in client.get("/t/demo/experiments/").content.decode()
    address = f"/api/t/demo/discussions/comments/{second.pk}/seen"
    assert client_of(owner).post(address, {}, content_type="application/json").json() == {"seen": 0}
    assert client.post(address, {}, content_type="application/json").json() == {"seen": 1}
    page = client.get("/t/demo/mentions/").content.decode()
    assert f'href="/t/demo/runs/{run.pk}/steps/1/#comment-{first.pk}"' in page
    assert page.index("Lovelace one") < page.index("Lovelace two")
    assert page.count("mention-new") == 1
    client.post("/t/demo/mentions/seen/")
    page = client.get("/t/demo/mentions/").content.decode()
    assert "bar-count" not in page
    assert page.index("Lovelace two") < page.index("Lovelace one")


def test_names_are_offered_by_what_they_begin_with_and_none_of_another_team(
    team: Team, owner: User, stranger: User, ada: User, client_of: ClientOf
) -> None:
    def names(text: str) -> list[str]:
        found: list[str] = client_of(owner).get("/api/t/demo/discussions/people", {"text": text}).json()["people"]
        return found

    assert names("ad") == names("LOVE") == ["Ada Lovelace"]
    assert names("stranger") == names("%") == names("da") == []
    assert client_of(owner).get("/api/t/demo/discussions/people?name=a").status_code == 400


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_mentions_take_the_same_queries_however_many(
    team: Team, owner: User, ada: User, client_of: ClientOf, run: Run, rows: int
) -> None:
    thread = said(team, owner, run, "@Ada Lovelace").thread
    comments = Comment.objects.bulk_create(
        Comment(thread=thread, author=owner, text="@Ada Lovelace", client_uuid=uuid4()) for _ in range(rows)
    )
    Notification.objects.bulk_create(Notification(team=team, user=ada, comment=comment) for comment in comments)
    client = client_of(ada)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/t/demo/mentions/").status_code == 200
    # session, person, place in the team, count of the list, its page, count of the bar
    assert len(asked) == 6
