"""The page of what labels cost, and the same as a file; the rates are those of queues and people."""

from __future__ import annotations

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.labels.cost import Cost, costs_of, total_of
from apps.labels.models import LabelQueue
from apps.labels.quality_asking import refuse_unknown

COLUMNS = ("queue", "queue_name", "person", "person_name", "submitted", "skipped", "judged", "seconds", "a_step",
           "a_solution", "untimed", "unknown", "rate", "money", "currency")  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_QUEUES = 200


@require_safe
@team_page("assign")
def cost(request: TeamRequest, team: Team) -> HttpResponse:
    """What labels cost, by queue and person and in all."""
    refuse_unknown(request.GET, ("queue",))
    queue = _queue(team, request.GET.get("queue", ""))
    costs = costs_of(team, queue)
    queues = LabelQueue.objects.filter(team=team).order_by("-pk").values_list("pk", "name")[:MOST_QUEUES]
    context = {"costs": costs, "total": total_of(costs), "queues": queues, "queue": queue}
    return render(request, "labels/quality_cost.html", context)


@require_safe
@team_page("assign")
def cost_file(request: TeamRequest, team: Team) -> HttpResponse:
    """The rows of the page as CSV; times in seconds, empty where they are unknown."""
    refuse_unknown(request.GET, ("queue",))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{team.slug}-labelling-cost.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(one) for one in costs_of(team, _queue(team, request.GET.get("queue", ""))))
    return response


def _cells(cost: Cost) -> list[object]:
    """Names that a spreadsheet would take for formulas are kept from it by an apostrophe."""
    values = [getattr(cost, name) for name in COLUMNS]
    return [f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value for value in values]


def _queue(team: Team, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Refused(f"Expected the id of a queue; found {value[:50]!r}. Choose one on the page.", code="bad-queue")
    if not LabelQueue.objects.filter(team=team, pk=int(value)).exists():
        raise Http404
    return int(value)
