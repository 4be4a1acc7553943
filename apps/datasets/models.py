"""Frozen sets of judged steps and the files made from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.accounts.models import Team


class Snapshot(models.Model):
    """A frozen, numbered set of steps with their standing verdicts.

    Its records stand in the data folder as snapshots/<sha256>: canonical JSON lines, compressed; sha256 is that of the
    uncompressed lines. number counts within the team. sheet is what its page says of it besides the counts (labellers
    and sources with their numbers), made from the same records while they were written.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField(default=1)
    problem_count = models.PositiveIntegerField()
    run_count = models.PositiveIntegerField()
    step_count = models.PositiveIntegerField(help_text="Steps with a standing verdict.")
    label_count = models.PositiveIntegerField(help_text="Current labels that were frozen.")
    verdict_counts = models.JSONField(default=dict)
    sheet = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "number"], name="one_snapshot_a_number")]


class Export(models.Model):
    """A file made from a snapshot in one format; the same snapshot, format and options give the same bytes."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=50)
    options = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "format", "options"], name="one_export")]
