"""The write side of search: experiments, runs, their events and the rows made from these.

RunEvent, StepText, StepTokens and Maker are inserted only and are the truth. Step, Score, Answer and Visit can be made
again from them. Tables with a row a step carry no foreign key constraint in the database: their rows come by COPY
through the sink alone, in the transaction that holds the run's fence, and go with their run.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.fields.json import KeyTransform

from apps.accounts.models import Team
from apps.problems.models import Problem, ProblemSet
from apps.runs.states import ExperimentState, RunStatus


class Experiment(models.Model):
    """One strategy with its parameters, engine, scorer and seed over a problem set; or one import; or one fork.

    A fork's one run began in the middle of another, so that its figures stand beside no search's."""

    class Kind(models.TextChoices):
        SEARCH = "search"
        IMPORTED = "imported"
        FORK = "fork"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="experiments")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=ExperimentState.choices, default=ExperimentState.ACTIVE)
    name = models.CharField(max_length=200)
    problem_set = models.ForeignKey(ProblemSet, on_delete=models.PROTECT, null=True, related_name="experiments")
    strategy = models.CharField(max_length=50, help_text="Key of the strategy, or of the import format.")
    strategy_version = models.PositiveIntegerField(default=1)
    parameters = models.JSONField(default=dict)
    engine = models.CharField(max_length=50, blank=True)
    scorer = models.CharField(max_length=50, blank=True)
    seed = models.BigIntegerField(default=0)
    alternatives = models.PositiveSmallIntegerField(
        default=0, help_text="How many of the likeliest tokens at every place are stored beside the drawn one."
    )
    budget = models.JSONField(default=dict, help_text="Limits of each run; an empty object is no limit.")
    problem_filter = models.JSONField(default=dict, help_text="Which of the set's problems; an empty object is all.")
    launch_key = models.CharField(
        max_length=64, blank=True, help_text="Given by who launches: the same key twice is the same experiment."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    resumed_at = models.DateTimeField(null=True, help_text="When it went on after a pause; ends before say no pace.")

    class Meta:
        indexes = [
            models.Index(fields=["team", "-id"], name="experiments_of_a_team"),
            # What earlier runs cost is asked of experiments with the same plug-ins, the newest first.
            models.Index(fields=["team", "strategy", "engine", "scorer", "-id"], name="experiments_alike"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "launch_key"], condition=~models.Q(launch_key=""), name="one_launch_a_key"
            )
        ]


class Run(models.Model):
    """One attempt at one problem; it owns one tree.

    Its life stands in README.md. `attempt` and `lease_owner` are the fence: whoever writes must still be the one who
    claimed it. lease_until: nobody else may claim it before; of a waiting run, nobody at all.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="runs")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="runs")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=20, choices=RunStatus.choices, default=RunStatus.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    seed = models.BigIntegerField(default=0)
    source = models.CharField(
        max_length=200, blank=True, help_text="Where an imported run stood, file and line; of a fork, its parent's id."
    )
    # Of a fork exactly one of the last two is there, and both outlive the parent.
    parent_run = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="forks", db_index=False)
    parent_step = models.PositiveIntegerField(null=True, help_text="The parent's step that a branch went out from.")
    parent_seq = models.PositiveIntegerField(null=True, help_text="The parent's last event that a continuation holds.")
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    # Derived from the run's events; the sink alone writes them, with the batch they come from.
    seq = models.PositiveIntegerField(default=0)
    step_count = models.PositiveIntegerField(default=0)
    tokens_generated = models.BigIntegerField(default=0)
    tokens_computed = models.BigIntegerField(default=0)
    scorer_tokens = models.BigIntegerField(default=0)
    answer_count = models.PositiveIntegerField(default=0)
    right_count = models.PositiveIntegerField(default=0)
    chosen = models.PositiveIntegerField(null=True, help_text="Number of the chosen step.")
    chosen_score = models.FloatField(null=True, help_text="The playing scorer's score of the chosen step.")
    best_score = models.FloatField(null=True, help_text="The highest score of a terminal step.")
    correct = models.BooleanField(null=True, help_text="Whether the chosen answer is right; null where unknown.")
    outcome = models.CharField(max_length=20, blank=True)

    searchable = models.BooleanField(
        default=False, db_default=False, help_text="Whether StepSearch holds all of its steps."
    )

    class Meta:
        indexes = [
            models.Index(fields=["experiment", "id"], name="runs_of_an_experiment"),
            # Few at any time: what ended a moment ago, or before there was a search.
            models.Index(
                fields=["-id"],
                name="runs_to_index",
                condition=models.Q(status__in=("finished", "failed", "cancelled"), searchable=False),
            ),
            models.Index(fields=["parent_run"], name="forks_of_a_run", condition=models.Q(parent_run__isnull=False)),
            models.Index(fields=["id"], name="runs_to_claim", condition=models.Q(status__in=("waiting", "running"))),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent_step__isnull=True) | models.Q(parent_seq__isnull=True),
                name="one_kind_of_fork",
            )
        ]


