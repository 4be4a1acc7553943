"""What runs say of problems: how many there are, how often they were solved, which answers they gave; it plays nothing.

Each function asks the same number of queries, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OrderBy, Q, QuerySet

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Team
from apps.problems.models import Problem, ProblemSet
from apps.runs.models import Answer, Experiment, Run
from apps.runs.outcomes import OUTCOMES
from apps.runs.problem_table import COUNTED, JUDGED
from apps.runs.run_table import COLUMNS, OUTCOME, RunTable

PAGE_ROWS = 50
MOST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Solved:
    """runs: of a problem, forks left out; judged: finished ones whose chosen answer is known to be right or wrong, and
    those that gave no answer where it could have been told."""

    runs: int = 0
    judged: int = 0
    right: int = 0

    @property
    def rate(self) -> float | None:
        """Right over judged, a fraction; None while none is judged."""
        return self.right / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Equal answers that runs of a problem chose. text: one of them as it was written; correct: None where unknown."""

    text: str
    class_key: str | None
    count: int
    correct: bool | None


def experiment_counts(problem_sets: Sequence[ProblemSet]) -> dict[int, int]:
    """How many experiments there are over some sets, by the set's id; forks left out."""
    over = Experiment.objects.filter(problem_set__in=problem_sets).exclude(kind=Experiment.Kind.FORK)
    return dict(over.order_by().values_list("problem_set_id").annotate(count=Count("pk")))


def solved(problems: Collection[Problem], hidden: HiddenRuns = NOTHING_HIDDEN) -> dict[int, Solved]:
    """What the runs of some problems came to, hidden ones left out, by the problem's id."""
    rows = (
        hidden.left_out(Run.objects.filter(COUNTED, problem__in=problems))
        .order_by()
        .values_list("problem_id")
        .annotate(
            runs=Count("pk"), judged=Count("pk", filter=JUDGED), right=Count("pk", filter=JUDGED & Q(correct=True))
        )
    )
    return {key: Solved(*counts) for key, *counts in rows}


def runs_on(team: Team, problem: Problem, table: RunTable) -> QuerySet[Run]:
    """The runs of a problem, the newest first; of the table's filters only its text, found in the experiment's name."""
    runs = table.hidden.left_out(Run.objects.filter(team=team, problem=problem))
    return runs.filter(experiment__name__icontains=table.text) if table.text else runs


def outcomes_on(team: Team, problem: Problem, table: RunTable) -> dict[str, int]:
    """How many of those runs have each outcome, those without any left out, in the order of OUTCOMES."""
    runs = runs_on(team, problem, table).order_by()
    counted = dict(runs.annotate(rank=OUTCOME).values_list("rank").annotate(count=Count("pk")))
    return {key: counted[rank] for rank, key in enumerate(OUTCOMES) if rank in counted}


def page_of_runs_on(team: Team, problem: Problem, table: RunTable, length: int) -> Page[Run]:
    """The page of the table asked for, or its last where there are fewer, with experiments; `length`: of the table."""
    wanted = Q()
    for key in table.outcomes:
        wanted |= OUTCOMES[key][1]
    runs = runs_on(team, problem, table).filter(wanted).select_related("experiment")
    if table.sort:
        runs = runs.order_by(OrderBy(COLUMNS[table.sort].by, descending=table.falls, nulls_last=True), "-pk")
    else:
        runs = runs.order_by("-pk")
    paginator: Paginator[Any] = Paginator(runs, PAGE_ROWS)
    paginator.count = length
    page = paginator.get_page(table.page)
    page.object_list = list(page.object_list)
    return page


def answers_on(team: Team, problem: Problem, hidden: HiddenRuns = NOTHING_HIDDEN) -> list[AnswerGroup]:
    """The answers that runs of a problem chose, equal ones together, the most frequent first; at most MOST_ANSWERS.
    Hidden runs are left out.

    Equal is what its checker put in one class; an answer of no class is equal to the same text."""
    chosen = Answer.objects.filter(run__team=team, run__problem=problem, number=F("run__chosen"))
    chosen = hidden.left_out(chosen, "run")
    classed = chosen.filter(class_key__isnull=False).values("class_key", "correct")
    loose = chosen.filter(class_key__isnull=True).values("text", "correct")
    groups = [
        AnswerGroup(row["some_text"], row["class_key"], row["count"], row["correct"])
        for row in classed.annotate(count=Count("run"), some_text=Min("text")).order_by("-count")[:MOST_ANSWERS]
    ]
    groups += [
        AnswerGroup(row["text"], None, row["count"], row["correct"])
        for row in loose.annotate(count=Count("run")).order_by("-count")[:MOST_ANSWERS]
    ]
    return sorted(groups, key=lambda one: (-one.count, one.text))[:MOST_ANSWERS]
