"""The tasks a filter finds, put in order and stored by one statement; not a row of them is read into Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.accounts.models import Team
from apps.labels.queue_filter import QueueFilter
from apps.labels.queue_orders import Order
from apps.runs.models import Maker

_LEAF = "NOT EXISTS (SELECT FROM runs_step c WHERE c.run_id = s.run_id AND c.parent = s.number)"
_OVER = "r.status IN ('finished', 'failed', 'cancelled')"
_ENDS = "s.terminal AND a.run_id IS NOT NULL"
_OUTCOMES = {
    "right": "r.correct",
    "wrong": "NOT r.correct",
    "no-answer": "r.correct IS NULL AND r.answer_count = 0",
    "unknown": "r.correct IS NULL AND r.answer_count > 0",
}
_ANSWERS = {"right": "a.correct", "wrong": "NOT a.correct", "unknown": "a.run_id IS NOT NULL AND a.correct IS NULL"}
_CONDITIONS = {
    "experiments": "r.experiment_id = ANY(%(experiments)s)",
    "problems": (
        "p.problem_set_id IN (SELECT id FROM problems_problemset WHERE team_id = %(team)s AND slug = %(problems)s)"
    ),
    "strategy": "e.strategy = %(strategy)s",
    "entropy_min": "s.entropy >= %(entropy_min)s",
    "entropy_max": "s.entropy <= %(entropy_max)s",
    "difficulty_min": "p.difficulty >= %(difficulty_min)s",
    "difficulty_max": "p.difficulty <= %(difficulty_max)s",
}

# What people say now: of everybody's rows on a step the newest, unless it takes the verdict back.
_SAID = """
    , said AS MATERIALIZED (
        SELECT run_id, number, count(DISTINCT verdict) > 1 AS differ,
               avg(CASE verdict WHEN 'good' THEN 1.0 WHEN 'neutral' THEN 0.5 WHEN 'bad' THEN 0.0 END) AS rating
        FROM (
            SELECT DISTINCT ON (l.run_id, l.number, l.labeller_id) l.run_id, l.number, l.verdict FROM labels_label l
            WHERE l.run_id IN (SELECT run_id FROM ended) ORDER BY l.run_id, l.number, l.labeller_id, l.id DESC
        ) newest WHERE verdict <> '' GROUP BY run_id, number
    ), branch AS (
        SELECT run_id, number AS last, number, parent FROM ended
        UNION ALL
        SELECT s.run_id, b.last, s.number, s.parent FROM branch b
        JOIN runs_step s ON s.run_id = b.run_id AND s.number = b.parent WHERE %(whole)s
    ), told AS (
        SELECT b.run_id, b.last, sum(said.differ::int) + COALESCE(sum((abs(said.rating - sc.value) >= 0.5)::int), 0)
               AS disputes
        FROM branch b JOIN said ON said.run_id = b.run_id AND said.number = b.number LEFT JOIN LATERAL (
            SELECT value FROM runs_score WHERE run_id = b.run_id AND number = b.number AND maker_id = ANY(%(makers)s)
            ORDER BY seq DESC LIMIT 1
        ) sc ON true GROUP BY b.run_id, b.last
    )
