"""Comments of another team count and show nowhere, not even where they name a thing by the same key."""

from __future__ import annotations

from uuid import uuid4

from apps.accounts.models import Role, Team, User
from apps.discussions.models import Comment, Notification, Thread
from apps.discussions.selectors import count_of, counts_below, last_change, page_of_threads, unseen_count
from apps.runs.models import Run
from tests.people import make_member, make_team


def talk(team: Team, by: User, key: str, told: User) -> None:
    """A comment as rows, which no address would store: in its own team a key names a thing of that team."""
    thread = Thread.objects.create(team=team, kind="step", key=key, opened_by=by)
    comment = Comment.objects.create(thread=thread, author=by, text="Theirs.", client_uuid=uuid4())
    Notification.objects.create(team=team, user=told, comment=comment)


def test_nothing_of_another_team_is_read_counted_or_waited_for(team: Team, owner: User, run: Run) -> None:
    theirs = make_team("theirs")
    key = f"{run.pk}:1"
    talk(theirs, make_member(theirs, "they@example.org", Role.OWNER), key, told=owner)
    below = ("step", f"{run.pk}:")
    assert page_of_threads(team, "step", key).talks == []
    assert count_of(team, "step", key) == 0
    assert counts_below(team, *below) == {}
    assert last_change(team, [("step", key)], below=below) is None
    assert unseen_count(team, owner) == 0
    talk(team, owner, key, told=owner)
    assert [one.thread.team for one in page_of_threads(team, "step", key).talks] == [team]
    assert (count_of(team, "step", key), counts_below(team, *below)) == (1, {key: 1})
    assert last_change(team, [], below=below) is not None
    assert unseen_count(team, owner) == 1
