"""What people write beside the things of a team, and whom they mention. What a thing is, this app does not know.

A thing is named by its kind and key (targets.py), because those that have things stand above this app.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from apps.accounts.models import Team, User

KIND_LENGTH = 20
KEY_LENGTH = 60


class Thread(models.Model):
    """A comment about a thing with the replies to it.

    key: what the kind's target names the thing by, such as "41:37"; kept in the order of its bytes, so that the threads
    of all keys with one beginning are one range of the index. changed_at: of the last change to it or to any of its
    comments; written by services.py alone.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="threads")
    kind = models.CharField(max_length=KIND_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH, db_collation="C")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["team", "kind", "key", "-id"], name="threads_of_a_thing")]


class Comment(models.Model):
    """What somebody wrote, as they wrote it: Markdown (prose.py). A deleted one has lost its text and keeps its place.

    client_uuid: made by the page, so that a comment delivered twice is one.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    client_uuid = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "client_uuid"], name="one_comment_a_client_uuid")]
        indexes = [models.Index(fields=["thread", "id"], name="comments_of_a_thread")]


class CommentEdit(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="edits")
    text = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)


class Mention(models.Model):
    """Somebody whom a comment names as it stands now. name: as it is written there, whatever they are called later."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_mention_a_comment")]


class Notification(models.Model):
    """That somebody is to see a comment, and when they did. team: the comment's, so that the count on every page reads
    one index; a comment never moves."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="notifications")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_notification_a_comment")]
        indexes = [
            models.Index(fields=["team", "user", "-id"], name="notifications_of_a_person"),
            models.Index(fields=["team", "user"], condition=Q(seen_at=None), name="notifications_unseen"),
        ]
