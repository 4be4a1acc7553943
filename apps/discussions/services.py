"""Writes, edits, deletes and settles what people say about things; whether somebody may was asked before, but for whose
comment it is. It renders nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.common.errors import Refused
from apps.discussions.models import Comment, CommentEdit, Mention, Notification, Thread
from apps.discussions.news import tell_of
from apps.discussions.prose import mentions_of, words
from apps.discussions.selectors import lookers, thread_of
from apps.discussions.targets import found_target

TEXT_LIMIT = 20_000
MENTIONS_LIMIT = 50
UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def open_thread(*, team: Team, by: User, kind: str, key: str, text: str, client_uuid: UUID) -> Comment:
    """Begin a thread about a thing with its first comment. The same client_uuid again is the same comment.

    Raises Http404 for a thing the team does not have, Refused for a text that cannot be stored and, with 409, for a
    client_uuid that was used for another comment."""
    if found_target(team, kind, key) is None:
        raise Http404
    text = storable(text)
    thread = Thread(team=team, kind=kind, key=key, opened_by=by)
    return _said_before(thread, by, text, client_uuid) or _added(thread, by, text, client_uuid)


def reply(*, team: Team, by: User, thread: int, text: str, client_uuid: UUID) -> Comment:
    """Add a comment to a thread of the team. Raises as open_thread."""
    found = thread_of(team, thread)
    if found is None or found_target(team, found.kind, found.key) is None:
        raise Http404
    text = storable(text)
    return _said_before(found, by, text, client_uuid) or _added(found, by, text, client_uuid)


def _said_before(thread: Thread, by: User, text: str, client_uuid: UUID) -> Comment | None:
    """The person's comment of this client_uuid; refuses another one's. Its text may have been edited since."""
    found = Comment.objects.filter(author=by, client_uuid=client_uuid).select_related("thread").first()
    if found is None:
        return None
    there = all(getattr(found.thread, name) == getattr(thread, name) for name in ("team_id", "kind", "key"))
    says_the_same = found.text == text or found.edited_at is not None or found.deleted_at is not None
    if not there or thread.pk not in {None, found.thread_id} or not says_the_same:
        message = f"The comment {client_uuid} was stored with another text or place. Send a new uuid."
        raise Refused(
            message, code="other-comment", status=409, fields={"client_uuid": "Expected one not used before."}
        )
    return found


def _added(thread: Thread, by: User, text: str, client_uuid: UUID) -> Comment:
    is_new = thread.pk is None
    try:
        with transaction.atomic():
            if is_new:
                thread.save()
            comment = Comment.objects.create(thread=thread, author=by, text=text, client_uuid=client_uuid)
            _mention(comment)
            _changed(thread)
    except IntegrityError:
        # Delivered twice at one moment: the other one was stored meanwhile, and the thread begun here was not.
        thread.pk = None if is_new else thread.pk
        found = _said_before(thread, by, text, client_uuid)
        if found is None:
            raise
        return found
    return comment


def edit_comment(*, team: Team, by: User, comment: int, text: str) -> Comment:
    """Let a comment of one's own say something else; what it said is kept. Raises Http404 for one that is not there,
    PermissionDenied for somebody else's, Refused for a deleted one or a text that cannot be stored."""
    with transaction.atomic():
        found = _locked(team, comment)
        if found.author_id != by.pk:
            raise PermissionDenied("Only who wrote a comment can edit it. Reply to it instead.")
        if found.deleted_at is not None:
            raise Refused("The comment was deleted, so it cannot be edited. Write another.", code="deleted", status=409)
        text = storable(text)
        if text != found.text:
            CommentEdit.objects.create(comment=found, text=found.text)
            found.text, found.edited_at = text, timezone.now()
            found.save(update_fields=["text", "edited_at"])
            _mention(found)
            _changed(found.thread)
    return found


