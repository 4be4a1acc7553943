"""Stores many verdicts that a judge elsewhere proposes; of a step the latest of a judge counts, and none is changed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Team
from apps.common.incoming import Rejected, good_rows
from apps.labels.bulk_labels import A_STEP, AT_ONCE, Stored
from apps.labels.bulk_lines import Judge, PrelabelLine
from apps.runs.models import Maker

MISSING = """
    SELECT given.line
    FROM unnest(%(line)s::int[], %(run)s::bigint[], %(number)s::int[]) AS given (line, run_id, number)
    WHERE NOT EXISTS (
        SELECT FROM runs_step step JOIN runs_run run ON run.id = step.run_id
        WHERE run.team_id = %(team)s AND step.run_id = given.run_id AND step.number = given.number
    )
"""
# What the judge said last of a step is not stored again: so a request that is sent twice is stored once.
INSERT = """
    INSERT INTO labels_prelabel (team_id, run_id, number, maker_id, verdict, value, created_at)
    SELECT %(team)s, given.run_id, given.number, given.maker_id, given.verdict, given.value, now()
    FROM unnest(%(line)s::int[], %(run)s::bigint[], %(number)s::int[], %(verdict)s::text[],
        %(value)s::double precision[], %(maker)s::bigint[]) AS given (line, run_id, number, verdict, value, maker_id)
    LEFT JOIN LATERAL (
        SELECT verdict, value FROM labels_prelabel
        WHERE run_id = given.run_id AND number = given.number AND maker_id = given.maker_id
        ORDER BY id DESC LIMIT 1
    ) last ON true
    WHERE (last.verdict, last.value) IS DISTINCT FROM (given.verdict, given.value)
    ORDER BY given.line
"""


def store_prelabels(team: Team, lines: Iterable[PrelabelLine | Rejected], *, partly: bool = False) -> Stored:
    """Store the proposals; unless `partly`, nothing where any line is rejected. Of lines of one judge about one step
    the last counts. Raises FileRefused for more lines with faults than are worth telling."""
    rejected: list[Rejected] = []
    good = good_rows(lines, rejected, all_or_none=not partly)
    stored = known = 0
    with transaction.atomic():
        while some := list(islice(good, AT_ONCE)):
            absent = _missing(team, some)
            rejected += [Rejected(line, "number", A_STEP, "none of that number and run") for line in sorted(absent)]
            if partly or not rejected:
                fit = {(one.maker, one.run, one.number): one for one in some if one.line not in absent}
                new = _insert(team, list(fit.values()))
                stored, known = stored + new, known + len(some) - len(absent) - new
        if rejected and not partly:
            transaction.set_rollback(True)
            stored = known = 0
    return Stored(stored, known, tuple(sorted(rejected, key=lambda one: one.line)))


def _missing(team: Team, lines: list[PrelabelLine]) -> set[int]:
    """The lines whose step no run of the team has."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {**_columns(lines), "team": team.pk})
        return {line for (line,) in cursor.fetchall()}


def _insert(team: Team, lines: list[PrelabelLine]) -> int:
    if not lines:
        return 0
    makers: dict[Judge, int] = {}
    for judge in dict.fromkeys(one.maker for one in lines):
        makers[judge] = Maker.objects.get_or_create(**judge._asdict(), revision="", arguments="{}")[0].pk
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {**_columns(lines), "team": team.pk, "maker": [makers[one.maker] for one in lines]})
        return int(cursor.rowcount)


def _columns(lines: list[PrelabelLine]) -> dict[str, Any]:
    return {name: [getattr(one, name) for one in lines] for name in ("line", "run", "number", "verdict", "value")}
