"""What was imported: one row a file and team, by whose digest a second delivery is known."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.accounts.models import Team
from apps.runs.models import Experiment


class ImportBatch(models.Model):
    """One file brought in. `rejected` lists the rows that broke their format: line, field, expected, found."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="import_batches")
    experiment = models.OneToOneField(Experiment, on_delete=models.CASCADE, related_name="import_batch")
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=50)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    problem_count = models.PositiveIntegerField(default=0)
    run_count = models.PositiveIntegerField(default=0)
    step_count = models.PositiveIntegerField(default=0)
    label_count = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "file_sha256", "format"], name="one_import_a_file")]
