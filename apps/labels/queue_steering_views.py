"""What the buttons of a queue's page do: its state, people, settings and known tasks; each says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.accounts.team_forms import RefusableForm
from apps.common.errors import Refused
from apps.labels.gold_making import known_from_lines, known_from_settled, known_from_turn, remove_known
from apps.labels.models import LabelQueue
from apps.labels.queue_forms import KnownForm, MemberForm, RateForm, SettingsForm, StateForm
from apps.labels.queue_plan import READERS, read_rate
from apps.labels.queue_reading import Unread, refusal_of
from apps.labels.queue_steering import change_queue, change_queue_state, change_rate, place_member, remove_member
from apps.labels.queue_views import queue_or_404

SAID = {"active": "goes on", "paused": "is paused", "closed": "is closed"}


@require_POST
@team_page("assign")
def queue_state(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """Pause, go on, close or open again."""
    found = queue_or_404(team, queue)

    def change(given: dict[str, Any]) -> str:
        changed = change_queue_state(found, request.user, given["state"], given["reason"])
        return f"{changed.name} {SAID[changed.state]}."

    return _done(request, found, StateForm(request.POST), change)


@require_POST
@team_page("assign")
def queue_members(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """Give a person a place, another state in it, or take it away."""
    found = queue_or_404(team, queue)

    def change(given: dict[str, Any]) -> str:
        if given["state"] == "remove":
            remove_member(found, request.user, given["user"], given["reason"])
            return f"They have no place in {found.name} any more. What they judged stays."
        member = place_member(found, request.user, given["user"], given["state"], given["reason"])
        return f"{member.user}: {member.get_state_display().lower()}."

    return _done(request, found, MemberForm(request.POST), change)


@require_POST
@team_page("assign")
def queue_settings(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """Change money, guideline, the share of gold and the mark of screening."""
    found = queue_or_404(team, queue)

    def change(given: dict[str, Any]) -> str:
        sent = {name: value for name, value in given.items() if name in request.POST}
        change_queue(found, request.user, **_read_settings(sent))
        return "The settings are stored."

    return _done(request, found, SettingsForm(request.POST), change)


@require_POST
@team_page("assign")
def make_gold(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """Make known tasks of a turn, of settled steps or of lines, or take one away."""
    found = queue_or_404(team, queue)

    def change(given: dict[str, Any]) -> str:
        kind = given["kind"]
        if given["remove"]:
            remove_known(found, given["remove"])
            return "The known task is taken out of the queue."
        if given["turn"]:
            known_from_turn(found, request.user, kind, given["turn"])
            return f"Your turn is {kind} now."
        if given["run"] and given["number"]:
            known_from_settled(found, request.user, kind, given["run"], given["number"])
            return f"The branch to step {given['number']} of run {given['run']} is {kind} now."
        return f"{len(known_from_lines(found, request.user, kind, given['lines']))} tasks are {kind} now."

    return _done(request, found, KnownForm(request.POST), change, page="labelling:queue_gold")


@require_POST
@team_page("assign")
def queue_rate(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """Give a person a rate of their own, or with an empty one the queue's again."""
    found = queue_or_404(team, queue)

    def change(given: dict[str, Any]) -> str:
        typed = given["hourly_rate"].strip()
        try:
            rate = read_rate(typed) if typed else None
        except Unread as why:
            raise refusal_of({"hourly_rate": str(why)}, "bad-rate") from why
        member = change_rate(found, request.user, given["user"], rate)
        return f"The rate of {member.user} is stored."

    return _done(request, found, RateForm(request.POST), change)


def _read_settings(given: dict[str, Any]) -> dict[str, Any]:
    """The settings that were sent, empty ones at their defaults. Raises Refused with a sentence a field."""
    defaults: dict[str, Any] = {
        "hourly_rate": None, "currency": "", "guideline": None, "gold_share": 0.0, "screening_pass": None,
    }  # fmt: skip
    read = {name: defaults[name] for name in given}
    wrong = {}
    for name in read:
        if given[name].strip():
            try:
                read[name] = READERS[name](given[name].strip())
            except Unread as why:
                wrong[name] = str(why)
    if wrong:
        raise refusal_of(wrong, "bad-settings")
    return read


def _done(
    request: TeamRequest,
    found: LabelQueue,
    form: RefusableForm,
    change: Callable[[dict[str, Any]], str],
    *,
    page: str = "labelling:queue",
) -> HttpResponse:
    """Do what the form asks for and go back to the page, which says what came of it."""
    if not form.is_valid():
        said = [f"{name}: {text}" if name != "__all__" else text for name, ones in form.errors.items() for text in ones]
        messages.error(request, " ".join(str(one) for one in said))
    else:
        try:
            messages.success(request, change(form.cleaned_data))
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect(page, team=request.team.slug, queue=found.pk)
