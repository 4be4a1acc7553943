"""The pages of quality: agreement with the steps behind it, and one person's labels; what they show of others is for
who assigns."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts.access import may
from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Labeller, Team
from apps.labels.models import LabelQueue
from apps.labels.quality import Quality, difficulties_of, difficulty_named, quality_of
from apps.labels.quality_asking import OF_STEPS, WORDS, question_of, refuse_unknown
from apps.labels.quality_gold import Gold, gold_of, screenings_of
from apps.labels.quality_people import Person, came_with, person_of
from apps.labels.quality_plots import Plot, drift_plot
from apps.labels.quality_rows import Asked, current_labels_of, runs_of
from apps.labels.quality_steps import steps_of
from apps.labels.quality_tables import confusion_table, pair_table

MOST_QUEUES, MOST_EXPERIMENTS = 200, 5


@require_safe
@team_page("assign")
def quality(request: TeamRequest, team: Team) -> HttpResponse:
    """How far the team's labels can be trusted, narrowed to what the address asks for."""
    question = question_of(team, request.GET)
    found = quality_of(team, question.asked)
    people = Labeller.objects.select_related("user").in_bulk(found.pairs.raters.tolist())
    page = _page(request.GET.get("page", ""))
    context: dict[str, Any] = {
        "found": found,
        "figures": _figures(found),
        "given": question.given,
        "narrow": urlencode({name: value for name, value in question.given.items() if name not in OF_STEPS}),
        "pairs": pair_table(found.pairs, people),
        "confusion": confusion_table(found.pairs, people, question.steps),
        "steps": steps_of(team, found.labels, question.steps, page),
        "page": page,
        "tables": [("queue", found.queues), ("strategy", found.strategies), ("difficulty", found.difficulties)],
        **_choices(team),
    }
    tail = urlencode(question.given)
    context |= {"next": page + 1, "previous": page - 1, "tail": f"{tail}&" if tail else ""}
    return render(request, "labels/quality.html", context)


@require_safe
@team_page("label")
def labeller(request: TeamRequest, team: Team, *, labeller: int) -> HttpResponse:
    """One person's labels. Of their own, who may not assign sees counts and speed; of others nothing."""
    refuse_unknown(request.GET, ())
    may_assign = may(request.user, "assign", team)
    person = get_object_or_404(Labeller.objects.select_related("user"), team=team, pk=labeller)
    if not may_assign and person.user_id != request.user.pk:
        raise PermissionDenied("This page shows somebody else's labels, which are for who assigns.")
    found = person_of(team, person, current_labels_of(team, Asked()))
    context: dict[str, Any] = {"person": person, "found": found, "may_assign": may_assign}
    if person.user_id is None:
        origins = came_with(person, MOST_EXPERIMENTS + 1)
        context |= {"origins": origins[:MOST_EXPERIMENTS], "more_origins": len(origins) > MOST_EXPERIMENTS}
    if may_assign:
        gold = gold_of(team, person, found.blocks)
        context |= {"gold": gold, "screenings": screenings_of(team, person), "plots": _plots(found, gold)}
        context["periods"] = list(zip(found.blocks, gold.drift, strict=True))
    return render(request, "labels/quality_labeller.html", context)


def _plots(found: Person, gold: Gold) -> list[tuple[str, Plot]]:
    """What drifts, in words, and its plot; what makes no line is left out."""
    plots = [
        ("Share alike with others", drift_plot([block.agreeing for block in found.blocks])),
        ("Share right on gold", drift_plot(gold.drift)),
    ]
    return [(words, plot) for words, plot in plots if plot]


def _figures(found: Quality) -> list[tuple[str, Any, str]]:
    """Name, estimate and what it is, of the strip at the head."""
    agreement = found.agreement
    return [
        ("Alpha, by order", agreement.ordinal, "Krippendorff; bad, neutral, good; unsure is no verdict"),
        ("Alpha, by name", agreement.nominal, "Krippendorff; unsure is a verdict like the others"),
        ("Fleiss' kappa", agreement.fleiss, _fleiss_words(found)),
        ("Alike", agreement.percent, "share of pairs of verdicts on one step that are alike"),
        ("Same first error", found.first_errors.exact, "share of pairs of people on one branch"),
        ("Within one step", found.first_errors.within_one, "the same first error, or one beside it"),
    ]


def _fleiss_words(found: Quality) -> str:
    agreement = found.agreement
    if not agreement.ratings:
        return "needs steps with two verdicts or more"
    return f"steps with {agreement.ratings} verdicts; {agreement.left_out:,} with another number are left out"


def _choices(team: Team) -> dict[str, Any]:
    """What the page can be narrowed to."""
    bounds = difficulties_of(runs_of(team))
    return {
        "queues": LabelQueue.objects.filter(team=team).order_by("-pk").values_list("pk", "name")[:MOST_QUEUES],
        "strategies": team.experiments.order_by("strategy").values_list("strategy", flat=True).distinct(),
        "difficulties": [(f"{low:g}~{high:g}", difficulty_named(low, high)) for low, high in bounds],
        "scores": WORDS.items(),
    }


def _page(value: str) -> int:
    """The page asked for, the first for what is none."""
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 7 else 1
