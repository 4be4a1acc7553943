"""The page of two branches side by side: of one run or of two, of one problem or of two; texts are aligned in the page.

It writes nothing, and compares no figures of experiments.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.runs.models import Answer, Run
from apps.runs.outcomes import Outcome, outcome_of
from apps.runs.selectors import chosen_answers, run_in_full
from apps.trees.asked import whole_number
from apps.trees.beside import WhyLost, others_of, why_lost
from apps.trees.views import places_of

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. step: the branch through it is shown, 0 where the page is to find one; places: where its data
    is, by the name of the data attribute."""

    key: str
    run: Run
    step: int
    outcome: Outcome
    answer: Answer | None
    places: dict[str, str]


@require_safe
@team_page("look")
def beside(request: TeamRequest, team: Team, *, run: int, other: int) -> HttpResponse:
    """A branch of a run beside one of another run or of the same; `left` and `right` name a step of each.

    Without them: what was chosen in each, of one run what was chosen beside the best right answer. 404 for a run that
    is not the team's and for a step that is not there."""
    runs = [run_in_full(team, run)]
    runs.append(runs[0] if other == run else run_in_full(team, other))
    left, right = runs
    if left is None or right is None:
        raise Http404
    given = _steps_given(request, left, right)
    lost = why_lost(left) if left.pk == right.pk else None
    steps = _steps_shown(given, left, right, lost)
    answers = chosen_answers([left, right])
    sides = [
        Side(key, its, step, outcome_of(its), answers.get(its.pk), places_of(team, its))
        for key, its, step in zip(SIDES, (left, right), steps, strict=True)
    ]
    about_choice = left.pk == right.pk and (not given or (lost is not None and steps == (lost.chosen, lost.right)))
    context = {
        "team": team,
        "sides": sides,
        "left": left,
        "right": right,
        "is_one_run": left.pk == right.pk,
        "is_one_problem": left.problem.digest == right.problem.digest,
        "others": others_of(team, left, hidden=request.hidden),
        "about_choice": about_choice,
        "lost": lost if about_choice else None,
    }
    return render(request, "trees/beside.html", context)


def _steps_given(request: TeamRequest, left: Run, right: Run) -> dict[str, int]:
    """The steps that the address names, by side. Raises Refused for anything else that it names."""
    if unknown := sorted(set(request.GET) - {*SIDES}):
        sentence = f"Unknown parameter {unknown[0][:40]!r} of a comparison. Known: {', '.join(SIDES)}."
        raise Refused(sentence, code="bad-query")
    given = {}
    for key, its in zip(SIDES, (left, right), strict=True):
        if key not in request.GET:
            continue
        given[key] = number = whole_number(key, request.GET[key], "the number of a step such as 37")
        if not 1 <= number <= its.step_count:
            known = f"1 to {its.step_count:,}" if its.step_count else "none yet"
            raise Refused(f"Run {its.pk} has no step {number}; its steps: {known}.", code="unknown-step", status=404)
    return given


def _steps_shown(given: dict[str, int], left: Run, right: Run, lost: WhyLost | None) -> tuple[int, int]:
    """The steps to show, 0 where the page is to find the likeliest: only it knows what has grown meanwhile."""
    if not given and lost is not None:
        return lost.chosen, lost.right
    usual_right = 0 if left.pk == right.pk else right.chosen or 0
    return given.get("left", left.chosen or 0), given.get("right", usual_right)
