"""Proposed verdicts: read from stored scores by a queue's thresholds, or from what a judge elsewhere said of the steps.

It labels nothing: a proposal becomes a label only by a person who confirms or changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from apps.accounts.models import Team
from apps.labels.models import LabelQueue, Prelabel
from apps.labels.verdicts import BAD, GOOD, VERDICTS, Verdict
from apps.runs.models import Maker

# Of one step the newest score, and the newest verdict of a judge elsewhere, whose word stands before any number. The
# same scorer with other arguments, such as another device, is another maker; its numbers are the same scorer's.
PROPOSED = """
    WITH alike AS (
        SELECT alike.id FROM runs_maker alike JOIN runs_maker maker USING (kind, key, version, revision)
        WHERE maker.id = %(maker)s
    )
    SELECT DISTINCT ON (number) number, verdict, value FROM (
        SELECT number, 0 AS place, verdict, value, id AS at FROM labels_prelabel
        WHERE run_id = %(run)s AND team_id = %(team)s AND number = ANY(%(numbers)s::int[])
            AND maker_id IN (SELECT id FROM alike)
        UNION ALL
        SELECT number, 1, '', value, seq FROM runs_score
        WHERE run_id = %(run)s AND number = ANY(%(numbers)s::int[]) AND maker_id IN (SELECT id FROM alike)
    ) said ORDER BY number, place, at DESC
"""
# Newest rows of a labeller's only: a verdict that was changed afterwards is no longer the one that was accepted.
ACCEPTED = """
    SELECT labeller_id, prelabel, count(*), count(*) FILTER (WHERE verdict = prelabel) FROM (
        SELECT DISTINCT ON (label.run_id, label.number, label.labeller_id) label.labeller_id, label.prelabel,
            label.verdict
        FROM labels_labeltask task
        JOIN labels_assignment turn ON turn.task_id = task.id
        JOIN labels_label label ON label.assignment_id = turn.id
        WHERE task.queue_id = %(queue)s
        ORDER BY label.run_id, label.number, label.labeller_id, label.id DESC
    ) newest
    WHERE prelabel <> '' AND verdict <> '' GROUP BY labeller_id, prelabel ORDER BY labeller_id, prelabel
"""
COVERED = """
    WITH alike AS (
        SELECT alike.id FROM runs_maker alike JOIN runs_maker maker USING (kind, key, version, revision)
        WHERE maker.id = %(maker)s
    )
    SELECT coalesce(sum(run.step_count), 0), coalesce(sum(scored.count), 0) FROM runs_run run
    CROSS JOIN LATERAL (
        SELECT count(*) FROM (
            SELECT number FROM runs_score WHERE run_id = run.id AND maker_id IN (SELECT id FROM alike)
            UNION SELECT number FROM labels_prelabel WHERE run_id = run.id AND maker_id IN (SELECT id FROM alike)
        ) known
    ) scored
    WHERE run.team_id = %(team)s AND run.id = ANY(%(runs)s::bigint[])
"""
# Makers are shared by all teams: of several with one key the newest that said something here is meant, as of another
# version there may be nothing. Of scores the first of one run an experiment tell, as there is no index by maker.
MEANT = """
    SELECT maker.id FROM runs_maker maker WHERE maker.key = %(key)s
    ORDER BY EXISTS (
        SELECT FROM labels_prelabel said WHERE said.maker_id = maker.id AND said.team_id = %(team)s
    ) OR maker.id IN (
        SELECT score.maker_id FROM (
            SELECT id FROM runs_experiment WHERE team_id = %(team)s ORDER BY id DESC LIMIT 200
        ) experiment
        CROSS JOIN LATERAL (SELECT id FROM runs_run WHERE experiment_id = experiment.id ORDER BY id LIMIT 1) run
        CROSS JOIN LATERAL (SELECT maker_id FROM runs_score WHERE run_id = run.id ORDER BY seq LIMIT 100) score
    ) DESC, maker.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many steps, to how many a maker says something."""

    steps: int
    known: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """How often a labeller kept a proposed verdict: `kept` of `shown`."""

    labeller: int
    proposed: Verdict
    shown: int
    kept: int

    @property
    def share(self) -> float:
        """A fraction; nothing is counted that was never shown."""
        return self.kept / self.shown


def prelabels_of(queue: LabelQueue, run_id: int, numbers: Sequence[int]) -> dict[int, str]:
    """The verdict that is proposed for each of some steps of a run, by step number; steps between the two thresholds
    and without any number have none. One query, none for a queue without pre-labels."""
    if queue.prelabel_maker_id is None or not numbers:
        return {}
    given: dict[str, Any] = {
        "maker": queue.prelabel_maker_id,
        "team": queue.team_id,
        "run": run_id,
        "numbers": list(numbers),
    }
    with connection.cursor() as cursor:
        cursor.execute(PROPOSED, given)
        rows = cursor.fetchall()
    proposed = ((number, verdict or _by_thresholds(queue, value)) for number, verdict, value in rows)
    return {number: verdict for number, verdict in proposed if verdict}


def maker_meant(team: Team, key: str) -> Maker | None:
    """Who is meant by a key in a team, None for a key that nobody has; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(MEANT, {"team": team.pk, "key": key})
        row = cursor.fetchone()
    return Maker.objects.get(pk=row[0]) if row else None


def judges_elsewhere(team: Team) -> list[str]:
    """Keys of those who sent proposed verdicts to the team, by name; one query."""
    said = Prelabel.objects.filter(team=team, maker=OuterRef("pk"))
    return sorted(set(Maker.objects.filter(Exists(said)).values_list("key", flat=True)))


def _by_thresholds(queue: LabelQueue, value: float) -> str:
    # Good is asked first: where somebody set both thresholds to one number, that number itself is good.
    if queue.prelabel_good is not None and value >= queue.prelabel_good:
        return GOOD.key
    if queue.prelabel_bad is not None and value <= queue.prelabel_bad:
        return BAD.key
    return ""


def accepted_share(queue: LabelQueue) -> list[Accepted]:
    """How often each labeller of the queue kept each proposed verdict, by labeller; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ACCEPTED, {"queue": queue.pk})
        return [
            Accepted(labeller, VERDICTS[proposed], shown, kept) for labeller, proposed, shown, kept in cursor.fetchall()
        ]


def coverage_of(team: Team, maker: Maker, runs: Sequence[int]) -> Coverage:
    """To how many steps of some runs of the team the maker says something; one query that looks at every score of
    those runs, so of very many runs the caller asks for some."""
    with connection.cursor() as cursor:
        cursor.execute(COVERED, {"team": team.pk, "maker": maker.pk, "runs": list(runs)})
        steps, known = cursor.fetchone()
    return Coverage(int(steps), int(known))
