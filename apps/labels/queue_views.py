"""The list of queues, one queue with its people and tasks, and its gold; who may see what of others stands here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.labels.guidelines import guidelines_of
from apps.labels.models import LabelQueue, QueueMember
from apps.labels.queue_filter import READERS
from apps.labels.queue_forms import MODES, UNITS
from apps.labels.queue_lists import (
    PAGE_TASKS,
    STATES,
    Waiting,
    accepted_by,
    candidates_for,
    known_tasks,
    own_turns,
    people_of,
    queues_of,
    skips_of,
    tasks_after,
    waiting_for,
)
from apps.labels.queue_orders import ORDERS
from apps.labels.queue_progress import Done, done_as_told, done_of, progress_of
from apps.labels.queue_standing import standing_of
from apps.labels.queue_steering import ALLOWED_STATES
from apps.runs.models import Experiment

PAGE_QUEUES = 50
PAGE_CHANGES = 20
MOST_OFFERED = 200
MOST_DIGITS = 10
SHOWN = 40
VERBS = {LabelQueue.State.PAUSED: "Pause", LabelQueue.State.CLOSED: "Close", LabelQueue.State.ACTIVE: "Go on"}


@never_cache
@require_safe
@team_page("look")
def queues(request: TeamRequest, team: Team) -> HttpResponse:
    """The team's queues with how far they are and which wait for the reader."""
    asked = asked_of(request, "page")
    page = Paginator(queues_of(team), PAGE_QUEUES).get_page(asked.get("page"))
    ids = [queue.pk for queue in page]
    may_assign = may(request.user, "assign", team)
    done = done_of(ids) if may_assign else done_as_told(team, request.user, ids)
    may_label = may(request.user, "label", team)
    waiting = waiting_for(team, request.user, ids) if may_label else {}
    rows = [(_named(queue), done[queue.pk], waiting.get(queue.pk, Waiting())) for queue in page]
    context = {"page": page, "rows": rows, "may_assign": may_assign, "may_label": may_label}
    return render(request, "labels/queues.html", context)


@never_cache
@require_safe
@team_page("look")
def queue(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """How far a queue is; to who assigns with its people, tasks and history, to others with their own turns."""
    found = queue_or_404(team, queue)
    may_assign = may(request.user, "assign", team)
    progress = progress_of(found)
    own = progress if may_assign else progress_of(found, request.user)
    done = progress.done if may_assign else done_as_told(team, request.user, [found.pk])[found.pk]
    context: dict[str, Any] = {
        **_head(request, team, found, done),
        "progress": progress,
        "people": people_of(found, own, only=None if may_assign else request.user),
        "may_assign": may_assign,
    }
    context |= _steering(request, found) if may_assign else _own(request, found)
    return render(request, "labels/queue.html", context)


@never_cache
@require_safe
@team_page("assign")
def queue_gold(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """The known tasks of a queue, and how more are made."""
    found = queue_or_404(team, queue)
    return render(request, "labels/queue_gold.html", gold_context(request, team, found))


def gold_context(request: TeamRequest, team: Team, found: LabelQueue) -> dict[str, Any]:
    """What the page of known tasks shows."""
    tasks = known_tasks(found)
    mine = [turn for turn in own_turns(found, request.user, None) if turn.state == "submitted"][:PAGE_TASKS]
    return {"queue": _named(found), "known": tasks, "turns": mine, "may_assign": True}


def queue_or_404(team: Team, queue: int) -> LabelQueue:
    """A queue of the team. Raises Http404 for every other, as if there were none."""
    found = LabelQueue.objects.filter(team=team, pk=queue).select_related("guideline", "created_by").first()
    if found is None:
        raise Http404
    return found


def asked_of(request: TeamRequest, *numbers: str, besides: Collection[str] = ()) -> dict[str, int]:
    """The numbers that an address asks by, by name; besides: names that are read elsewhere. Raises Refused for a name
    that is not known and for what is no whole number, by name."""
    known = (*numbers, *besides)
    for name in request.GET:
        given = str(request.GET[name])
        if name not in known:
            raise Refused(f"Unknown parameter {name[:SHOWN]!r}. Known: {', '.join(known)}.", code="bad-query")
        if name in numbers and not (given.isascii() and given.isdigit() and len(given) < MOST_DIGITS):
            raise Refused(f"{name}: expected a whole number, found {given[:SHOWN]!r}.", code="bad-query")
    return {name: int(request.GET[name]) for name in numbers if name in request.GET}


def _head(request: TeamRequest, team: Team, found: LabelQueue, done: Done) -> dict[str, Any]:
    may_label = may(request.user, "label", team)
    waiting = waiting_for(team, request.user, [found.pk]).get(found.pk, Waiting()) if may_label else Waiting()
    return {
        "queue": _named(found),
        "done": done,
        "waiting": waiting,
        "standing": standing_of(found, request.user) if may_label else None,
        "order": ORDERS.get(found.order),
        "filter": _built_from(team, found.filter),
    }


def _built_from(team: Team, asked: dict[str, Any]) -> list[tuple[str, object]]:
    """A filter as people read it: experiments by their names; one query where it names any."""
    given = [(name, asked[name]) for name in READERS if name in asked]
    names = dict(Experiment.objects.filter(team=team, pk__in=asked.get("experiments", [])).values_list("pk", "name"))
    told = {"experiments": ", ".join(names.get(pk, f"{pk}, which is gone") for pk in asked.get("experiments", []))}
    return [(name.replace("_", " "), told.get(name, value)) for name, value in given]


def _steering(request: TeamRequest, found: LabelQueue) -> dict[str, Any]:
    state = request.GET.get("tasks", "all")
    if state not in STATES:
        message = f"tasks: expected one of {', '.join(STATES)}, found {state[:SHOWN]!r}."
        raise Refused(message, code="bad-query")
    after = asked_of(request, "after", besides=("tasks",)).get("after")
    tasks = tasks_after(found, state, after)
    return {
        "tasks": tasks[:PAGE_TASKS],
        "task_state": state,
        "task_states": [(key, words) for key, (words, _) in STATES.items()],
        "next_after": tasks[PAGE_TASKS - 1].position if len(tasks) > PAGE_TASKS else None,
        "after": after,
        "states": [(key, VERBS[LabelQueue.State(key)]) for key in ALLOWED_STATES[found.state]],
        "member_states": [*QueueMember.State.choices, ("remove", "Remove")],
        "skips": skips_of(found),
        "accepted": accepted_by(found),
        "guidelines": guidelines_of(found.team).filter(versions__isnull=False)[:MOST_OFFERED],
        "candidates": candidates_for(found)[:500],
        "changes": found.changes.select_related("made_by", "about").order_by("-pk")[:PAGE_CHANGES],
    }


def _own(request: TeamRequest, found: LabelQueue) -> dict[str, Any]:
    turns = own_turns(found, request.user, asked_of(request, "before").get("before"))
    more = turns[PAGE_TASKS - 1].pk if len(turns) > PAGE_TASKS else None
    return {"turns": turns[:PAGE_TASKS], "next_before": more}


def _named(found: LabelQueue) -> LabelQueue:
    found.mode_label = MODES[found.mode]  # type: ignore[attr-defined]  # for the templates
    found.unit_label = UNITS[found.unit]  # type: ignore[attr-defined]
    order = ORDERS.get(found.order)
    found.order_label = order.label if order else found.order  # type: ignore[attr-defined]
    return found