def delete_comment(*, team: Team, by: User, comment: int, may_settle: bool) -> Comment:
    """Take a comment's text and its earlier texts away; its place stays, and says by whom. Twice is once.

    may_settle: whether they may delete what others wrote. Raises Http404 for one that is not there, PermissionDenied
    for somebody else's without that right."""
    with transaction.atomic():
        found = _locked(team, comment)
        if found.author_id != by.pk and not may_settle:
            raise PermissionDenied("Only who wrote a comment, a reviewer or an owner can delete it.")
        if found.deleted_at is None:
            found.text, found.deleted_at, found.deleted_by = "", timezone.now(), by
            found.save(update_fields=["text", "deleted_at", "deleted_by"])
            for model in (CommentEdit, Mention, Notification):
                model._default_manager.filter(comment=found).delete()
            _changed(found.thread)
    return found


def resolve_thread(*, team: Team, by: User, thread: int, is_resolved: bool) -> Thread:
    """Say of a thread that it is settled, or that it is not. Raises Http404 for one that is not there."""
    with transaction.atomic():
        found = thread_of(team, thread)
        if found is None:
            raise Http404
        if (found.resolved_at is not None) != is_resolved:
            found.resolved_at = timezone.now() if is_resolved else None
            found.resolved_by = by if is_resolved else None
            _changed(found, "resolved_at", "resolved_by")
    return found


def mark_seen(*, team: Team, user: User, comment: int | None = None) -> int:
    """Note that the person has seen a comment they were told of, or all of the team's; says how many that were."""
    rows = Notification.objects.filter(team=team, user=user, seen_at=None)
    return (rows if comment is None else rows.filter(comment=comment)).update(seen_at=timezone.now())


def storable(text: str) -> str:
    """The text without white space around it. Raises Refused where it is empty, too long or holds what no text column
    takes."""
    text = text.replace("\r\n", "\n").strip()
    wrong = ""
    if not text:
        wrong = "Expected a comment; found nothing but white space. Write something."
    elif len(text) > TEXT_LIMIT:
        wrong = f"Expected at most {TEXT_LIMIT:,} characters; found {len(text):,}. Shorten it or write two comments."
    elif UNREADABLE.search(text):
        wrong = "Expected readable characters; found a NUL or half a surrogate pair. Take it out."
    if wrong:
        raise Refused(wrong, code="bad-text", fields={"text": wrong})
    return text


def _locked(team: Team, comment: int) -> Comment:
    """The team's comment, for this transaction alone. Raises Http404."""
    rows = Comment.objects.filter(thread__team=team, pk=comment).select_related("thread__team")
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise Http404
    return found


def _changed(thread: Thread, *fields: str) -> None:
    thread.changed_at = timezone.now()
    thread.save(update_fields=["changed_at", *fields])
    tell_of(thread)


def _mention(comment: Comment) -> None:
    """Bring the mentions of a comment up to its text, and tell whom it names anew; nobody is told of their own."""
    named = _named(comment)
    wanted = {user.pk: name for user, name in named}
    Mention.objects.filter(comment=comment).delete()
    Mention.objects.bulk_create(Mention(comment=comment, user=user, name=name) for user, name in named)
    Notification.objects.filter(comment=comment, seen_at=None).exclude(user__in=wanted).delete()
    told = [user for user, _ in named if user.pk != comment.author_id]
    Notification.objects.bulk_create(
        [Notification(team_id=comment.thread.team_id, user=user, comment=comment) for user in told],
        ignore_conflicts=True,
    )


def _named(comment: Comment) -> list[tuple[User, str]]:
    """The members whom a comment names by @ and their whole name, each with the name as it is written there. Of names
    that begin alike the longest counts; who bear one name are all meant."""
    pieces = [piece for piece in words(comment.text) if "@" in piece]
    if not pieces:
        return []
    by_name: defaultdict[str, list[User]] = defaultdict(list)
    for place in lookers(comment.thread.team):
        by_name[str(place.user).casefold()].append(place.user)
    pattern = mentions_of(by_name)
    names = [name for piece in pieces for name in pattern.findall(piece)]
    found = {user.pk: (user, name) for name in reversed(names) for user in by_name.get(name.casefold(), [])}
    return list(found.values())[:MENTIONS_LIMIT]
