"""Guidelines: what labellers are told, in versions that are never changed, and who has read which."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.accounts.models import Team


class Guideline(models.Model):
    """What people are asked when they label; its words stand in its versions."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="guidelines")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_guideline_a_name")]

    def __str__(self) -> str:
        return self.name


class GuidelineVersion(models.Model):
    """The words of a guideline as they stood; inserted only. The highest number is the one in force.

    text: Markdown. summary: what changed since the version before. must_read: whether those who read an earlier version
    have to read this one before they go on.
    """

    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    summary = models.TextField(blank=True)
    must_read = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guideline", "number"], name="one_guideline_version_a_number")]


class GuidelineReading(models.Model):
    """That a person said they have read a version."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="one_reading_a_version")]
