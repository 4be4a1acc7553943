"""Queues of work for labellers: which steps, branches or solutions, in which order, for whom, and each one's turn."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.accounts.models import Labeller, Team
from apps.labels.guideline_models import Guideline, GuidelineVersion
from apps.runs.models import Maker, Run


class LabelQueue(models.Model):
    """What is to be judged and how: tasks built from a filter over runs, a mode, an order, and who may take part.

    unit: a step is judged alone, with its branch as context; a branch is any leaf's; a solution is a branch that ends
    in an answer. wanted: how many people judge each task. seed: makes every order and every draw of gold repeatable.
    filter: which runs and steps, as read_filter (queue_filter.py) takes it. gold_share: of the tasks a person gets, how
    many are gold, 0 to 1. screening_pass: share of screening verdicts that must be right for admission, null where
    there is no screening. prelabel_good, prelabel_bad: a score of prelabel_maker from the first up proposes good, one
    up to the second bad, others nothing. lease_s: how long a task is kept for who took it. build_key: given by who
    builds, empty for none: the same key twice is the same queue; build_digest: of all that was sent with it.
    """

    class Unit(models.TextChoices):
        STEP = "step"
        BRANCH = "branch"
        SOLUTION = "solution"

    class Mode(models.TextChoices):
        EVERY_STEP = "every-step"
        FIRST_ERROR = "first-error"
        PHASE_ONE = "phase-one"
        PHASE_TWO = "phase-two"

    class Access(models.TextChoices):
        OPEN = "open"
        ASSIGNED = "assigned"

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        CLOSED = "closed"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="label_queues")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.SOLUTION)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.EVERY_STEP)
    filter = models.JSONField(default=dict)
    order = models.CharField(max_length=30, default="random", help_text="Key of one of ORDERS (queue_orders.py).")
    seed = models.BigIntegerField(default=0)
    wanted = models.PositiveSmallIntegerField(default=1)
    access = models.CharField(max_length=10, choices=Access.choices, default=Access.OPEN)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, null=True, related_name="queues")
    gold_share = models.FloatField(default=0.0)
    screening_pass = models.FloatField(null=True)
    prelabel_maker = models.ForeignKey(Maker, on_delete=models.PROTECT, null=True, related_name="+")
    prelabel_good = models.FloatField(null=True)
    prelabel_bad = models.FloatField(null=True)
    lease_s = models.PositiveIntegerField(default=1800)
    hourly_rate = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217; empty where there is no rate.")
    build_key = models.CharField(max_length=64, blank=True, db_default="")
    build_digest = models.CharField(max_length=64, blank=True, db_default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="label_queues_of_a_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "build_key"], condition=~models.Q(build_key=""), name="one_queue_a_build_key"
            )
        ]

    def __str__(self) -> str:
        return self.name


class QueueMember(models.Model):
    """A person's place in a queue: whom it is assigned to, or who began on an open one.

    state: screening until the screening tasks are done well enough, then admitted; refused where they were not.
    hourly_rate: instead of the queue's, null where it is the queue's.
    """

    class State(models.TextChoices):
        SCREENING = "screening"
        ADMITTED = "admitted"
        REFUSED = "refused"

    queue = models.ForeignKey(LabelQueue, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ADMITTED)
    hourly_rate = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="one_place_in_a_queue")]


class QueueChange(models.Model):
    """That a queue was steered: by whom, when, what it was before and after, and why; inserted only.

    what: state, member or rate (`about` says whose; before or after is empty where they had or have no place or rate of
    their own), or the field of the queue that was changed. made_by: None too where a screening decided.
    """

    queue = models.ForeignKey(LabelQueue, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=20)
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class LabelTask(models.Model):
    """One thing to be judged by `wanted` people: the branch that ends in step `number` of a run; in phase one what
    follows that step, where 0 is the question.

    kind: gold and screening tasks have known verdicts (GoldVerdict) and go to everybody; nobody who labels is told
    which they are. taken: turns that are open or submitted, submitted: those that are; both are kept by the statement
    that changes a turn, so that the next task is found by an index.
    """

    class Kind(models.TextChoices):
        NORMAL = "normal"
        GOLD = "gold"
        SCREENING = "screening"

    queue = models.ForeignKey(LabelQueue, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="label_tasks")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NORMAL)
    position = models.PositiveIntegerField(help_text="In the queue's order, from 0.")
    wanted = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)
    submitted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "kind", "run", "number"], name="one_task_a_step"),
            models.UniqueConstraint(fields=["queue", "kind", "position"], name="one_task_a_position"),
        ]
        indexes = [
            models.Index(
                fields=["queue", "position"],
                name="label_tasks_to_take",
                condition=models.Q(kind="normal", taken__lt=models.F("wanted")),
            )
        ]


class GoldVerdict(models.Model):
    """The verdict that is known to be right on a step of a gold or screening task, and why."""

    task = models.ForeignKey(LabelTask, on_delete=models.CASCADE, related_name="gold")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="one_gold_verdict_a_step")]


class Assignment(models.Model):
    """One person's turn at a task; its life is written down in AssignmentChange, and this row is where it stands.

    state: open until submitted or skipped; who submits may open it again. finish: how a submitted one ended, by
    PRM800K's words (solution, found_error, give_up, bad_problem). progress: phase two's word on how far the solution
    got before its first error, 0 none to 2 much. seconds: time spent on it in all. lease_until: until when nobody else
    is given the task in this person's place; labels that come later are taken all the same.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"
        SKIPPED = "skipped"

    class Finish(models.TextChoices):
        SOLUTION = "solution"
        FOUND_ERROR = "found_error"
        GIVE_UP = "give_up"
        BAD_PROBLEM = "bad_problem"

    task = models.ForeignKey(LabelTask, on_delete=models.CASCADE, related_name="assignments")
    labeller = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    finish = models.CharField(max_length=20, choices=Finish.choices, blank=True)
    reason = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(null=True)
    guideline_version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, null=True, db_index=False)
    seconds = models.FloatField(default=0.0)
    lease_until = models.DateTimeField()
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was last submitted or skipped.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "labeller"], name="one_turn_a_task")]
        indexes = [
            models.Index(fields=["labeller", "-id"], name="turns_of_a_labeller"),
            # Few at any time; what has run out is given to others.
            models.Index(fields=["lease_until"], name="turns_that_are_open", condition=models.Q(state="open")),
            models.Index(fields=["labeller"], name="open_turns_of_a_labeller", condition=models.Q(state="open")),
        ]


class AssignmentChange(models.Model):
    """That a turn changed its state: by whom, when and why; inserted only. client_uuid: sent again it is one change."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="changes")
    client_uuid = models.UUIDField(unique=True)
    state = models.CharField(max_length=10)
    finish = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(null=True)
    made_by = models.ForeignKey(Labeller, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
