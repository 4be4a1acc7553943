"""What people say of steps. Rows are only ever added: a changed mind or a withdrawal is a row of its own."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import Labeller, Team
from apps.labels.guideline_models import Guideline, GuidelineReading, GuidelineVersion
from apps.labels.queue_models import (
    Assignment,
    AssignmentChange,
    GoldVerdict,
    LabelQueue,
    LabelTask,
    QueueChange,
    QueueMember,
)
from apps.runs.models import Maker, Run

__all__ = [
    "Adjudication", "Assignment", "AssignmentChange", "CritiqueRating", "GoldVerdict", "Guideline", "GuidelineReading",
    "GuidelineVersion", "Label", "LabelQueue", "LabelTask", "OwnStep", "Prelabel", "QueueChange",
    "QueueMember",
]  # fmt: skip


class Label(models.Model):
    """One labeller's verdict on one step, at one time, with all that goes with it.

    verdict: bad, neutral, good, unsure; empty where the labeller takes the earlier verdict back. The labeller's current
    verdict on a step is the row with the highest id; flag, critique and choice are those of that row.
    client_uuid: made by the client, so that a request delivered twice is one label. replaces: the client_uuid of the
    labeller's label that this one follows, NONE_BEFORE where the client knew of none, null where it did not say; two
    that follow the same one cannot both be stored, so that of two tabs the second is told. assignment: the turn at a
    queue's task in which it was given, null elsewhere. scores_in_view: whether model scores could be seen; null where
    unknown (imported). prelabel: the verdict that was proposed when it was given. chosen: whether the labeller took
    this step, of the alternatives, to go on from. seconds: time the labeller took, null where unknown. extra: what an
    imported file says besides.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labels")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="labels", db_index=False)
    number = models.PositiveIntegerField()
    labeller = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="labels")
    verdict = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    client_uuid = models.UUIDField()
    replaces = models.UUIDField(null=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="labels")
    guideline_version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, null=True, db_index=False)
    scores_in_view = models.BooleanField(null=True)
    prelabel = models.CharField(max_length=10, blank=True, db_default="")
    flagged = models.BooleanField(default=False, db_default=False)
    chosen = models.BooleanField(null=True)
    critique = models.TextField(blank=True, db_default="", help_text="What is wrong with the step.")
    seconds = models.FloatField(null=True)
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField(help_text="When the verdict was given; of imported ones, what the file says.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "client_uuid"], name="one_label_a_client_uuid"),
            models.UniqueConstraint(
                fields=["run", "number", "labeller", "replaces"],
                name="one_label_follows_another",
                condition=models.Q(replaces__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["run", "number", "labeller", "-id"], name="labels_of_a_step")]


class Adjudication(models.Model):
    """The verdict that stands on a step, who settled it, by which rule, why and on which labels; the latest row counts.

    verdict: empty where the step was opened again. rule: decision, majority, senior or discussion.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="adjudications")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="adjudications", db_index=False)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, blank=True)
    rule = models.CharField(max_length=20, default="decision", db_default="decision")
    settled_by = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="adjudications")
    reason = models.TextField(blank=True)
    labels = models.JSONField(default=list, help_text="Ids of the labels it was settled on.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["run", "number", "-id"], name="adjudications_of_a_step")]


class OwnStep(models.Model):
    """A step that a labeller wrote: what should follow step `parent` (0: the question); the latest row counts.

    instead_of: the step whose place it takes, null where it stands beside all alternatives. text: empty where it is
    taken back.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="own_steps")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="own_steps", db_index=False)
    parent = models.PositiveIntegerField()
    instead_of = models.PositiveIntegerField(null=True)
    labeller = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="own_steps")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="own_steps")
    text = models.TextField(blank=True)
    client_uuid = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["run", "parent", "labeller", "-id"], name="own_steps_of_a_run")]


class CritiqueRating(models.Model):
    """What a labeller says of the critique that a label carries; the latest row of a labeller counts.

    verdict: bad, neutral, good; empty where it is taken back.
    """

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="critique_ratings")
    labeller = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="critique_ratings")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="critique_ratings")
    verdict = models.CharField(max_length=10, blank=True)
    client_uuid = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Prelabel(models.Model):
    """A verdict proposed by a judge elsewhere, which a person must confirm or change; the latest row of a maker counts.

    What stored scores propose has no row here: it is read from them with the queue's thresholds. value: how sure the
    judge is, 0 to 1, null where it does not say.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="prelabels")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="prelabels", db_index=False)
    number = models.PositiveIntegerField()
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    value = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["run", "number", "maker", "-id"], name="prelabels_of_a_step")]
