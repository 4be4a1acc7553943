"""The page of an imported PRM800K record, as its labeller saw it; nothing on it can be changed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.gate import TeamRequest, team_page
from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.labels.records import is_record, labeller_of_record, note_of, record_of
from apps.labels.verdicts import UNSURE, VERDICTS
from apps.runs.neighbours import neighbours_of
from apps.runs.run_table import RunTable
from apps.runs.selectors import run_in_full


@require_safe
@team_page("look")
def record(request: TeamRequest, team: Team, *, run: int) -> HttpResponse:
    """A run that was imported from a raw record; of it what `labeller` said, else who the file names."""
    found = run_in_full(team, run)
    note = note_of(found) if found and is_record(found) else None
    labeller = labeller_of_record(found, note, asked_for(request)) if found and note else None
    if found is None or note is None or labeller is None:
        raise Http404
    before, after = neighbours_of(found, RunTable())
    scale = [verdict for verdict in VERDICTS.values() if verdict is not UNSURE]
    whole = record_of(found, note, labeller)
    answer = found.problem.answer
    shown = {"run": found, "record": whole, "scale": scale, "before": before, "after": after}
    # The file has no dollars about its answers; the labellers saw them set.
    shown["is_formula"] = "\\" in answer and "$" not in answer
    return render(request, "labels/record.html", {"team": team, **shown})


def asked_for(request: TeamRequest) -> int | None:
    """The labeller's id in the address, None without one. Raises Refused where it is no id."""
    written = request.GET.get("labeller", "")
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) <= 18):
        message = (
            f"Expected the id of a labeller after “labeller=”; found {written[:40]!r}. Take it out of the address."
        )
        raise Refused(message, code="bad-labeller", fields={"labeller": message})
    return int(written)
