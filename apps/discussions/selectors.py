"""Discussions as they stand: threads of a thing, comments of a thread, who is mentioned; it changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.accounts.access import ALLOWED
from apps.accounts.models import Membership, Team, User
from apps.discussions.models import Comment, CommentEdit, Mention, Notification, Thread
from apps.discussions.prose import Node, prose

PAGE_THREADS = 20
LAST_COMMENTS = 3  # of a thread among others: its first comment, and so many of the newest
PAGE_COMMENTS = 50  # of a thread alone
NAMES_OFFERED = 8
LOOKERS = [role for role, verbs in ALLOWED.items() if "look" in verbs]


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as it is shown. nodes: its text (prose.py)."""

    comment: Comment
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread as it is shown. left_out: comments between the first that is shown and the next; count: of all that are
    not deleted."""

    thread: Thread
    first: Written | None
    rest: list[Written]
    left_out: int
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Threads of a thing, the newest first. earlier: the thread before which the next page begins, None at the end."""

    talks: list[Talk]
    earlier: int | None


def page_of_threads(team: Team, kind: str, key: str, *, before: int | None = None) -> Page:
    """PAGE_THREADS threads of a thing that still hold a comment, those opened before the thread `before`; four
    queries."""
    alive = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    rows = Thread.objects.filter(Exists(alive), team=team, kind=kind, key=key).select_related("resolved_by")
    rows = rows.filter(pk__lt=before) if before is not None else rows
    threads = list(rows.order_by("-pk")[: PAGE_THREADS + 1])
    shown = threads[:PAGE_THREADS]
    return Page(talks_of(shown), shown[-1].pk if len(threads) > PAGE_THREADS else None)


def talks_of(threads: Sequence[Thread]) -> list[Talk]:
    """The threads with the first and the last of their comments; two queries."""
    ranked = Comment.objects.filter(thread__in=threads).annotate(
        newest=Window(RowNumber(), partition_by="thread", order_by="-pk"),
        oldest=Window(RowNumber(), partition_by="thread", order_by="pk"),
        all=Window(Count("pk"), partition_by="thread"),
        alive=Window(Count("pk", filter=Q(deleted_at=None)), partition_by="thread"),
    )
    rows = ranked.filter(Q(newest__lte=LAST_COMMENTS) | Q(oldest=1)).select_related("author", "deleted_by")
    found = list(rows.order_by("pk"))
    by_thread: defaultdict[int, list[Written]] = defaultdict(list)
    for one in written(found):
        by_thread[one.comment.thread_id].append(one)
    counts = {comment.thread_id: (comment.all, comment.alive) for comment in found}
    return [
        Talk(thread, some[0], some[1:], counts[thread.pk][0] - len(some), counts[thread.pk][1])
        for thread in threads
        if (some := by_thread[thread.pk])
    ]


def thread_alone(thread: Thread, *, before: int | None = None) -> tuple[list[Written], int | None]:
    """The last PAGE_COMMENTS comments of a thread that came before the comment `before`, oldest first, and the comment
    before which the earlier ones come, None where there is none; two queries."""
    rows = Comment.objects.filter(thread=thread).select_related("author", "deleted_by")
    rows = rows.filter(pk__lt=before) if before is not None else rows
    newest_first = list(rows.order_by("-pk")[: PAGE_COMMENTS + 1])
    shown = newest_first[:PAGE_COMMENTS][::-1]
    return written(shown), shown[0].pk if len(newest_first) > PAGE_COMMENTS else None


def written(comments: Sequence[Comment]) -> list[Written]:
    """The comments with their text as nodes; one query."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for comment, name in Mention.objects.filter(comment__in=comments).values_list("comment", "name"):
        names[comment].append(name)
    return [Written(one, () if one.deleted_at else prose(one.text, tuple(sorted(names[one.pk])))) for one in comments]


def comment_of(team: Team, comment: int) -> Comment | None:
    """The team's comment with its thread and author; None where there is none."""
    rows = Comment.objects.filter(thread__team=team, pk=comment)
    return rows.select_related("thread", "author").first()


def thread_of(team: Team, thread: int) -> Thread | None:
    """The team's thread; None where there is none."""
    return Thread.objects.filter(team=team, pk=thread).select_related("resolved_by").first()


def edits_of(comment: Comment) -> list[CommentEdit]:
    """What the comment said before, newest first."""
    return list(CommentEdit.objects.filter(comment=comment).order_by("-pk"))


def count_of(team: Team, kind: str, key: str) -> int:
    """How many comments about a thing there are."""
    return Comment.objects.filter(_about(team, kind, key), deleted_at=None).count()


def counts_below(team: Team, kind: str, beginning: str) -> dict[str, int]:
    """How many comments there are about each thing of the kind whose key begins so, by key; one query."""
    rows = Comment.objects.filter(
        thread__team=team, thread__kind=kind, thread__key__startswith=beginning, deleted_at=None
    )
    counted = rows.values("thread__key").annotate(count=Count("pk")).order_by()
    return dict(counted.values_list("thread__key", "count"))


def last_change(team: Team, things: Iterable[tuple[str, str]], *, below: tuple[str, str]) -> datetime | None:
    """When anything was last written or changed about the things, (kind, key) each, or about those of a kind whose key
    begins so; one query."""
    wanted = Q(kind=below[0], key__startswith=below[1])
    for kind, key in things:
        wanted |= Q(kind=kind, key=key)
    found: datetime | None = Thread.objects.filter(wanted, team=team).aggregate(last=Max("changed_at"))["last"]
    return found


def notifications_of(team: Team, user: User) -> QuerySet[Notification]:
    """What the person is to see in the team, unseen first, then the newest."""
    rows = Notification.objects.filter(team=team, user=user).select_related("comment__author", "comment__thread")
    return rows.order_by(ExpressionWrapper(Q(seen_at=None), BooleanField()).desc(), "-pk")


def unseen_count(team: Team, user: User) -> int:
    """How many comments wait for the person in the team; one small query, asked by every page."""
    return Notification.objects.filter(team=team, user=user, seen_at=None).count()


def members_named(team: Team, text: str) -> list[str]:
    """The first names that begin with the text, or hold a word that does, of members who may look; one query."""
    named = Q(user__name__istartswith=text) | Q(user__name__icontains=f" {text}")
    named |= Q(user__name="", user__email__istartswith=text)
    rows = lookers(team).filter(named).order_by("user__name", "user__email")[: 2 * NAMES_OFFERED]
    return list(dict.fromkeys(str(place.user) for place in rows))[:NAMES_OFFERED]


def lookers(team: Team) -> QuerySet[Membership]:
    """The places of members who may look, and so read a comment, with their people."""
    return Membership.objects.filter(team=team, role__in=LOOKERS, user__is_active=True).select_related("user")


def _about(team: Team, kind: str, key: str) -> Q:
    return Q(thread__team=team, thread__kind=kind, thread__key=key)
