"""The page of one experiment: what it is, how far, how well, and its runs as the address asks; it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.access import ALLOWED
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Role, Team
from apps.common.errors import Refused
from apps.runs.accuracy_series import accuracy_series, plot_of
from apps.runs.models import Answer, Experiment, Run
from apps.runs.outcomes import OUTCOMES, Outcome, outcome_of
from apps.runs.progress import progress_of
from apps.runs.run_table import COLUMNS, RunTable, read_run_table
from apps.runs.selectors import (
    chosen_answers,
    experiments_of,
    figures_of,
    hidden_in,
    origin_of,
    outcome_counts,
    page_of_runs,
)
from apps.runs.states import RunStatus
from apps.runs.table_links import Chip, Head


@dataclass(frozen=True, slots=True)
class Row:
    """A run as the table shows it. below_best: how much the chosen score falls short of the best one; seconds: from
    its first claim to its end, or until now."""

    run: Run
    outcome: Outcome
    answer: Answer | None
    below_best: float | None
    seconds: float | None


@require_safe
@team_page("look")
def experiment(request: TeamRequest, team: Team, *, experiment: int) -> HttpResponse:
    """One experiment with its figures and runs; where the address asks what nobody knows, the page says so (400) and
    shows all runs."""
    found = get_object_or_404(experiments_of(team), pk=experiment)
    table, refusal = RunTable(hidden=request.hidden), ""
    try:
        table = read_run_table(request.GET, request.hidden)
    except Refused as refused:
        refusal = refused.message
    figures = figures_of([found], request.hidden)[found.pk]
    may_launch = "launch" in ALLOWED[Role(request.role)]
    context = {
        "team": team,
        "experiment": found,
        "figures": figures,
        "progress": progress_of(found, figures, timezone.now()),
        "plot": plot_of(accuracy_series(found, figures)) if _is_played(found) and not figures.is_withheld else None,
        "origin": origin_of(found),
        "refusal": refusal,
        "hidden_count": hidden_in(found, request.hidden) if figures.is_withheld else 0,
        "steers": may_launch and not figures.is_over,
        "may_launch": may_launch,
        **_runs(found, table),
    }
    return render(request, "runs/experiment.html", context, status=400 if refusal else 200)


def _is_played(experiment: Experiment) -> bool:
    return experiment.kind != Experiment.Kind.IMPORTED


def _runs(experiment: Experiment, table: RunTable) -> dict[str, object]:
    counts = outcome_counts(experiment, table)
    length = sum(counts.get(key, 0) for key in table.outcomes or counts)
    page = page_of_runs(experiment, table, length)
    runs: list[Run] = list(page)
    answers, now = chosen_answers(runs), timezone.now()
    first_page = replace(table, page=1)
    return {
        "table": table,
        "chips": _chips(table, counts),
        "heads": {key: _head(table, key) for key in COLUMNS},
        "page": page,
        "rows": [_row(run, answers.get(run.pk), now) for run in runs],
        "query_tail": f"&{first_page.query}" if first_page.query else "",
        "from_query": f"?{urlencode({'from': table.query})}" if table.query else "",
        "all_query": replace(first_page, outcomes=()).query,
        "all_count": sum(counts.values()),
        "sort_value": f"-{table.sort}" if table.falls else table.sort,
    }


def _row(run: Run, answer: Answer | None, now: datetime) -> Row:
    until = now if run.status == RunStatus.RUNNING else run.ended_at
    return Row(
        run=run,
        outcome=outcome_of(run),
        answer=answer,
        below_best=None if run.best_score is None or run.chosen_score is None else run.best_score - run.chosen_score,
        seconds=(until - run.started_at).total_seconds() if until and run.started_at else None,
    )


def _chips(table: RunTable, counts: Mapping[str, int]) -> list[Chip]:
    return [
        Chip(words, counts.get(key, 0), key in table.outcomes, table.with_outcome(key).query)
        for key, (words, _) in OUTCOMES.items()
        if key in counts or key in table.outcomes
    ]


def _head(table: RunTable, key: str) -> Head:
    order = ("descending" if table.falls else "ascending") if table.sort == key else ""
    return Head(COLUMNS[key].label, table.sorted_by(key).query, order)
