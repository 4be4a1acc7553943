"""The tree page: the frame, the problem and where the page finds its data; the tree itself comes over the API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.labels.records import is_record
from apps.runs.models import Run
from apps.runs.neighbours import neighbours_of
from apps.runs.outcomes import outcome_of
from apps.runs.run_table import RunTable, read_run_table
from apps.runs.selectors import chosen_answers, forks_of, run_in_full
from apps.trees.beside import others_of

MOST_FORKS = 20
MOST_OTHERS = 12


# Of all it names only the page itself is not kept compressed. What must not be guessed by its size, the CSRF token, is
# masked anew in every answer.
@gzip_page
@require_safe
@team_page("look")
def run(request: TeamRequest, team: Team, *, run: int, number: int = 0) -> HttpResponse:
    """One run's tree, with step `number` selected where it is not 0."""
    found = run_in_full(team, run)
    if found is None or number > found.step_count:
        raise Http404
    table = table_of(request)
    before, after = neighbours_of(found, table)
    return render(
        request,
        "trees/run.html",
        {
            **facts_of(team, found),
            "places": places_of(team, found),
            "number": number,
            "before": before,
            "after": after,
            "from_query": f"?{urlencode({'from': table.query})}" if table.query else "",
            "table_query": table.query,
            "forks": forks_of(found, request.hidden)[:MOST_FORKS],
            "others": others_of(team, found, MOST_OTHERS, request.hidden),
            "may_label": may(request.user, "label", team),
        },
    )


@require_safe
@team_page("look")
def run_facts(request: TeamRequest, team: Team, *, run: int) -> HttpResponse:
    """What a run's page says of the whole run, as a fragment: its facts, its notice, the words of an empty tree."""
    found = run_in_full(team, run)
    if found is None:
        raise Http404
    answer = render(request, "trees/_run_facts.html", facts_of(team, found))
    answer["Cache-Control"] = "private, no-store"
    return answer


def facts_of(team: Team, run: Run) -> dict[str, Any]:
    """What the parts of the page that change while a run is played are rendered from."""
    answer = chosen_answers([run]).get(run.pk)
    return {"team": team, "run": run, "outcome": outcome_of(run), "answer": answer, "has_record": is_record(run)}


def table_of(request: TeamRequest) -> RunTable:
    """The table of runs that the reader came from, as `from` of the address holds it; one that cannot be read, as it
    was cut off or is older than this page, counts as none."""
    try:
        return read_run_table(QueryDict(request.GET.get("from", "")), request.hidden)
    except Refused:
        return RunTable(hidden=request.hidden)


def places_of(team: Team, run: Run) -> dict[str, str]:
    """The addresses at which the page finds its data, by the name of the data attribute that carries each."""
    address = {"team": team.slug, "run": run.pk}
    page = reverse("trees:run", kwargs=address)
    return {
        "tree": reverse("trees_api:run_tree", kwargs=address),
        "steps": reverse("trees_api:run_steps", kwargs=address),
        "find": reverse("trees_api:run_search", kwargs=address),
        "events": reverse("trees_api:run_events", kwargs=address),
        "labels": reverse("labels_api:run_labels", kwargs=address),
        "overlays": reverse("trees_api:run_overlays", kwargs=address),
        "visits": reverse("trees_api:run_visits", kwargs=address),
        "run-page": page,
        "facts": reverse("trees:run_facts", kwargs=address),
        "fork": reverse("runs:fork", kwargs=address),
        "beside": reverse("trees:beside", kwargs={**address, "other": run.pk}),
        "socket": f"/ws/t/{team.slug}/runs/{run.pk}",
        "run-id": str(run.pk),
        "discussions": reverse("discussions:preview", args=[team.slug]).removesuffix("preview/"),
        "discussions-api": reverse("discussions_api:people", args=[team.slug]).removesuffix("people"),
        "comments": reverse("trees_api:run_comments", kwargs=address),
        "comments-socket": f"/ws/t/{team.slug}/runs/{run.pk}/comments",
        "sign-in": f"{reverse('accounts:sign_in')}?{urlencode({'next': page})}",
    }
