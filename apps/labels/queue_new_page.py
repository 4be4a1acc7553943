"""The page on which a queue is built: all it shows comes from its address, and it says what would come of it first."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.labels.queue_building import Outlook, build_queue, outlook_of
from apps.labels.queue_choices import Choices, choices_for, usual_guideline
from apps.labels.queue_filter import READERS as FILTER_READERS
from apps.labels.queue_forms import MODES, SENT_BY_THE_PAGE, QueueForm, plan_given
from apps.labels.queue_orders import ORDERS
from apps.labels.queue_plan import read_queue_plan

# label: what it fills in; the scorer is the team's first, if there is one.
PRESETS: dict[str, dict[str, str]] = {
    "Convincing wrong answers": {
        "mode": "phase-two", "unit": "solution", "order": "convincing-wrong", "answer": "wrong", "per_problem": "3",
    },
    "Every step, random": {"mode": "every-step", "unit": "solution", "order": "random"},
    "Phase one": {"mode": "phase-one", "unit": "solution", "order": "round-robin"},
    "Phase two": {"mode": "phase-two", "unit": "solution", "order": "round-robin"},
}  # fmt: skip


class Preset(NamedTuple):
    """A link that fills the form."""

    label: str
    query: str
    is_on: bool


class _ToSettle:
    """A sentence on what stands in the way, under the field's own label; `anchor` is where it is, if it is a field."""

    def __init__(self, form: QueueForm, name: str, sentence: str) -> None:
        known = name in form.fields
        self.label = str(form[name].label) if known else name.replace("_", " ").capitalize() or "Queue"
        self.anchor = str(form[name].auto_id) if known else ""
        self.sentence = sentence


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("assign")
@limited("queues", "60/m")
def new_queue(request: TeamRequest, team: Team) -> HttpResponse:
    """The form and what would come of it; sent by POST it builds the queue, or says beside the fields what is wrong."""
    typed = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        try:
            queue = build_queue(team, request.user, key=request.GET.get("key", ""), **plan_given(typed))
        except Refused as refused:
            fields = refused.fields or {"": refused.message}
            return _page(request, team, typed, fields, show=fields, status=400)
        messages.success(request, f"{queue.name} is built.")
        return redirect("labelling:queue", team=team.slug, queue=queue.pk)
    return _page(request, team, typed, {}, show=[name for name in typed if typed.get(name)])


def _page(
    request: TeamRequest,
    team: Team,
    typed: QueryDict,
    errors: Mapping[str, str],
    *,
    show: Collection[str],
    status: int = 200,
) -> HttpResponse:
    choices = choices_for(team)
    usual, why = usual_guideline(team, choices["guideline"])
    filled = typed.copy()
    # Left out is not the same as chosen to be none, which an address says by an empty value.
    if "guideline" not in filled:
        filled["guideline"] = usual
    outlook, found = _outlook(team, filled)
    errors = {**found, **errors}
    form = QueueForm(filled, choices, errors, show, {"guideline": why})
    context = {
        "team": team,
        "form": form,
        "presets": _presets(typed, choices),
        "outlook": outlook,
        "is_narrowed": any(typed.get(name) for name in FILTER_READERS),
        "orders": ORDERS.values(),
        "to_settle": [_ToSettle(form, name, sentence) for name, sentence in errors.items()],
        "key": secrets.token_urlsafe(16),
    }
    answer = render(request, "labels/queue_new.html", context, status=status)
    address = reverse("labelling:new_queue", kwargs={"team": team.slug})
    kept = [
        (name, one)
        for name, ones in typed.lists()
        if name not in SENT_BY_THE_PAGE
        for one in ones
        if one or (name == "guideline" and usual)
    ]
    answer["HX-Replace-Url"] = f"{address}?{urlencode(kept, errors='replace')}" if kept else address
    return answer


def _outlook(team: Team, typed: QueryDict) -> tuple[Outlook | None, Mapping[str, str]]:
    """What would come of it, and a sentence a field for what stands in the way of that. A name is missed only where
    somebody tries to build: until then nobody did anything wrong."""
    given = plan_given(typed)
    try:
        plan = read_queue_plan(team, {**given, "name": str(given.get("name") or "").strip() or "unnamed"})
    except Refused as refused:
        return None, refused.fields
    return outlook_of(team, plan), {}


def _presets(typed: QueryDict, choices: Choices) -> list[Preset]:
    scorer = next((key for key, _ in choices["scorer"] if key), "")
    found = []
    for label, fills in PRESETS.items():
        filled = {**fills, **({"scorer": scorer} if ORDERS[fills["order"]].needs_scores and scorer else {})}
        is_on = all(typed.get(name, "") == value for name, value in filled.items())
        # Labellers read the name: it must not say what is known of the answers.
        found.append(Preset(label, urlencode({"name": MODES[fills["mode"]].partition(":")[0], **filled}), is_on))
    return found
