"""The page on which all disputes of a queue are settled by a rule: a preview first; every address is checked by the
gate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.labels.models import LabelQueue
from apps.labels.settling_forms import RuleForm
from apps.labels.settling_rules import Outcome, Rule, outcome_of, seniors_of, settle_by
from apps.labels.verdicts import VERDICTS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("settle")
@limited("settle-by-rule", "20/m")
def settle_by_rule(request: TeamRequest, team: Team, *, queue: int) -> HttpResponse:
    """The rule's form; asked with a rule what it would come to; by POST, with the count that the preview said, it is
    done."""
    found = get_object_or_404(LabelQueue, team=team, pk=queue)
    seniors = seniors_of(found)
    if request.method == "POST":
        return _settled(request, team, found, RuleForm(request.POST, seniors))
    form = RuleForm(request.GET or None, seniors)
    outcome = outcome_of(team, _rule(found, form)) if form.is_bound and form.is_valid() else None
    return _page(request, found, form, outcome, status=400 if form.errors else 200)


def _settled(request: TeamRequest, team: Team, queue: LabelQueue, form: RuleForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, queue, form, None, status=400)
    rule, expected = _rule(queue, form), form.cleaned_data["expected"]
    by = labeller_of(team, request.user)
    try:
        if expected is None:
            raise Refused("Expected the number of steps that the preview said; found none. Look at the preview first.")
        count = settle_by(team=team, by=by, rule=rule, reason=form.cleaned_data["reason"], expected=expected)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, queue, form, outcome_of(team, rule), status=refused.status)
    messages.success(request, f"{count:,} step{'' if count == 1 else 's'} settled.")
    return redirect(f"{reverse('labelling:settling', kwargs={'team': team.slug})}?queue={queue.pk}")


def _rule(queue: LabelQueue, form: RuleForm) -> Rule:
    given = form.cleaned_data
    if given["rule"] == "senior":
        return Rule(queue, senior=given["senior"])
    return Rule(queue, least=given["least"], of=given["of"])


def _page(
    request: TeamRequest, queue: LabelQueue, form: RuleForm, outcome: Outcome | None, *, status: int
) -> HttpResponse:
    counts = [(VERDICTS[key], count) for key, count in outcome.counts.items()] if outcome else []
    shown = {"queue": queue, "form": form, "outcome": outcome, "counts": counts}
    return render(request, "labels/settle_by_rule.html", shown, status=status)
