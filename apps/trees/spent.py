"""What a run had spent by the birth of a step, for the step panel; it reads the log up to there and no text."""

from __future__ import annotations

from typing import Any

from django.db import connection

from apps.runs.models import Run, Step

# As the log's column of tokens counts them (apps/trees/events.py): what was generated, also what was dropped.
SPENT = """
    SELECT COALESCE(SUM((data ->> 'generated')::bigint) FILTER (WHERE kind IN ('step-added', 'step-repeated')), 0),
           EXTRACT(EPOCH FROM MAX(at) FILTER (WHERE seq = %(born)s) - MIN(at) FILTER (WHERE seq = 1))
    FROM runs_runevent
    WHERE run_id = %(run)s AND seq <= %(born)s AND (kind IN ('step-added', 'step-repeated') OR seq IN (1, %(born)s))
"""


def spent_by(run: Run, number: int) -> dict[str, Any] | None:
    """What was spent when a step was born, itself included, as JSON values; None where no such step is. Two queries.

    tokens: generated; steps: born; seconds: since the run's first event.
    """
    born = Step.objects.filter(run=run, number=number).values_list("born", flat=True).first()
    if born is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SPENT, {"run": run.pk, "born": born})
        tokens, seconds = cursor.fetchone()
    return {"number": number, "tokens": int(tokens), "steps": number, "seconds": float(seconds)}
