"""Grows large trees inside PostgreSQL, row by row what the sink would have stored; for figures, not for tests.

Each tree has `WIDTH` steps a level, or as many as are asked for. As in a search that keeps the best, one in five is
kept and the rest pruned, and of those kept all, or every second, third, fourth or fifth has the next level's children.
Every step has a text, a score, and its events in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from apps.runs.rows import TABLES

WIDTH = 1_600
TEXT_CHARACTERS = 320
GENERATED = 40
FILLED = ("runs_runevent", "runs_step", "runs_steptext", "runs_score")
# The first tree is computed, and the others are its copies: rows are copied four times as fast as they are made.
_COPIED = """
INSERT INTO {table} (run_id, {columns})
SELECT run, {columns} FROM {table} CROSS JOIN unnest(%(others)s::bigint[]) AS run WHERE run_id = %(first)s
"""

_RUNS = f"""
INSERT INTO runs_run (team_id, experiment_id, problem_id, status, attempt, lease_owner, seed, source, failure,
    created_at, started_at, ended_at, seq, step_count, tokens_generated, tokens_computed, scorer_tokens, answer_count,
    right_count, chosen, outcome)
SELECT team_id, id, %(problem)s, 'finished', 1, '', tree, '', '', now(), now(), now(),
    %(last)s, %(steps)s, %(steps)s::bigint * {GENERATED}, 0, 0, 0, 0, %(steps)s, 'answered'
FROM runs_experiment CROSS JOIN generate_series(1, %(trees)s) AS tree WHERE id = %(experiment)s ORDER BY tree
RETURNING id
"""  # noqa: S608  # put together from constants
# number: of a step; place: in its level, from 0; share: of so many that were kept, one has children.
_TREE = """
    SELECT run, number, level + 1 AS depth, number %% 5 <> 0 AS given_up,
        CASE level WHEN 0 THEN 0 ELSE (level - 1) * %(width)s + place / 5 / share * share * 5 + 5 END AS parent
    FROM unnest(%(runs)s::bigint[]) AS run, generate_series(1, %(steps)s) AS number,
        LATERAL (SELECT (number - 1) / %(width)s AS level, (number - 1) %% %(width)s AS place) AS at,
        LATERAL (SELECT 1 + level * 7 %% 5 AS share) AS of_kept
"""  # put together from constants
_ROWS = (
    f"""
INSERT INTO runs_step (run_id, number, parent, depth, origin, maker_id, tokens, logprob, entropy, terminal, born,
    pruned, chosen)
SELECT run, number, parent, depth, 'generated', %(writer)s, {GENERATED}, -number %% 97 / 3.0, number %% 31 / 10.0,
    number %% 10 = 0, 2 * number, CASE WHEN given_up THEN 2 * %(steps)s + 1 + number - number / 5 END,
    CASE WHEN number = %(steps)s THEN %(last)s - 1 END
FROM ({_TREE}) AS tree
""",  # noqa: S608
    f"""
INSERT INTO runs_steptext (run_id, number, text)
SELECT run, number, left(repeat(md5(number::text) || ' so that ', 10), {TEXT_CHARACTERS}) FROM ({_TREE}) AS tree
""",  # noqa: S608
    f"""
INSERT INTO runs_score (run_id, seq, number, maker_id, value)
SELECT run, 2 * number + 1, number, %(judge)s, number %% 101 / 101.0 FROM ({_TREE}) AS tree
""",  # noqa: S608
    f"""
INSERT INTO runs_runevent (run_id, seq, kind, data, at)
SELECT run, 2 * number, 'step-added', jsonb_build_object('number', number, 'parent', parent, 'depth', depth,
    'origin', 'generated', 'maker', %(writer)s::bigint, 'tokens', {GENERATED}, 'generated', {GENERATED}, 'computed', 0,
    'logprob', -number %% 97 / 3.0, 'entropy', number %% 31 / 10.0, 'move', depth),
    now() + make_interval(secs => number / 100.0)
FROM ({_TREE}) AS tree
UNION ALL SELECT run, 2 * number + 1, 'step-scored', jsonb_build_object('number', number,
    'maker', %(judge)s::bigint, 'value', number %% 101 / 101.0, 'tokens', {GENERATED}, 'move', depth),
    now() + make_interval(secs => number / 100.0)
FROM ({_TREE}) AS tree
UNION ALL SELECT run, 2 * %(steps)s + 1 + number - number / 5, 'step-pruned', jsonb_build_object('number', number,
    'why', 'not among the best', 'move', depth), now() + make_interval(secs => %(steps)s / 100.0)
FROM ({_TREE}) AS tree WHERE given_up
UNION ALL SELECT run, 1, 'run-started', jsonb_build_object('strategy', 'beam', 'strategy_version', 1, 'parameters',
    '{{}}'::jsonb, 'seed', 0, 'splitter', '', 'checker', '', 'makers', jsonb_build_array(%(writer)s::bigint,
    %(judge)s::bigint)), now() FROM unnest(%(runs)s::bigint[]) AS run
UNION ALL SELECT run, %(last)s - 1, 'answer-chosen', jsonb_build_object('number', %(steps)s::int, 'why', 'best'), now()
FROM unnest(%(runs)s::bigint[]) AS run
UNION ALL SELECT run, %(last)s, 'run-finished', jsonb_build_object('outcome', 'answered'), now()
FROM unnest(%(runs)s::bigint[]) AS run
""",  # noqa: S608
)


def grow_forest(experiment_id: int, problem_id: int, *, trees: int, steps: int, width: int = WIDTH) -> list[int]:
    """The ids of new finished runs of `steps` steps each, `width` of them a level (a multiple of 5), of an experiment
    and a problem that are there.

    Their log has 2.8 events a step: birth, score, and a prune of four in five."""
    from apps.runs.makers import MakerIds
    from tests.factories import JUDGE, WRITER

    maker_id = MakerIds()
    values = {"experiment": experiment_id, "problem": problem_id, "trees": trees, "steps": steps, "width": width}
    values |= {"last": 3 * steps - steps // 5 + 3, "writer": maker_id(WRITER), "judge": maker_id(JUDGE)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RUNS, values)
        values["runs"] = runs = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL synchronous_commit = off")
        with _without_keys():
            for statement in _ROWS:
                cursor.execute(statement, {**values, "runs": runs[:1]})
            for table in FILLED:
                copied = _COPIED.format(table=table, columns=TABLES[table].removeprefix("run_id, "))
                cursor.execute(copied, {"first": runs[0], "others": runs[1:]})
    with connection.cursor() as cursor:
        for table in (*FILLED, "runs_run"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return runs


@contextmanager
def _without_keys() -> Iterator[None]:
    """Primary keys are made once for all rows, where each row would look for its place in them."""
    with connection.cursor() as cursor:
        for table in FILLED:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
        yield
        for table in FILLED:
            column = "number" if table in ("runs_step", "runs_steptext") else "seq"
            cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (run_id, {column})")
