"""What lists of experiments and runs show, aggregated in SQL; no list reads events or steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from apps.accounts.models import Team
from apps.runs.models import Answer, Experiment, Run
from apps.runs.states import RunStatus


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Sums over runs. decided: finished runs whose chosen answer is known to be right or wrong."""

    runs: int
    waiting: int
    running: int
    finished: int
    failed: int
    decided: int
    right: int
    right_somewhere: int
    steps: int
    tokens: int

    @property
    def is_over(self) -> bool:
        """Whether no run waits or is running."""
        return not (self.waiting or self.running)

    @property
    def accuracy(self) -> float | None:
        """Right answers over finished runs, a fraction; None while no answer is known to be right or wrong."""
        return self.right / self.finished if self.decided and self.finished else None

    @property
    def coverage(self) -> float | None:
        """Finished runs with a right answer anywhere in the tree, a fraction: what a perfect choice would reach."""
        return self.right_somewhere / self.finished if self.decided and self.finished else None

    @property
    def tokens_a_run(self) -> int | None:
        """Generated tokens a finished run, rounded."""
        return round(self.tokens / self.finished) if self.finished else None


SUMS = {
    "runs": Count("id"),
    "waiting": Count("id", filter=Q(status=RunStatus.WAITING)),
    "running": Count("id", filter=Q(status=RunStatus.RUNNING)),
    "finished": Count("id", filter=Q(status=RunStatus.FINISHED)),
    "failed": Count("id", filter=Q(status=RunStatus.FAILED)),
    "decided": Count("id", filter=Q(status=RunStatus.FINISHED, correct__isnull=False)),
    "right": Count("id", filter=Q(status=RunStatus.FINISHED, correct=True)),
    "right_somewhere": Count("id", filter=Q(status=RunStatus.FINISHED, right_count__gt=0)),
    "steps": Sum("step_count", default=0),
    "tokens": Sum("tokens_generated", default=0),
}
NOTHING = RunFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def experiments_of(team: Team) -> QuerySet[Experiment]:
    """The team's experiments, the newest first."""
    return Experiment.objects.filter(team=team).select_related("problem_set").order_by("-id")


def figures_of(experiments: Sequence[Experiment]) -> dict[int, RunFigures]:
    """The figures of some experiments by id, in one query."""
    runs = Run.objects.filter(experiment__in=experiments).order_by().values("experiment_id").annotate(**SUMS)
    rows = runs.values_list("experiment_id", *SUMS)
    found = {key: RunFigures(**dict(zip(SUMS, sums, strict=True))) for key, *sums in rows}
    return {experiment.pk: found.get(experiment.pk, NOTHING) for experiment in experiments}


def runs_of(experiment: Experiment) -> QuerySet[Run]:
    """The runs of an experiment in the order of their birth, with their problems."""
    return Run.objects.filter(experiment=experiment).select_related("problem", "experiment").order_by("id")


def chosen_answers(runs: Sequence[Run]) -> dict[int, Answer]:
    """The chosen answers of some runs by run id, in one query."""
    rows = Answer.objects.filter(run__in=runs, number=F("run__chosen"))
    return {answer.run_id: answer for answer in rows}


def run_in_full(team: Team, run_id: int) -> Run | None:
    """One run of the team with its experiment and problem, or None."""
    wanted = Run.objects.filter(team=team, pk=run_id)
    return wanted.select_related("experiment__problem_set", "problem").first()


def neighbours_of(run: Run) -> tuple[int | None, int | None]:
    """The ids of the runs before and after this one in its experiment."""
    siblings = Run.objects.filter(experiment=run.experiment_id).values_list("id", flat=True)
    before = siblings.filter(id__lt=run.pk).order_by("-id").first()
    after = siblings.filter(id__gt=run.pk).order_by("id").first()
    return before, after
