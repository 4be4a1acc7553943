"""The tree page: the frame, the problem and where the page finds its data; the tree itself comes over the API."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.runs.outcomes import outcome_of
from apps.runs.selectors import chosen_answers, forks_of, neighbours_of, run_in_full

MOST_FORKS = 20


@require_safe
@team_page("look")
def run(request: TeamRequest, team: Team, *, run: int, number: int = 0) -> HttpResponse:
    """One run's tree, with step `number` selected where it is not 0."""
    found = run_in_full(team, run)
    if found is None or number > found.step_count:
        raise Http404
    address = {"team": team.slug, "run": found.pk}
    before, after = neighbours_of(found)
    places = {
        "tree": reverse("trees_api:run_tree", kwargs=address),
        "steps": reverse("trees_api:run_steps", kwargs=address),
        "labels": reverse("labels_api:run_labels", kwargs=address),
        "page": reverse("trees:run", kwargs=address),
    }
    return render(
        request,
        "trees/run.html",
        {
            "team": team,
            "run": found,
            "outcome": outcome_of(found),
            "answer": chosen_answers([found]).get(found.pk),
            "places": places,
            "number": number,
            "before": before,
            "after": after,
            "forks": forks_of(found)[:MOST_FORKS],
            "may_label": may(request.user, "label", team),
        },
    )
