"""Problems and the sets they stand in; running them is the business of apps.runs."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import Team


class ProblemSet(models.Model):
    """Problems in a stored order, shuffled once where the set is shipped, so that every prefix is balanced."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="problem_sets")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="one_problem_set_a_slug")]

    def __str__(self) -> str:
        return self.name


class Problem(models.Model):
    """A question with, perhaps, a reference answer.

    checker: key of the answer checker; difficulty: as the set defines it, None where unknown; source: where it came
    from; digest: SHA-256 of statement, answer and checker, by which a set refuses the same problem twice; extra: what
    else its file says, by name: a worked solution, a subject, tests.
    """

    problem_set = models.ForeignKey(ProblemSet, on_delete=models.CASCADE, related_name="problems")
    position = models.PositiveIntegerField()
    statement = models.TextField()
    answer = models.TextField(blank=True)
    checker = models.CharField(max_length=50)
    difficulty = models.FloatField(null=True)
    source = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem_set", "position"], name="one_problem_a_position"),
            models.UniqueConstraint(fields=["problem_set", "digest"], name="one_problem_a_digest"),
        ]
