"""Finds problems and steps of a team by what their texts say; no other team's, and no steps of a run that is played.

Steps are found by their words (words.py) and, where a term is more than one word, by their text as well. The newest
runs come first, a few steps of each, so that one run does not hide all others.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Team
from apps.common.deadlines import TookTooLong, at_most
from apps.common.errors import Refused
from apps.problems.models import Problem
from apps.runs.models import Run, StepSearch, StepText
from apps.runs.rows import storable
from apps.runs.states import ENDED, RunStatus
from apps.trees.search import MOST_TEXT, holds, holds_all
from apps.trees.words import as_tsquery, is_exact, read_terms

MOST_PROBLEMS = 20
MOST_STEPS = 51
STEPS_A_RUN = 5
MOST_SECONDS = 1.5
# One question gives so many steps. Where they are all of a few runs, older ones are asked for, so many times at most.
LOOKED_AT = 2_000
MOST_QUESTIONS = 4


@dataclass(frozen=True, slots=True)
class FoundSteps:
    """by_run: numbers of steps by the id of their run, the newest run first, STEPS_A_RUN of each at most; cut: runs
    that may have more; partial: whether there may be more runs; is_late: the search was given up before it had seen
    all."""

    by_run: dict[int, list[int]]
    cut: frozenset[int]
    partial: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class FoundProblems:
    """problems: the newest first, MOST_PROBLEMS at most; the rest as of steps."""

    problems: list[Problem]
    partial: bool
    is_late: bool


def read_query(given: str) -> list[str]:
    """The terms that are looked for; none where nothing is asked. Raises Refused for what cannot be looked for."""
    if len(given) > MOST_TEXT or given != storable(given):
        found = f"{len(given):,}" if len(given) > MOST_TEXT else "one that no text can hold"
        raise Refused(f"Expected at most {MOST_TEXT} characters to search for; found {found}.", code="bad-query")
    return read_terms(given)


def find_problems(team: Team, terms: list[str], *, most_seconds: float = MOST_SECONDS) -> FoundProblems:
    """Problems of the team that hold every term in statement or answer, case aside."""
    problems = Problem.objects.filter(problem_set__team=team).select_related("problem_set").order_by("-id")
    for term in terms:
        problems = problems.filter(Q(holds(term, "statement")) | Q(holds(term, "answer")))
    try:
        with at_most(most_seconds):
            found = list(problems[: MOST_PROBLEMS + 1])
    except TookTooLong:
        return FoundProblems([], partial=True, is_late=True)
    return FoundProblems(found[:MOST_PROBLEMS], partial=len(found) > MOST_PROBLEMS, is_late=False)


def find_steps_of(team: Team, terms: list[str], *, most_seconds: float = MOST_SECONDS) -> FoundSteps:
    """Steps of the team's ended runs that hold every term. A term without any word (words.py) finds nothing alone."""
    wanted = _with_words(team, terms)
    if wanted is None:
        return FoundSteps({}, frozenset(), partial=False, is_late=False)
    give_up_at = time.monotonic() + most_seconds
    by_run: dict[int, list[int]] = {}
    cut: set[int] = set()
    is_late, rest = False, True
    for _ in range(MOST_QUESTIONS):
        older = wanted.filter(run__lt=min(by_run)) if by_run else wanted
        rows = _until(give_up_at, older)
        is_late = rows is None
        if rows is None:
            break
        for run, number in rows:
            by_run.setdefault(run, []).append(number)
        cut |= {run for run, numbers in by_run.items() if len(numbers) > STEPS_A_RUN}
        rest = len(rows) == LOOKED_AT
        if not rest:
            break
        # The last run was broken off in its middle.
        cut.add(rows[-1][0])
        if sum(min(len(numbers), STEPS_A_RUN) for numbers in by_run.values()) >= MOST_STEPS:
            break
    shown = _shown(by_run)
    return FoundSteps(shown, frozenset(cut), rest or len(shown) < len(by_run), is_late)


def _until(give_up_at: float, steps: QuerySet[StepSearch]) -> list[tuple[int, int]] | None:
    """Run and number of the first LOOKED_AT steps; None where that takes until `give_up_at` of the monotonic clock."""
    left = give_up_at - time.monotonic()
    if left <= 0:
        return None
    try:
        with at_most(left):
            return list(steps.values_list("run_id", "number")[:LOOKED_AT])
    except TookTooLong:
        return None


def _shown(by_run: dict[int, list[int]]) -> dict[int, list[int]]:
    """As many whole runs as make MOST_STEPS, a few steps of each."""
    shown: dict[int, list[int]] = {}
    left = MOST_STEPS
    for run, numbers in by_run.items():
        some = numbers[:STEPS_A_RUN]
        left -= len(some)
        if left < 0:
            break
        shown[run] = some
    return shown


def _with_words(team: Team, terms: list[str]) -> QuerySet[StepSearch] | None:
    """The words of steps that hold the terms, the newest run first; None where no term has a word."""
    query = as_tsquery(terms)
    if not query:
        return None
    has_words: Any = Func(
        F("words"),
        Cast(Value(query), SearchQueryField()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    steps = StepSearch.objects.filter(has_words, run__team=team).order_by("-run_id", "number")
    inexact = [term for term in terms if not is_exact(term)]
    if not inexact:
        return steps
    texts = StepText.objects.filter(run=OuterRef("run"), number=OuterRef("number")).values("text")
    return steps.alias(text=Subquery(texts)).filter(holds_all(inexact))


def has_unsearched_runs(team: Team) -> bool:
    """Whether steps of the team are not found yet: their run is still played, or ended a moment ago."""
    open_ones = Q(status__in=(RunStatus.WAITING, RunStatus.RUNNING))
    runs = Run.objects.filter(open_ones | Q(status__in=ENDED, searchable=False), team=team, step_count__gt=0)
    return runs.exists()


def texts_of(found: FoundSteps) -> dict[tuple[int, int], str]:
    """The texts of the steps found, by run and number; one query."""
    wanted = Q()
    for run, numbers in found.by_run.items():
        wanted |= Q(run=run, number__in=numbers)
    rows = StepText.objects.filter(wanted) if found.by_run else StepText.objects.none()
    return {(row.run_id, row.number): row.text for row in rows}


def runs_of(team: Team, found: FoundSteps, hidden: HiddenRuns = NOTHING_HIDDEN) -> list[Run]:
    """The runs of the steps found with problem and experiment, in the same order, hidden ones left out; one query."""
    shown = hidden.left_out(Run.objects.filter(team=team)).select_related("problem__problem_set", "experiment")
    runs = shown.in_bulk(list(found.by_run))
    return [runs[pk] for pk in found.by_run if pk in runs]
