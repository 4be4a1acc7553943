"""The settling pages: disputes, what is settled, and one step; every address is checked by the gate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.hiding import Hidden
from apps.accounts.models import Team
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.common.throttles import limited
from apps.labels.disputes import KINDS, Wanted, disputes_of
from apps.labels.guideline_views import checked
from apps.labels.models import LabelQueue
from apps.labels.settling import adjudicate
from apps.labels.settling_forms import DecisionForm, DisputesForm, SettledForm
from apps.labels.settling_selectors import Case, beside, case_of, open_turn_at, rows_of, settled_of, texts_of
from apps.labels.verdicts import VERDICTS
from apps.runs.models import Experiment

PAGE_ROWS = 50
QUEUES_OFFERED = 200


@never_cache
@require_safe
@team_page("settle")
def settling(request: TeamRequest, team: Team) -> HttpResponse:
    """The steps on which people differ and nobody has settled, bad against good first."""
    form = DisputesForm(request.GET)
    checked(form)
    found = disputes_of(team.pk, form.wanted, after=form.place, most=PAGE_ROWS + 1)
    rows = rows_of(team, found[:PAGE_ROWS])
    shown = {
        "rows": rows,
        "wanted": form.wanted,
        "kinds": KINDS,
        "is_first": form.place is None,
        "query": query_of(form.wanted),
        "next": after_of(form.wanted, rows[-1].dispute.place) if len(found) > PAGE_ROWS else "",
        **_filters(team, form.wanted.queue, form.wanted.experiment),
    }
    return render(request, "labels/settling.html", shown)


@never_cache
@require_safe
@team_page("settle")
def settled(request: TeamRequest, team: Team) -> HttpResponse:
    """What was settled and stands, the newest first."""
    given = checked(SettledForm(request.GET))
    found = list(settled_of(team, **given)[: PAGE_ROWS + 1])
    texts = texts_of([(one.run_id, one.number) for one in found])
    rows = [(one, VERDICTS[one.verdict], texts.get((one.run_id, one.number), "")) for one in found[:PAGE_ROWS]]
    more = {name: value for name, value in given.items() if value and name != "after"}
    shown = {"rows": rows, "is_first": not given["after"], **_filters(team, given["queue"], given["experiment"])}
    shown["next"] = urlencode({**more, "after": rows[-1][0].pk}) if len(found) > PAGE_ROWS else ""
    return render(request, "labels/settled.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@team_page("settle")
@limited("settle", "120/m")
def settle(request: TeamRequest, team: Team, *, run: int, number: int) -> HttpResponse:
    """One step with what each says of it, and by POST what is to stand; who settled, and whose verdicts they were, is
    said once it is settled. ?queue= and the like: among which disputes one goes on."""
    form = DisputesForm(request.GET)
    checked(form)
    _own_turn_first(request, team, run)
    if request.method != "POST":
        return _case_page(request, team, run, number, form.wanted)
    try:
        given = checked(DecisionForm(request.POST))
        adjudicate(team=team, by=labeller_of(team, request.user), run=run, number=number, **given)
    except Refused as refused:
        if refused.status == 404:
            raise Http404 from refused
        return _case_page(request, team, run, number, form.wanted, refused=refused, kept=request.POST.dict())
    address = reverse("labelling:settle", kwargs={"team": team.slug, "run": run, "number": number})
    return redirect(f"{address}{query_of(form.wanted)}")


def _case_page(
    request: TeamRequest,
    team: Team,
    run: int,
    number: int,
    wanted: Wanted,
    *,
    refused: Refused | None = None,
    kept: dict[str, Any] | None = None,
) -> HttpResponse:
    """The step as it stands now; where a decision was refused, why, and what was decided, so that nothing is lost."""
    case = case_of(team, request.user, run, number)
    if case is None:
        raise Http404
    given = kept or {}
    form = DecisionForm()
    form.initial = {
        "rule": given.get("rule") or "decision",
        "reason": given.get("reason", ""),
        "expected": case.expected,
    }
    shown = {
        "case": case,
        "form": form,
        "verdicts": list(zip(VERDICTS.values(), "1234", strict=True)),
        "query": query_of(wanted),
        "refused": refused,
        "kept": VERDICTS.get(given.get("verdict", "")),
        "comments": _comments(team, case),
        **beside(team, wanted, case),
    }
    return render(request, "labels/settle.html", shown, status=refused.status if refused else 200)


def _comments(team: Team, case: Case) -> dict[str, str]:
    """Where the discussion of the step is read and written."""
    about = {"team": team.slug, "kind": "step", "key": f"{case.run.pk}:{case.step.number}"}
    return {
        "about": reverse("discussions:about", kwargs=about),
        "threads": reverse("discussions_api:threads", kwargs=about),
        "people": reverse("discussions_api:people", kwargs={"team": team.slug}),
        "preview": reverse("discussions:preview", kwargs={"team": team.slug}),
    }


def _own_turn_first(request: TeamRequest, team: Team, run: int) -> None:
    """Raises Hidden for who is still to judge the run: what others say of it would lead them."""
    turn = open_turn_at(request.user, team, run)
    if turn is None:
        return
    address = reverse("labelling:assignment", kwargs={"team": team.slug, "assignment": turn.pk})
    message = f"You have an open turn at run {run}. Submit or skip it, then settle what the others say."
    raise Hidden(message, words="Go to your turn", address=address)


def _filters(team: Team, queue: int | None, experiment: int | None) -> dict[str, Any]:
    """What the lists can be narrowed to; what is asked for and is not the team's is as if it were not there."""
    queues = list(LabelQueue.objects.filter(team=team).order_by("-id")[:QUEUES_OFFERED])
    one = Experiment.objects.filter(team=team, pk=experiment).first() if experiment else None
    if experiment and one is None:
        raise Http404
    if queue and queue not in {one.pk for one in queues}:
        queues += LabelQueue.objects.filter(team=team, pk=queue)
        if queues[-1].pk != queue:
            raise Http404
    return {"queues": queues, "queue": queue, "experiment": one}


def query_of(wanted: Wanted) -> str:
    """The filter as a query of an address, empty where there is none."""
    encoded = _encoded(wanted)
    return f"?{encoded}" if encoded else ""


def after_of(wanted: Wanted, place: Any) -> str:
    """The query of the page that begins behind a place."""
    after = urlencode({"after": f"{int(place.milder)}-{place.run}-{place.number}"})
    encoded = _encoded(wanted)
    return f"{encoded}&{after}" if encoded else after


def _encoded(wanted: Wanted) -> str:
    query = QueryDict(mutable=True)
    for name, value in (("queue", wanted.queue), ("experiment", wanted.experiment), ("kind", wanted.kind)):
        if value:
            query[name] = str(value)
    if wanted.done:
        query["done"] = "on"
    return query.urlencode()
