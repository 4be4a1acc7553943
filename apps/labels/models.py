"""What people say of steps. Rows are only ever added: a changed mind or a withdrawal is a row of its own."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import Labeller, Team
from apps.runs.models import Run


class Label(models.Model):
    """One labeller's verdict on one step, at one time.

    verdict: bad, neutral, good, unsure; empty where the labeller takes the earlier verdict back. The labeller's current
    verdict on a step is the row with the highest id. client_uuid: made by the client, so that a request delivered
    twice is one label. scores_in_view: whether model scores could be seen; null where unknown (imported).
    seconds: time the labeller took, null where unknown. extra: what an imported file says besides.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labels")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="labels", db_index=False)
    number = models.PositiveIntegerField()
    labeller = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="labels")
    verdict = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    client_uuid = models.UUIDField()
    scores_in_view = models.BooleanField(null=True)
    seconds = models.FloatField(null=True)
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField(help_text="When the verdict was given; of imported ones, what the file says.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "client_uuid"], name="one_label_a_client_uuid")]
        indexes = [models.Index(fields=["run", "number", "labeller", "-id"], name="labels_of_a_step")]


class Adjudication(models.Model):
    """The verdict that stands on a step, who settled it, why and on which labels; the latest row counts."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="adjudications")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="adjudications", db_index=False)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    settled_by = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="adjudications")
    reason = models.TextField(blank=True)
    labels = models.JSONField(default=list, help_text="Ids of the labels it was settled on.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["run", "number", "-id"], name="adjudications_of_a_step")]
