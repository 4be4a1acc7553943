"""What lists of experiments and runs show, aggregated in SQL; no list reads events or steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Cast, NullIf
from django.db.models.lookups import GreaterThan

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Team
from apps.problems.models import Problem
from apps.runs.figures import CHECKERS_ALONE, wilson_interval
from apps.runs.models import Answer, Experiment, Run
from apps.runs.outcomes import OUTCOMES
from apps.runs.run_table import OUTCOME, RunTable
from apps.runs.states import RunStatus

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Sums over runs. decided: finished runs whose chosen answer is known to be right or wrong; silent: those without
    a chosen answer; silent_tellable: those among them whose problem's checker could have told right from wrong;
    tokens_finished: tokens of finished runs alone; started_at, ended_at: of the first claim and of the last end;
    is_withheld: whether nothing of right and wrong is told, as some of the runs are hidden from whoever asks."""

    runs: int
    waiting: int
    running: int
    finished: int
    failed: int
    cancelled: int
    decided: int
    silent: int
    silent_tellable: int
    right: int
    right_somewhere: int
    steps: int
    tokens: int
    tokens_finished: int
    tokens_computed: int
    started_at: datetime | None
    ended_at: datetime | None
    is_withheld: bool = False

    def withheld(self) -> RunFigures:
        """The same without what was right and wrong: of few runs, a share tells of each."""
        of_correctness = ("decided", "silent", "silent_tellable", "right", "right_somewhere")
        return replace(self, **dict.fromkeys(of_correctness, 0), is_withheld=True)  # type: ignore[arg-type]

    @property
    def is_over(self) -> bool:
        """Whether no run waits or is running."""
        return not self.left

    @property
    def left(self) -> int:
        """Runs that have not ended."""
        return self.waiting + self.running

    @property
    def known(self) -> int:
        """Finished runs that can be called right or wrong; counted as figures.experiment_figures counts them."""
        return self.decided + (self.silent if self.decided else self.silent_tellable)

    @property
    def accuracy(self) -> float | None:
        """Right answers over known ones, a fraction; None while nothing is known."""
        return self.right / self.known if self.known else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the accuracy; None while nothing is known."""
        return wilson_interval(self.right, self.known)

    @property
    def coverage(self) -> float | None:
        """Known runs with a right answer anywhere in the tree, a fraction: what a perfect choice would reach."""
        return self.right_somewhere / self.known if self.known else None

    @property
    def tokens_a_run(self) -> int | None:
        """Generated tokens a finished run, rounded."""
        return round(self.tokens_finished / self.finished) if self.finished else None


FINISHED = Q(status=RunStatus.FINISHED)
CHOSEN_ANSWER = Answer.objects.filter(run=OuterRef("pk"), number=OuterRef("chosen"))
# Only where the run's own column does not tell is its answer looked for: 100,000 look-ups cost more than the counting.
SILENT = FINISHED & Q(correct__isnull=True) & Q(is_told=False)
TELLABLE = Exists(
    Problem.objects.filter(pk=OuterRef("problem")).filter(
        Q(checker__in=CHECKERS_ALONE) | (~Q(checker="") & ~Q(answer=""))
    )
)
KNOWN = FINISHED & (Q(correct__isnull=False) | SILENT)
SUMS = {
    "runs": Count("id"),
    "waiting": Count("id", filter=Q(status=RunStatus.WAITING)),
    "running": Count("id", filter=Q(status=RunStatus.RUNNING)),
    "finished": Count("id", filter=FINISHED),
    "failed": Count("id", filter=Q(status=RunStatus.FAILED)),
    "cancelled": Count("id", filter=Q(status=RunStatus.CANCELLED)),
    "decided": Count("id", filter=FINISHED & Q(correct__isnull=False)),
    "silent": Count("id", filter=SILENT),
    "silent_tellable": Count("id", filter=SILENT & Q(TELLABLE)),
    "right": Count("id", filter=FINISHED & Q(correct=True)),
    "right_somewhere": Count("id", filter=KNOWN & Q(right_count__gt=0)),
    "steps": Sum("step_count", default=0),
    "tokens": Sum("tokens_generated", default=0),
    "tokens_finished": Sum("tokens_generated", filter=FINISHED, default=0),
    "tokens_computed": Sum("tokens_computed", default=0),
    "started_at": Min("started_at"),
    "ended_at": Max("ended_at"),
}
# As RunFigures.accuracy counts it: runs without an answer are failures where others were told right or wrong, and
# alone where their checker could have told.
ACCURACY = Cast(SUMS["right"], FloatField()) / NullIf(
    SUMS["decided"] + Case(When(GreaterThan(SUMS["decided"], 0), then=SUMS["silent"]), default=SUMS["silent_tellable"]),
    0,
    output_field=FloatField(),
)
_NOTHING: dict[str, Any] = {**dict.fromkeys(SUMS, 0), "started_at": None, "ended_at": None}
NOTHING = RunFigures(**_NOTHING)


def experiments_of(team: Team) -> QuerySet[Experiment]:
    """The team's experiments, the newest first."""
    return Experiment.objects.filter(team=team).select_related("problem_set", "created_by").order_by("-id")


