"""The labelling page: its frame and where it finds its data; what is to be judged comes over the API, as it decides."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team, User
from apps.labels.models import Assignment, Label, LabelQueue

LATEST = 50
"""So many of the reader's latest steps and turns in the queue tell how fast they are."""


# Of all it names only the page itself is not kept compressed. What must not be guessed by its size, the CSRF token, is
# masked anew in every answer.
@gzip_page
@never_cache
@require_safe
@team_page("label")
def label(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """The page on which the next task of a queue is judged."""
    found = LabelQueue.objects.filter(team=team, pk=queue).first()
    if found is None:
        raise Http404
    return _page(request, team, found)


@gzip_page
@never_cache
@require_safe
@team_page("label")
def assignment(request: TeamRequest, team: Team, *, assignment: int) -> HttpResponse:
    """The same page with a certain turn first: one's own, or for whoever settles anybody's."""
    turns = Assignment.objects.select_related("task__queue", "labeller").filter(task__queue__team=team)
    found = turns.filter(pk=assignment).first()
    if found is None or (found.labeller.user_id != request.user.pk and not may(request.user, "settle", team)):
        raise Http404
    return _page(request, team, found.task.queue, turn=found.pk)


def _page(request: TeamRequest, team: Team, queue: LabelQueue, turn: int | None = None) -> HttpResponse:
    places = places_of(team, queue, request.user) | {"turn": str(turn or "")}
    return render(request, "labels/label.html", {"team": team, "queue": queue, "places": places})


def places_of(team: Team, queue: LabelQueue, user: User) -> dict[str, str]:
    """The addresses and facts that the page begins with, by the name of the data attribute that carries each."""
    steps, turns = pace_of(queue, user)
    own = {"team": team.slug, "queue": queue.pk}
    return {
        "next": reverse("labels_api:next_turn", kwargs=own),
        "turns": reverse("labels_api:turn", kwargs={"team": team.slug, "assignment": 0}).removesuffix("0"),
        "page": reverse("labelling:label", kwargs=own),
        "queues": reverse("labelling:queues", kwargs={"team": team.slug}),
        "guideline": guideline_of(team, queue),
        "person": str(user.pk),
        "team": team.slug,
        "steps": json.dumps(steps),
        "turn-times": json.dumps(turns),
    }


def pace_of(queue: LabelQueue, user: User) -> tuple[list[float], list[float]]:
    """Seconds the person took lately in this queue, oldest first: a step, and a turn as a whole. Two queries."""
    turns = Assignment.objects.filter(task__queue=queue, labeller__user=user, state=Assignment.State.SUBMITTED)
    latest = list(turns.order_by("-id").values_list("pk", "seconds")[:LATEST])
    labels = Label.objects.filter(assignment__in=[turn for turn, _ in latest], seconds__isnull=False)
    steps = list(labels.exclude(verdict="").order_by("-id").values_list("seconds", flat=True)[:LATEST])
    return [seconds for seconds in reversed(steps) if seconds], [seconds for _, seconds in reversed(latest)]


def guideline_of(team: Team, queue: LabelQueue) -> str:
    """The address of the words of the queue's guideline, as a fragment; empty where the queue has none."""
    if queue.guideline_id is None:
        return ""
    own = {"team": team.slug, "guideline": queue.guideline_id}
    return f"{reverse('labelling:guideline_words', kwargs=own)}?queue={queue.pk}"