"""
_SCORE = """LEFT JOIN LATERAL (
        SELECT value FROM runs_score WHERE run_id = s.run_id AND number = s.number AND maker_id = ANY(%(makers)s)
        ORDER BY seq DESC LIMIT 1
    ) sc ON true"""
# Of phase one the tasks are what follows a step: the question, which has no row, or wherever the tree forks.
_STEPS = "runs_step s"
_QUESTION = """LATERAL (
    SELECT r.id AS run_id, 0 AS number, 0 AS parent, r.step_count AS depth, NULL::float8 AS entropy, NULL::int AS chosen
) s"""
_FORKS = """LATERAL (
    SELECT r.id AS run_id, c.parent AS number, 0 AS parent, count(*) AS depth, NULL::float8 AS entropy,
           NULL::int AS chosen
    FROM runs_step c WHERE c.run_id = r.id GROUP BY c.parent HAVING count(*) > 1
) s"""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Which tasks are meant: those of `unit` (a step, a branch, a solution) that the filter lets through.

    from_question: they ask for what follows (phase one): one a run, or in the unit step one a place where it forks.
    """

    team: Team
    unit: str
    filter: QueueFilter
    order: Order
    seed: int
    from_question: bool = False

    @property
    def statement(self) -> str:
        """The common tables, `ordered` last: run_id, number, problem_id, score, depth and place, from 0."""
        asked = self.filter
        with_said = bool(asked.labelled) or self.order.needs_disputes
        told = "LEFT JOIN told ON told.run_id = ended.run_id AND told.last = ended.number" if with_said else ""
        labelled = {"yes": "WHERE told.run_id IS NOT NULL", "no": "WHERE told.run_id IS NULL"}.get(asked.labelled, "")
        per_problem = "WHERE in_problem <= %(per_problem)s" if asked.per_problem else ""
        return f"""
            WITH RECURSIVE ended AS ({self._ended}) {_SAID if with_said else ""}, ranked AS (
                SELECT ended.*, {self.order.rank} AS rank
                FROM (SELECT ended.*, {"told.disputes" if with_said else "NULL"} AS disputes
                      FROM ended {told} {labelled}) ended
            ), narrowed AS (
                SELECT * FROM (
                    SELECT *, row_number() OVER (PARTITION BY problem_id ORDER BY rank NULLS LAST, draw, run_id, number)
                           AS in_problem FROM ranked
                ) one {per_problem}
            ), ordered AS (
                SELECT run_id, number, problem_id, score, depth,
                       row_number() OVER (ORDER BY rank NULLS LAST, draw, run_id, number) - 1 AS place
                FROM narrowed ORDER BY place LIMIT %(first)s
            )
        """  # noqa: S608  # put together from constants; what was given are its parameters

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statement is run with."""
        asked = self.filter
        makers = Maker.objects.filter(key=asked.scorer).values_list("pk", flat=True) if asked.scorer else []
        bounds = {name: getattr(asked, name) for name in (*_CONDITIONS, "score_min", "score_max", "per_problem")}
        return {
            **bounds,
            "experiments": list(asked.experiments),
            "team": self.team.pk,
            "seed": str(self.seed),
            "makers": list(makers),
            "whole": self.unit != "step" and not self.from_question,
            "first": asked.first,
        }

    @property
    def _ended(self) -> str:
        """The steps that tasks end in, before they are ordered and counted."""
        asked = self.filter
        conditions = ["r.team_id = %(team)s", _OVER, self._of_unit]
        conditions += [sql for name, sql in _CONDITIONS.items() if getattr(asked, name) not in ("", None, ())]
        conditions += [f"({_OUTCOMES[asked.outcome]})"] if asked.outcome else []
        conditions += [f"({_ANSWERS[asked.answer]})"] if asked.answer else []
        conditions += ["s.chosen IS NOT NULL"] if asked.chosen_only == "yes" else []
        conditions += ["sc.value >= %(score_min)s"] if asked.score_min is not None else []
        conditions += ["sc.value <= %(score_max)s"] if asked.score_max is not None else []
        return f"""
            SELECT s.run_id, s.number, s.parent, s.depth, s.entropy, r.problem_id, sc.value AS score,
                   CASE WHEN a.run_id IS NULL THEN r.correct ELSE a.correct END AS is_right,
                   md5(concat_ws(chr(58), %(seed)s, s.run_id::text, s.number::text)) AS draw
            FROM runs_run r JOIN runs_experiment e ON e.id = r.experiment_id
            JOIN problems_problem p ON p.id = r.problem_id JOIN {self._steps} ON s.run_id = r.id
            LEFT JOIN runs_answer a ON a.run_id = s.run_id AND a.number = s.number
            {_SCORE if asked.scorer else "CROSS JOIN (SELECT NULL::float8 AS value) sc"}
            WHERE {" AND ".join(conditions)}
        """  # noqa: S608  # put together from constants; what was given are its parameters

    @property
    def _steps(self) -> str:
        if self.from_question:
            return _FORKS if self.unit == "step" else _QUESTION
        return _STEPS

    @property
    def _of_unit(self) -> str:
        if self.from_question:
            return "r.step_count > 0"
        return {"step": "true", "branch": _LEAF, "solution": _ENDS}[self.unit]


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter finds. steps: that stand in the tasks in all; scored: tasks whose last step has a score."""

    tasks: int
    problems: int
    runs: int
    steps: int
    scored: int


def count_candidates(candidates: Candidates) -> Found:
    """How many tasks there would be; two statements at most."""
    steps = "count(*)" if candidates.unit == "step" and not candidates.from_question else "COALESCE(sum(depth), 0)"
    counted = f"""SELECT count(*), count(DISTINCT problem_id), count(DISTINCT run_id), {steps}, count(score)
                  FROM ordered"""  # noqa: S608  # put together from constants
    with connection.cursor() as cursor:
        cursor.execute(candidates.statement + counted, candidates.parameters)
        return Found(*cursor.fetchone())


def store_candidates(candidates: Candidates, queue: int, wanted: int) -> int:
    """Store the tasks of a queue and say how many; in the caller's transaction."""
    insert = """
        INSERT INTO labels_labeltask (queue_id, run_id, number, kind, position, wanted, taken, submitted)
        SELECT %(queue)s, run_id, number, 'normal', place, %(wanted)s, 0, 0 FROM ordered
    """
    given = {**candidates.parameters, "queue": queue, "wanted": wanted}
    with connection.cursor() as cursor:
        cursor.execute(candidates.statement + insert, given)
        return int(cursor.rowcount)


def any_scored(candidates: Candidates, queue: int) -> bool:
    """Whether the filter's scorer has scored any of the tasks that were stored; the first that it has ends the look."""
    scored = """
        SELECT EXISTS (
            SELECT FROM labels_labeltask t JOIN runs_score sc ON sc.run_id = t.run_id AND sc.number = t.number
            WHERE t.queue_id = %(queue)s AND sc.maker_id = ANY(%(makers)s)
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(scored, {"queue": queue, "makers": candidates.parameters["makers"]})
        return bool(cursor.fetchone()[0])
