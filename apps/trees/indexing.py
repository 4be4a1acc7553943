"""Writes down the words of ended runs, by which a team's steps are searched; it reads texts and changes none.

The words are derived: they can be thrown away at any time (with `searchable` of their runs) and are made again.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Max

from apps.runs.models import Run, StepSearch, StepText
from apps.runs.states import ENDED
from apps.trees.words import as_tsvector, words_of

# Steps written in one transaction: two seconds' work, so that a worker is soon free to play.
STEPS_AT_ONCE = 20_000
# Steps one round of the background writes, and from how many runs.
A_ROUND = 60_000
MOST_RUNS = 500
_COPY = "COPY runs_stepsearch (run_id, number, words) FROM STDIN"


def index_a_round(at_most: int = A_ROUND) -> int:
    """Write the words of ended runs that have none yet, the newest first, until about so many steps are written; how
    many were. Called again and again in the background; what one call leaves, the next one takes up."""
    count = 0
    waiting = Run.objects.filter(status__in=ENDED, searchable=False).order_by("-id").values_list("pk", flat=True)
    for run_id in waiting[:MOST_RUNS]:
        count += index_steps(run_id, at_most - count)
        if count >= at_most:
            break
    return count


def index_steps(run_id: int, at_most: int = 2**31) -> int:
    """Write the words of one ended run, from where it was left off, until all or about so many steps are written; how
    many were. None where the run is not there, has not ended, has all of them, or somebody else writes them now."""
    count = 0
    while count < at_most:
        written = _index_some(run_id)
        if written is None:
            break
        count += written
    return count


def _index_some(run_id: int) -> int | None:
    """Write the next words of a run; how many steps had them written, None where nothing is left to do."""
    with transaction.atomic():
        # The fence between two that write the same run: whoever comes second leaves it, and loses nothing.
        waiting = Run.objects.filter(pk=run_id, status__in=ENDED, searchable=False)
        run = waiting.select_for_update(skip_locked=True, no_key=True).first()
        if run is None:
            return None
        last = StepSearch.objects.filter(run=run).aggregate(last=Max("number"))["last"] or 0
        rows = StepText.objects.filter(run=run, number__gt=last).order_by("number").values_list("number", "text")
        some = list(rows[:STEPS_AT_ONCE])
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for number, text in some:
                copy.write_row((run_id, number, as_tsvector(words_of(text))))
        if len(some) < STEPS_AT_ONCE:
            Run.objects.filter(pk=run_id).update(searchable=True)
    return len(some)
