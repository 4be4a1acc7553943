"""The page that launches an experiment; all it shows comes from its address, so that a prepared form is a link.

It decides nothing about what may be launched: the service does, in the words that stand beside the fields.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.templatetags.format import as_typed
from apps.common.throttles import API_RATES, limited
from apps.problems.models import ProblemSet
from apps.runs.estimate import Estimate, estimate
from apps.runs.forms import LaunchForm
from apps.runs.launch_reading import (
    OWN_NAMES,
    Reading,
    differences,
    parameter_names,
    problem_sets_of,
    read_launch,
    settings_of,
    typed_of,
)
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment
from apps.runs.selectors import experiments_of
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.registry import Entry
from workers.search.strategies import STRATEGIES

LAUNCHES = API_RATES["launch"]
SENT_BY_THE_PAGE = ("key", "csrfmiddlewaretoken")
EVERY_PARAMETER = frozenset(name for entry in STRATEGIES for name in parameter_names(entry))


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset of the strategy as its button says it: what it fills in, and whether that is what stands there."""

    name: str
    fills: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the page is about. notices: what of the address was left out, and why."""

    typed: dict[str, str]
    given: frozenset[str]
    original: Experiment | None
    notices: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("launch")
@limited("launch", LAUNCHES)
def new(request: TeamRequest, team: Team) -> HttpResponse:
    """The form; sent by POST it launches and goes to the experiment, or says beside the fields what is wrong."""
    sets = problem_sets_of(team)
    prepared = _prepared(team, request.POST if request.method == "POST" else request.GET, sets)
    reading = read_launch(sets, prepared.typed)
    if request.method != "POST":
        return _page(request, team, prepared, reading, sets, show=prepared.given)
    if not reading.errors:
        try:
            launched = launch_experiment(
                team=team, created_by=request.user, key=request.GET.get("key", ""), **settings_of(reading)
            )
        except Refused as refused:
            prepared.notices.append(refused.message)
        else:
            messages.success(request, f"{launched.name} is launched.")
            return redirect("runs:experiment", team=team.slug, experiment=launched.pk)
    return _page(request, team, prepared, reading, sets, show=frozenset(reading.errors), status=400)


def _prepared(team: Team, given: QueryDict, sets: list[ProblemSet]) -> Prepared:
    """What was given, over what an original was launched with, over what a form begins with."""
    original = _original(team, given.get("from", ""))
    typed = {"strategy": STRATEGIES.keys()[0], "problems": sets[0].slug if len(sets) == 1 else ""}
    if original is not None:
        typed |= typed_of(original)
    typed |= {name: text for name, text in given.items() if isinstance(text, str)}
    strategy = STRATEGIES.get(typed["strategy"]) if typed["strategy"] in STRATEGIES else None
    own = {*OWN_NAMES, *(parameter_names(strategy) if strategy else EVERY_PARAMETER)}
    notices = _left_out(given, own, strategy)
    if strategy is not None:
        notices += _fill(typed, strategy, given.get("preset", ""))
    kept = {name: text for name, text in typed.items() if name in own}
    return Prepared(kept, frozenset(name for name in given if given.get(name)), original, notices)


def _original(team: Team, wanted: str) -> Experiment | None:
    """The search that is to be launched again with changes. Raises Http404 where the team has no such one."""
    if not wanted:
        return None
    searches = experiments_of(team).filter(kind=Experiment.Kind.SEARCH)
    return get_object_or_404(searches, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 18 else None)


def _left_out(given: QueryDict, own: set[str], strategy: Entry[Any] | None) -> list[str]:
    """What of the address goes nowhere. A parameter that only another strategy has is what changing it leaves over."""
    known = {*own, *SENT_BY_THE_PAGE, "from", "preset"}
    others = [name for name in given if name not in known and name in EVERY_PARAMETER]
    unknown = [f"{name:.60}" for name in given if name not in known and name not in EVERY_PARAMETER]
    notices = []
    if others and strategy is not None:
        notices.append(f"Left out, because {strategy.label} does not have it: {', '.join(others)}.")
    if unknown:
        notices.append(f"Left out of the address: {', '.join(unknown[:20])}. Known: {', '.join(sorted(own))}.")
    if twice := [name for name in given if name in own and len(given.getlist(name)) > 1]:
        notices.append(f"Given more than once, the last counts: {', '.join(twice)}.")
    return notices


def _fill(typed: dict[str, str], strategy: Entry[Any], preset: str) -> list[str]:
    """Put in the strategy's defaults where nothing is typed, and what the preset says over what is."""
    for option in dataclasses.fields(strategy.params):
        typed.setdefault(option.name, as_typed(option.default))
    presets = _presets_of(strategy)
    if preset and preset not in presets:
        return [f"Unknown preset {preset!r:.60}. Known: {', '.join(presets) or 'none'}."]
    typed.update({name: as_typed(value) for name, value in presets.get(preset, {}).items()})
    return []


def _presets_of(strategy: Entry[Any]) -> Mapping[str, Mapping[str, Any]]:
    """Presets that fill something in; of a single branch effort has no meaning."""
    presets: Mapping[str, Mapping[str, Any]] = getattr(strategy.params, "PRESETS", {})
    return {name: fills for name, fills in presets.items() if fills}


def _page(
    request: TeamRequest,
    team: Team,
    prepared: Prepared,
    reading: Reading,
    sets: list[ProblemSet],
    *,
    show: frozenset[str],
    status: int = 200,
) -> HttpResponse:
    told = _estimate(team, reading)
    context = {
        "team": team,
        "form": LaunchForm(reading, prepared.typed, sets, show),
        "reading": reading,
        "engines": list(ENGINES),
        "scorers": list(SCORERS),
        "to_settle": _to_settle(reading),
        "sets": sets,
        "presets": _presets(reading),
        "notices": prepared.notices,
        "original": prepared.original,
        "differences": differences(prepared.original, reading, prepared.typed) if prepared.original else [],
        "estimate": told,
        "total_tokens": told and reading.problems and told.total_tokens(reading.problems),
        "total_seconds": told and reading.problems and told.total_seconds(reading.problems),
        "key": secrets.token_urlsafe(16),
    }
    answer = render(request, "runs/launch.html", context, status=status)
    answer["HX-Replace-Url"] = _address(team, prepared)
    return answer


def _presets(reading: Reading) -> list[Preset]:
    found = []
    for name, fills in _presets_of(reading.strategy).items():
        said = ", ".join(f"{key} {as_typed(value)}" for key, value in fills.items())
        found.append(Preset(name, said, all(reading.values.get(key) == value for key, value in fills.items())))
    return found


def _to_settle(reading: Reading) -> list[tuple[str, str]]:
    """(name as the form says it, sentence) for what stands in the way of a launch."""
    return [(name.replace("_", " ").capitalize(), sentence) for name, sentence in reading.errors.items()]


def _estimate(team: Team, reading: Reading) -> Estimate | None:
    if not reading.can_say_what_it_costs():
        return None
    return estimate(
        team,
        strategy=reading.strategy.key,
        version=reading.strategy.version,
        engine=reading.values["engine"],
        scorer=reading.values["scorer"],
        parameters=reading.parameters,
        budget=reading.budget,
    )


def _address(team: Team, prepared: Prepared) -> str:
    """The address of the form as it stands, without what is empty."""
    typed = {name: text for name, text in prepared.typed.items() if text}
    if prepared.original is not None:
        typed = {"from": str(prepared.original.pk), **typed}
    return f"{reverse('runs:new', kwargs={'team': team.slug})}?{urlencode(typed, errors='replace')}"
