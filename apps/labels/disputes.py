"""Finds the steps on which people differ and nobody has settled, a page at a time; it names nobody, settles nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from apps.labels.verdicts import VERDICTS

# The labels that count: of each labeller on each step the newest, in the order of the index, so that the first page of
# many comes without reading them all.
CURRENT = """
    SELECT DISTINCT ON (label.run_id, label.number, label.labeller_id)
           label.run_id, label.number, label.labeller_id, label.verdict, label.flagged, label.assignment_id, label.id
    FROM labels_label label
    WHERE label.team_id = %(team)s {scope} {bound}
    ORDER BY label.run_id, label.number, label.labeller_id, label.id DESC
"""
IN_QUEUE = """AND label.run_id IN (SELECT run_id FROM labels_labeltask WHERE queue_id = %(queue)s)"""
IN_EXPERIMENT = """AND label.run_id IN (SELECT id FROM runs_run WHERE experiment_id = %(experiment)s)"""
NOBODY_AT_IT = """AND NOT EXISTS (
    SELECT FROM labels_labeltask task JOIN labels_assignment turn ON turn.task_id = task.id
    WHERE task.run_id = label.run_id AND turn.state = 'open')"""
# A step may hang in runs of several queues: of one, it is what was judged in a turn of that queue.
JUDGED_IN_QUEUE = """AND bool_or(current.assignment_id IN (
    SELECT turn.id FROM labels_assignment turn JOIN labels_labeltask task ON task.id = turn.task_id
    WHERE task.queue_id = %(queue)s))"""
UNSETTLED = """COALESCE((
    SELECT verdict FROM labels_adjudication settled
    WHERE settled.run_id = current.run_id AND settled.number = current.number
    ORDER BY settled.id DESC LIMIT 1), '') = ''"""
DIFFERING = f"""min(current.verdict) <> max(current.verdict) AND {UNSETTLED}"""
OPPOSED = "(bool_or(current.verdict = 'bad') AND bool_or(current.verdict = 'good'))"
COUNTS = ", ".join(f"count(*) FILTER (WHERE current.verdict = '{verdict}') AS {verdict}" for verdict in VERDICTS)

# What the reader may ask for, in the order in which it is offered, and how it is said.
KINDS = {
    "": "All, bad against good first",
    "opposed": "Bad against good",
    "unsure": "Somebody is unsure",
    "flagged": "Flagged",
}
OF_KIND = {"": "", "opposed": f"AND {OPPOSED}", "unsure": "AND bool_or(current.verdict = 'unsure')",
           "flagged": "AND bool_or(current.flagged)"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which disputes: of a queue or an experiment (None: of any), of one of KINDS, and whether only of runs at which
    nobody has an open turn."""

    queue: int | None = None
    experiment: int | None = None
    kind: str = ""
    done: bool = False


class Place(NamedTuple):
    """Where in the order of disputes a step stands: first those with bad against good, then by run and number."""

    milder: bool
    run: int
    number: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A step on which people differ: how many say which verdict, by its key, and whether somebody flagged it."""

    place: Place
    counts: dict[str, int]
    flagged: bool


def disputes_of(team: int, wanted: Wanted, *, after: Place | None = None, most: int) -> list[Dispute]:
    """The first `most` disputes of a team, or those behind a place. One query."""
    return _found(team, wanted, after, most, backwards=False)


def dispute_before(team: int, wanted: Wanted, place: Place) -> Dispute | None:
    """The last dispute in front of a place. One query."""
    found = _found(team, wanted, place, 1, backwards=True)
    return found[0] if found else None


def _found(team: int, wanted: Wanted, bound: Place | None, most: int, *, backwards: bool) -> list[Dispute]:
    order = "DESC" if backwards else "ASC"
    parts = [_part(wanted, milder, bound, order) for milder in (False, True) if _reaches(milder, bound, backwards)]
    ordered = f"ORDER BY milder {order}, run_id {order}, number {order} LIMIT %(most)s"
    statement = f"SELECT * FROM ({' UNION ALL '.join(parts)}) found {ordered}"  # noqa: S608  # constants alone
    given = {"team": team, "queue": wanted.queue, "experiment": wanted.experiment, "most": most}
    if bound is not None:
        given |= {"run": bound.run, "number": bound.number}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [_dispute(row) for row in cursor.fetchall()]


def _reaches(milder: bool, bound: Place | None, backwards: bool) -> bool:
    """Whether any of these may lie beyond the bound."""
    return bound is None or (milder <= bound.milder if backwards else milder >= bound.milder)


def _part(wanted: Wanted, milder: bool, bound: Place | None, order: str) -> str:
    """The disputes of either half, as a statement made of constants alone."""
    cut = ""
    if bound is not None and bound.milder == milder:
        cut = f"AND (label.run_id, label.number) {'<' if order == 'DESC' else '>'} (%(run)s, %(number)s)"
    having = f"{DIFFERING} AND {'NOT' if milder else ''} {OPPOSED} {OF_KIND[wanted.kind]}"
    return f"""(
        SELECT {milder} AS milder, current.run_id, current.number, {COUNTS}, bool_or(current.flagged) AS flagged
        FROM ({CURRENT.format(scope=scope_of(wanted), bound=cut)}) current
        WHERE current.verdict <> '' GROUP BY current.run_id, current.number
        HAVING {having} {JUDGED_IN_QUEUE if wanted.queue is not None else ""}
        ORDER BY current.run_id {order}, current.number {order} LIMIT %(most)s)"""  # noqa: S608  # constants alone


def scope_of(wanted: Wanted) -> str:
    """The conditions on labels by which the runs are found."""
    parts = ((wanted.queue, IN_QUEUE), (wanted.experiment, IN_EXPERIMENT), (wanted.done or None, NOBODY_AT_IT))
    return " ".join(condition for value, condition in parts if value is not None)


def _dispute(row: Sequence[Any]) -> Dispute:
    milder, run, number, *counts, flagged = row
    return Dispute(Place(milder, run, number), dict(zip(VERDICTS, counts, strict=True)), flagged)


def place_of(run: int, number: int, verdicts: Sequence[str]) -> Place:
    """Where a step stands among the disputes, by the current verdicts on it."""
    return Place(not {"bad", "good"} <= set(verdicts), run, number)
