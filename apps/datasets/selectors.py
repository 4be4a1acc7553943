"""Reads what a snapshot freezes, in streams that run side by side, and what the pages show; it writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from apps.accounts.models import Team
from apps.datasets.models import Export, Snapshot

FETCH_ROWS = 2_000

Row = tuple[Any, ...]

# A labeller's newest row on a step is current; an empty verdict takes the earlier one back.
JUDGED_RUNS = """
    WITH current AS (
        SELECT DISTINCT ON (run_id, number, labeller_id) run_id, verdict
        FROM labels_label WHERE team_id = %(team)s ORDER BY run_id, number, labeller_id, id DESC
    )
    SELECT run.id, run.step_count FROM runs_run run
    WHERE run.team_id = %(team)s AND run.id IN (
        SELECT run_id FROM current WHERE verdict <> ''
        UNION SELECT run_id FROM labels_adjudication WHERE team_id = %(team)s
    )
    ORDER BY run.problem_id, run.id
"""

# In each of these, `place` is the run's place in the list asked for: the streams share one order.
HEADS = """
    SELECT frozen.place, problem.id, problem_set.slug, problem.statement, problem.answer, problem.checker,
           problem.difficulty, problem.source, problem.digest,
           run.id, experiment.id, experiment.name, experiment.kind, experiment.strategy, experiment.strategy_version,
           experiment.engine, experiment.scorer, run.source, run.status, run.outcome, run.correct
    FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS frozen (run_id, place)
    JOIN runs_run run ON run.id = frozen.run_id
    JOIN runs_experiment experiment ON experiment.id = run.experiment_id
    JOIN problems_problem problem ON problem.id = run.problem_id
    JOIN problems_problemset problem_set ON problem_set.id = problem.problem_set_id
    ORDER BY frozen.place
"""

STEPS = """
    SELECT frozen.place, step.number, step.parent, step.depth, text.text, step.origin, step.maker_id, step.terminal,
           step.tokens, step.logprob, step.entropy, step.pruned, step.chosen,
           answer.number IS NOT NULL, answer.text, answer.class_key, answer.correct, answer.checker, answer.version
    FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS frozen (run_id, place)
    JOIN runs_step step USING (run_id)
    JOIN runs_steptext text USING (run_id, number)
    LEFT JOIN runs_answer answer USING (run_id, number)
    ORDER BY frozen.place, step.number
"""

SCORES = """
    SELECT frozen.place, score.number, score.maker_id, score.value
    FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS frozen (run_id, place)
    JOIN runs_score score USING (run_id)
    ORDER BY frozen.place, score.number, score.seq
"""

LABELS = """
    SELECT place, number, labeller_id, verdict, created_at, scores_in_view, seconds, reason, extra FROM (
        SELECT DISTINCT ON (frozen.place, label.number, label.labeller_id) frozen.place, label.*
        FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS frozen (run_id, place)
    JOIN labels_label label USING (run_id)
        ORDER BY frozen.place, label.number, label.labeller_id, label.id DESC
    ) newest
    WHERE verdict <> '' ORDER BY place, number, id
"""

ADJUDICATIONS = """
    SELECT DISTINCT ON (frozen.place, settled.number) frozen.place, settled.number, settled.verdict,
           settled.settled_by_id, settled.reason, settled.labels, settled.created_at
    FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS frozen (run_id, place)
    JOIN labels_adjudication settled USING (run_id)
    ORDER BY frozen.place, settled.number, settled.id DESC
"""

MAKERS = "SELECT id, kind, key, version, revision, arguments FROM runs_maker"

# A member is named as they chose to be, never by their address: the file leaves the house.
LABELLERS = """
    SELECT labeller.id, COALESCE(NULLIF(labeller.name, ''), NULLIF(person.name, ''), 'member ' || labeller.id),
           labeller.user_id IS NULL
    FROM accounts_labeller labeller LEFT JOIN accounts_user person ON person.id = labeller.user_id
    WHERE labeller.team_id = %(team)s
"""


def judged_runs(team: Team) -> list[tuple[int, int]]:
    """(run, step count) of every run with a current label or an adjudication, by problem and run."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGED_RUNS, {"team": team.pk})
        return [(run, step_count) for run, step_count in cursor.fetchall()]


def frozen_rows(sql: str, runs: Sequence[int]) -> Iterator[Row]:
    """The rows of one stream over `runs`, in their order, by a cursor on the server; needs an open transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"runs": list(runs)})
        while rows := cursor.fetchmany(FETCH_ROWS):
            yield from rows


def makers() -> dict[int, Row]:
    """Every maker by id."""
    with connection.cursor() as cursor:
        cursor.execute(MAKERS)
        return {row[0]: row for row in cursor.fetchall()}


def labellers(team: Team) -> dict[int, Row]:
    """(id, name, is foreign) of every labeller of a team, by id."""
    with connection.cursor() as cursor:
        cursor.execute(LABELLERS, {"team": team.pk})
        return {row[0]: row for row in cursor.fetchall()}


def snapshots_of(team: Team) -> QuerySet[Snapshot]:
    """A team's snapshots, the newest first."""
    return Snapshot.objects.filter(team=team).select_related("created_by").order_by("-number")


def exports_of(snapshot: Snapshot) -> QuerySet[Export]:
    """A snapshot's exports, the newest first."""
    return Export.objects.filter(snapshot=snapshot).select_related("created_by").order_by("-id")
