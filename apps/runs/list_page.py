"""The list of a team's experiments as its address asks for it; it changes nothing."""

from __future__ import annotations

from dataclasses import replace

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.access import ALLOWED
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.hiding import NOTHING_HIDDEN, HiddenRuns
from apps.accounts.models import Role, Team
from apps.common.errors import Refused
from apps.runs.experiment_table import COLUMNS, KINDS, STATES, ExperimentTable, read_experiment_table
from apps.runs.models import Experiment
from apps.runs.selectors import figures_of
from apps.runs.table_links import Chip, Head

PAGE_ROWS = 50
LABELS = {"name": "experiment", "problems": "problems", "strategy": "strategy", "engine": "engine · scorer"}


@require_safe
@team_page("look")
def experiments(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's experiments with how far they are and how well they did; where the address asks what nobody knows,
    the page says so (400) and shows what it shows without being asked."""
    table, refusal = ExperimentTable(), ""
    try:
        table = read_experiment_table(request.GET)
    except Refused as refused:
        refusal = refused.message
    counts = table.kind_counts(team)
    page = page_of_experiments(team, table, sum(counts[kind] for kind in table.kinds), request.hidden)
    shown = list(page)
    figures = figures_of(shown, request.hidden)
    first_page = replace(table, page=1)
    context = {
        "team": team,
        "table": table,
        "refusal": refusal,
        "page": page,
        "rows": [(experiment, figures[experiment.pk]) for experiment in shown],
        "refreshes": any(not one.is_over for one in figures.values()),
        "kinds": [
            Chip(words, counts[key], key in table.kinds, table.with_kind(key).query) for key, words in KINDS.items()
        ],
        "states": [Chip(key, None, key in table.states, table.with_state(key).query) for key in STATES],
        "heads": {key: _head(table, key) for key in COLUMNS},
        "has_none": not table.is_filtered and not sum(counts.values()),
        "may_launch": "launch" in ALLOWED[Role(request.role)],
        "query_tail": f"&{first_page.query}" if first_page.query else "",
    }
    return render(request, "runs/experiments.html", context, status=400 if refusal else 200)


def page_of_experiments(
    team: Team, table: ExperimentTable, length: int, hidden: HiddenRuns = NOTHING_HIDDEN
) -> Page[Experiment]:
    """The page that is asked for, or the last where there are fewer; `length` is the number of all rows."""
    paginator = Paginator(table.of(team, hidden), PAGE_ROWS)
    # Counted with the kinds already: the paginator would count them again.
    paginator.count = length
    return paginator.get_page(table.page)


def _head(table: ExperimentTable, key: str) -> Head:
    orders = {key: "ascending", f"-{key}": "descending"}
    return Head(LABELS.get(key, key), table.sorted_by(key).query, orders.get(table.sort, ""))
