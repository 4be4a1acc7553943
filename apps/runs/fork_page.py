"""The page that forks a run, and the fragment of it that the tree page shows in a dialog: one view, one template.

It decides nothing about what may be forked: the services do, in the words that stand beside the fields.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.common.templatetags.format import as_typed
from apps.common.throttles import limited
from apps.runs.fork_form import ForkForm
from apps.runs.fork_reading import OWN_NAMES, ForkReading, Origin, origin_of_fork, read_fork, typed_for
from apps.runs.forks import branch_run, continue_run
from apps.runs.launch_page import EVERY_PARAMETER, LAUNCHES
from apps.runs.models import Experiment, Run
from apps.runs.selectors import run_in_full
from workers.engines import ENGINES
from workers.scorers import SCORERS
from workers.search.strategies import STRATEGIES

SENT_BY_THE_FORM = frozenset({"csrfmiddlewaretoken", "key", "then", "look"})
FIELD_OF = {
    "bad_text": "text",
    "step_ended": "text",
    "unknown_seq": "seq",
    "no_whole_move": "seq",
    "nothing_new": "seed",
    "imported": "kind",
    "strategy_changed": "kind",
}


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("launch")
@limited("launch", LAUNCHES)
def fork(request: TeamRequest, team: Team, *, run: int) -> HttpResponse:
    """The form; sent by POST it forks and goes to where both stand side by side, or says beside the fields what is
    wrong. With `look` nothing is forked: the form comes back as another strategy needs it."""
    found = run_in_full(team, run)
    if found is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    _refuse_unknown(set(given))
    typed = {name: text for name, text in given.items() if isinstance(text, str)}
    origin = origin_of_fork(found, typed.get("step", ""), typed.get("seq", ""))
    prepared = _prepared(origin, typed)
    reading = read_fork(origin, prepared)
    if request.method != "POST" or "look" in typed:
        return _page(request, team, reading, prepared, show=typed.keys() | {"text"}, key=typed.get("key", ""))
    if not reading.errors and (made := _forked(request, reading, typed.get("key", ""))) is not None:
        messages.success(request, f"{made.experiment.name} is forked as run {made.pk}.")
        return redirect(_beside(team, origin, reading, made) if typed.get("then") != "tree" else _tree(team, made))
    return _page(request, team, reading, prepared, show=reading.errors.keys(), status=400)


def _forked(request: TeamRequest, fork: ForkReading, key: str) -> Run | None:
    """The fork, or None with what stands in its way among the reading's errors."""
    origin = fork.origin
    try:
        if fork.kind == "continue":
            return continue_run(origin.run, origin.seq, created_by=request.user, key=key, **fork.settings)
        return branch_run(origin.run, origin.step, created_by=request.user, key=key, **fork.settings)
    except Refused as refused:
        fork.errors.update(refused.fields or {FIELD_OF.get(refused.code, ""): refused.message})
        return None


def _refuse_unknown(given: Collection[str]) -> None:
    known = {*OWN_NAMES, *EVERY_PARAMETER, *SENT_BY_THE_FORM}
    if unknown := sorted(set(given) - known):
        sentence = f"Unknown field {unknown[0][:40]!r} of a fork. Known: {', '.join(sorted(known - SENT_BY_THE_FORM))}."
        raise Refused(sentence, code="unknown-field")


def _prepared(origin: Origin, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, over what the run was played with, over the defaults of a strategy that is another."""
    usual = typed_for(origin)
    if "kind" not in typed and "seq" in typed and "step" not in typed:
        usual["kind"] = "continue"
    strategy = typed.get("strategy", usual["strategy"])
    if strategy in STRATEGIES:
        entry = STRATEGIES.get(strategy)
        played = usual if strategy == usual["strategy"] else {}
        usual |= {
            option.name: played.get(option.name, as_typed(option.default))
            for option in dataclasses.fields(entry.params)
        }
    return {**usual, **{name: text for name, text in typed.items() if name not in SENT_BY_THE_FORM}}


def _beside(team: Team, origin: Origin, fork: ForkReading, made: Run) -> str:
    address = reverse("trees:beside", kwargs={"team": team.slug, "run": origin.run.pk, "other": made.pk})
    return f"{address}?left={origin.step}" if fork.kind == "branch" and origin.step else address


def _tree(team: Team, made: Run) -> str:
    return reverse("trees:run", kwargs={"team": team.slug, "run": made.pk})


def _page(
    request: TeamRequest,
    team: Team,
    fork: ForkReading,
    typed: Mapping[str, str],
    *,
    show: Collection[str],
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    form = ForkForm(fork, typed, show)
    beside_no_field = [sentence for name, sentence in fork.errors.items() if name not in form.fields]
    context = {
        "team": team,
        "run": fork.origin.run,
        "fork": fork,
        "origin": fork.origin,
        "form": form,
        "is_imported": fork.origin.run.experiment.kind == Experiment.Kind.IMPORTED,
        "notices": beside_no_field if status >= 400 else [],
        "engines": list(ENGINES),
        "scorers": list(SCORERS),
        # The same form sent twice is one fork; what was refused may be sent changed, and means another.
        "key": key or secrets.token_urlsafe(16),
    }
    return render(request, "runs/fork.html", context, status=status)