class Maker(models.Model):
    """Who made a number or a text; written once, pointed to."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    version = models.CharField(max_length=50, blank=True)
    revision = models.CharField(max_length=100, blank=True)
    arguments = models.TextField(default="{}")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version", "revision", "arguments"], name="one_maker")
        ]


class RunEvent(models.Model):
    """One event of a run; inserted only. `data` holds its fields, without step text and token arrays."""

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events", db_constraint=False, db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # A step is drawn again at any later event, and among all events of a run these are few.
            models.Index(
                "run",
                KeyTransform("number", "data"),
                name="repeats_of_a_step",
                condition=models.Q(kind="step-repeated"),
            )
        ]


class Step(models.Model):
    """One point of the tree, narrow so that a skeleton reads fast.

    number: from 1 in order of birth; parent: 0 is the question, which has no row; logprob: summed, nats; entropy: mean
    a token, nats; born, pruned, chosen: the seq at which that happened, so the tree as it stood at any moment is a
    comparison of numbers.
    """

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10)
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    tokens = models.PositiveIntegerField(default=0)
    logprob = models.FloatField(null=True)
    entropy = models.FloatField(null=True)
    terminal = models.BooleanField(default=False)
    born = models.PositiveIntegerField()
    pruned = models.PositiveIntegerField(null=True)
    chosen = models.PositiveIntegerField(null=True)


class StepText(models.Model):
    """The text of a step, apart so that scans of numbers do not drag it along; inserted only."""

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="texts", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()


class StepTokens(models.Model):
    """The tokens of a step as little-endian arrays of equal length; inserted only, read when looked at.

    ids: u32; lengths: u16, characters of each token in the step's text; logprob, entropy: f16, nats. alternatives: what
    else the model would have drawn, only where the experiment asked for it (they cost several times the rest): for each
    token a list of [text, log-probability in nats], the likeliest first.
    """

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tokens", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    ids = models.BinaryField()
    lengths = models.BinaryField()
    logprob = models.BinaryField()
    entropy = models.BinaryField()
    alternatives = models.JSONField(null=True)


class Score(models.Model):
    """A scorer's number for a step; a later number of the same maker is a row of its own."""

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scores", db_constraint=False, db_index=False)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    value = models.FloatField()

    class Meta:
        # The key is by event; a panel or a branch asks for a few steps of a run that may have a million scores.
        indexes = [models.Index("run", "number", name="scores_of_a_step")]


class Answer(models.Model):
    """What a terminal step says, written when the step ends, so that reading never runs a checker.

    class_key: its class among equal answers, null where it cannot be parsed; correct: null where unknown.
    """

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="answers", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    class_key = models.TextField(null=True)
    correct = models.BooleanField(null=True)
    checker = models.CharField(max_length=50)
    version = models.PositiveIntegerField()


class Visit(models.Model):
    """One simulation of a tree search: where it ended and what it brought, one row each; pages fold it up the branch.

    returns: f64, little-endian, what the question and each step of the branch is credited with, in that order; null
    where every one of them is credited with `value`.
    """

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="visits", db_constraint=False, db_index=False)
    seq = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    value = models.FloatField()
    returns = models.BinaryField(null=True)


class SealedTree(models.Model):
    """The tree of an ended run in its wire form (apps/trees/columns.py), so that opening it is one read; made again
    from the rows at will. upto_seq: the run's seq when it was made; one that is behind the run's own is out of date."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="sealed")
    upto_seq = models.PositiveIntegerField()
    columns = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now=True)


class StepSearch(models.Model):
    """The words of a step (apps/trees/words.py), by which a team's steps are searched; made in the background from
    StepText once the run has ended, and made again from it at will."""

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="words", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    words = SearchVectorField()

    class Meta:
        # With its list of what is still to be sorted in: without it COPY took seven times as long (2026-11).
        indexes = [GinIndex(fields=["words"], name="steps_by_word", fastupdate=True)]
