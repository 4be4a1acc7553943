"""Pages of problem sets, of one set's problems and of one problem with all its runs; they change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.access import ALLOWED
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Role, Team
from apps.common.errors import Refused
from apps.problems.filters import LONGEST, NO_CHECKER
from apps.problems.models import Problem, ProblemSet
from apps.problems.selectors import (
    CheckerCount,
    checkers_of,
    found_in_statements,
    problem_at,
    problem_sets_of,
    twins_of,
)
from apps.runs.models import Answer, Experiment, Run
from apps.runs.outcomes import OUTCOMES, Outcome, outcome_of
from apps.runs.problem_selectors import (
    PAGE_ROWS,
    Solved,
    answers_on,
    experiment_counts,
    outcomes_on,
    page_of_runs_on,
    solved,
)
from apps.runs.problem_table import SORTS, ProblemTable, read_problem_table, typed
from apps.runs.run_table import COLUMNS, RunTable, read_run_table
from apps.runs.selectors import chosen_answers
from apps.runs.table_links import Chip, Head
from workers.verifiers.checkers import CHECKERS

SHOWN_COLUMNS = ("outcome", "chosen", "best", "right", "tokens", "steps", "time")


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set as the list shows it."""

    problem_set: ProblemSet
    checkers: list[CheckerCount]
    experiments: int

    @property
    def problems(self) -> int:
        """How many there are."""
        return sum(one.problems for one in self.checkers)

    @property
    def answered(self) -> int:
        """How many have a reference answer."""
        return sum(one.answered for one in self.checkers)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the page of its problem shows it. seconds: from its first claim to its end; None until then."""

    run: Run
    outcome: Outcome
    answer: Answer | None
    parameters: str
    seconds: float | None


@require_safe
@team_page("look")
def sets(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's problem sets; with `q` in the address the problems whose statement holds that text."""
    wanted = request.GET.get("q", "").strip()
    refusal = ""
    if len(wanted) > LONGEST["text"] or "\0" in wanted:
        refusal, wanted = f"Expected a text of at most {LONGEST['text']} characters that a problem can hold.", ""
    page = Paginator(problem_sets_of(team), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    checkers, experiments = checkers_of(shown), experiment_counts(shown)
    context = {
        "team": team,
        "page": page,
        "rows": [SetRow(one, checkers.get(one.pk, []), experiments.get(one.pk, 0)) for one in shown],
        "wanted": wanted,
        "found": found_in_statements(team, wanted) if wanted else None,
        "refusal": refusal,
        "may_import": _may(request, "import"),
    }
    return render(request, "problems/sets.html", context, status=400 if refusal else 200)


@require_safe
@team_page("look")
def problem_set(request: TeamRequest, team: Team, *, problem_set: str) -> HttpResponse:
    """One set and its problems as the address asks; where it asks what nobody knows, the page says so (400) and shows
    all problems."""
    found = get_object_or_404(ProblemSet, team=team, slug=problem_set)
    table, refusal = ProblemTable(hidden=request.hidden), {}
    try:
        table = read_problem_table(request.GET, request.hidden)
    except Refused as refused:
        refusal = refused.fields
    page = Paginator(table.of(found), PAGE_ROWS).get_page(table.page)
    problems: list[Problem] = list(page)
    runs = solved(problems, request.hidden)
    first_page = replace(table, page=1)
    context = {
        "team": team,
        "problem_set": found,
        "set_row": SetRow(found, checkers_of([found]).get(found.pk, []), experiment_counts([found]).get(found.pk, 0)),
        "table": table,
        "page": page,
        "rows": [(one, runs.get(one.pk, Solved())) for one in problems],
        "heads": {key: _head(table, key) for key in SORTS},
        "query_tail": f"&{first_page.query}" if first_page.query else "",
        "launch_query": replace(table, page=1, sort="position", falls=False).query,
        "given": {name: typed(value) for name, value in table.wanted.as_json().items()},
        "checkers": [*((entry.key, entry.label) for entry in CHECKERS), (NO_CHECKER, "None")],
        "refusal": refusal,
        "may_import": _may(request, "import"),
        "may_launch": _may(request, "launch"),
    }
    return render(request, "problems/set.html", context, status=400 if refusal else 200)


@require_safe
@team_page("look")
def problem(request: TeamRequest, team: Team, *, problem_set: str, position: int) -> HttpResponse:
    """One problem, what its file says of it, and all its runs in whichever experiment."""
    found = problem_at(team, problem_set, position)
    if found is None:
        raise Http404
    table, refusal = RunTable(hidden=request.hidden), ""
    try:
        table = read_run_table(request.GET, request.hidden)
    except Refused as refused:
        refusal = refused.message
    context = {
        "team": team,
        "problem": found,
        "problem_set": found.problem_set,
        "is_code": "entry_point" in found.extra,
        "is_formula": found.checker == "math" and "\\" in found.answer and "$" not in found.answer,
        "extra": _extra(found.extra),
        "twins": list(twins_of(team, found)[:20]),
        "solved": solved([found], request.hidden).get(found.pk, Solved()),
        "groups": answers_on(team, found, request.hidden),
        "last": found.problem_set.problems.order_by("-position").values_list("position", flat=True).first(),
        "refusal": refusal,
        "may_launch": _may(request, "launch"),
        **_runs(team, found, table),
    }
    return render(request, "problems/problem.html", context, status=400 if refusal else 200)


def _runs(team: Team, found: Problem, table: RunTable) -> dict[str, Any]:
    counts = outcomes_on(team, found, table)
    length = sum(counts.get(key, 0) for key in table.outcomes or counts)
    page = page_of_runs_on(team, found, table, length)
    runs: list[Run] = list(page.object_list)
    answers = chosen_answers(runs)
    first_page = replace(table, page=1)
    return {
        "table": table,
        "page": page,
        "rows": [_run_row(run, answers.get(run.pk)) for run in runs],
        "chips": _chips(table, counts),
        "heads": {
            key: Head(COLUMNS[key].label, table.sorted_by(key).query, _order(table, key)) for key in SHOWN_COLUMNS
        },
        "query_tail": f"&{first_page.query}" if first_page.query else "",
        "all_query": replace(first_page, outcomes=()).query,
        "all_count": sum(counts.values()),
        "sort_value": f"-{table.sort}" if table.falls else table.sort,
    }


def _run_row(run: Run, answer: Answer | None) -> RunRow:
    experiment: Experiment = run.experiment
    parameters = ", ".join(f"{name} {value}" for name, value in experiment.parameters.items())
    ended = run.ended_at is not None and run.started_at is not None
    seconds = (run.ended_at - run.started_at).total_seconds() if ended else None  # type: ignore[operator]
    return RunRow(run, outcome_of(run), answer, parameters, seconds)


def _extra(extra: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the file says besides, in words: the longest last, because those are read on demand."""
    return sorted(((name.replace("_", " "), text) for name, text in extra.items()), key=lambda one: len(one[1]))


def _chips(table: RunTable, counts: Mapping[str, int]) -> list[Chip]:
    return [
        Chip(words, counts.get(key, 0), key in table.outcomes, table.with_outcome(key).query)
        for key, (words, _) in OUTCOMES.items()
        if key in counts or key in table.outcomes
    ]


def _head(table: ProblemTable, key: str) -> Head:
    return Head("solve rate" if key == "rate" else key, table.sorted_by(key).query, _order(table, key))


def _order(table: ProblemTable | RunTable, key: str) -> str:
    return ("descending" if table.falls else "ascending") if table.sort == key else ""


def _may(request: TeamRequest, verb: str) -> bool:
    return verb in ALLOWED[Role(request.role)]