def figures_of(experiments: Sequence[Experiment], hidden: HiddenRuns = NOTHING_HIDDEN) -> dict[int, RunFigures]:
    """The figures of some experiments by id, in one query, and one more where runs are hidden from whoever asks."""
    runs = Run.objects.filter(experiment__in=experiments).order_by().annotate(is_told=Exists(CHOSEN_ANSWER))
    rows = runs.values("experiment_id").annotate(**SUMS).values_list("experiment_id", *SUMS)
    found = {key: RunFigures(**dict(zip(SUMS, sums, strict=True))) for key, *sums in rows}
    waiting = hidden.alone(Run.objects.filter(experiment__in=experiments)).order_by().values_list("experiment_id")
    for (key,) in waiting.distinct() if hidden else ():
        found[key] = found[key].withheld()
    return {experiment.pk: found.get(experiment.pk, NOTHING) for experiment in experiments}


def hidden_in(experiment: Experiment, hidden: HiddenRuns) -> int:
    """How many runs of an experiment are hidden from whoever asks; one query."""
    return hidden.alone(Run.objects.filter(experiment=experiment)).count()


def figure_of(figure: Any, hidden: HiddenRuns = NOTHING_HIDDEN) -> Subquery:
    """One figure of an experiment's runs, hidden ones left out, for ordering experiments in SQL; null where there is
    nothing to count."""
    runs = hidden.left_out(Run.objects.filter(experiment=OuterRef("pk")).order_by())
    runs = runs.annotate(is_told=Exists(CHOSEN_ANSWER))
    return Subquery(runs.values("experiment_id").annotate(figure=figure).values("figure"))


def outcome_counts(experiment: Experiment, table: RunTable) -> dict[str, int]:
    """How many runs have each outcome, those without any left out, in the order of OUTCOMES; of the table's filters
    only its text counts. The sum over its outcomes is the length of the table."""
    rows = table.with_text(experiment).annotate(rank=OUTCOME).values_list("rank").annotate(count=Count("id"))
    counted = dict(rows)
    return {key: counted[rank] for rank, key in enumerate(OUTCOMES) if rank in counted}


def page_of_runs(experiment: Experiment, table: RunTable, length: int) -> Page[Run]:
    """The page of the table asked for, or its last where there are fewer; `length` is the number of its rows.

    Ordered are ids alone, and only the page's rows are fetched, with their problems: texts are long to sort."""
    paginator: Paginator[Any] = Paginator(table.of(experiment).values_list("id", flat=True), PAGE_ROWS)
    paginator.count = length
    page = paginator.get_page(table.page)
    ids = list(page.object_list)
    runs = Run.objects.filter(experiment=experiment).select_related("problem__problem_set").in_bulk(ids)
    page.object_list = [runs[pk] for pk in ids]
    return page


def chosen_answers(runs: Sequence[Run]) -> dict[int, Answer]:
    """The chosen answers of some runs by run id, in one query."""
    rows = Answer.objects.filter(run__in=runs, number=F("run__chosen"))
    return {answer.run_id: answer for answer in rows}


def run_in_full(team: Team, run_id: int) -> Run | None:
    """One run of the team with its experiment and problem, or None."""
    wanted = Run.objects.filter(team=team, pk=run_id)
    return wanted.select_related("experiment__problem_set", "problem__problem_set").first()


def forks_of(run: Run, hidden: HiddenRuns = NOTHING_HIDDEN) -> QuerySet[Run]:
    """The runs that were forked from this one, hidden ones left out, with their experiments, the newest first."""
    forks = Run.objects.filter(parent_run=run).select_related("experiment").order_by("-id")
    return hidden.left_out(forks)


def origin_of(experiment: Experiment) -> Run | None:
    """The one run of a fork, which knows its parent; None of any other experiment."""
    if experiment.kind != Experiment.Kind.FORK:
        return None
    return Run.objects.filter(experiment=experiment).order_by("id").first()
