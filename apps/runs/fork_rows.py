"""The rows of forks: the branch that is inherited, the events that are copied; who may fork what it does not ask.

Everything works in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from apps.runs.log import trace_of
from apps.runs.makers import MakerIds
from apps.runs.rows import TABLES, RowEncoder
from workers.search.events import Event, Maker
from workers.search.inherited import InheritedStep

_BRANCH = """
WITH RECURSIVE branch (number, parent) AS (
    SELECT number, parent FROM runs_step WHERE run_id = %(run)s AND number = %(number)s
    UNION ALL
    SELECT step.number, step.parent FROM runs_step step JOIN branch ON step.number = branch.parent
    WHERE step.run_id = %(run)s
)
SELECT words.text, step.terminal, step.logprob, step.entropy,
    maker.kind, maker.key, maker.version, maker.revision, maker.arguments,
    tokens.ids, tokens.lengths, tokens.logprob, tokens.entropy, tokens.alternatives::text
FROM branch
JOIN runs_step step ON step.run_id = %(run)s AND step.number = branch.number
JOIN runs_steptext words ON words.run_id = %(run)s AND words.number = branch.number
JOIN runs_maker maker ON maker.id = step.maker_id
LEFT JOIN runs_steptokens tokens ON tokens.run_id = %(run)s AND tokens.number = branch.number
ORDER BY branch.number
"""

# A move is whole where the next event is of another one. The run's end, and the last scores that come with it, are not
# copied: there a run has ended, and cannot be continued.
_WHOLE = """
WITH placed AS (
    SELECT seq, kind, COALESCE((data ->> 'move')::int, 0) AS move FROM runs_runevent WHERE run_id = %(run)s
), followed AS (
    SELECT seq, kind, move, lead(move) OVER (ORDER BY seq) AS next FROM placed
)
SELECT max(seq) FILTER (WHERE seq <= %(seq)s), min(seq) FROM followed
WHERE move > 0 AND next IS DISTINCT FROM move AND kind <> 'run-failed'
    AND NOT EXISTS (SELECT 1 FROM placed ended WHERE ended.kind = 'run-finished' AND ended.move = followed.move)
"""

# Steps are numbered in order of birth, and a step's answer came with its own move: `steps` says which of both go along.
_COPIES = (
    """INSERT INTO runs_runevent (run_id, seq, kind, data, at)
    SELECT %(fork)s, seq, kind, data, at FROM runs_runevent WHERE run_id = %(run)s AND seq <= %(seq)s""",
    """INSERT INTO runs_step (run_id, number, parent, depth, origin, maker_id, tokens, logprob, entropy, terminal, born,
        pruned, chosen)
    SELECT %(fork)s, number, parent, depth, origin, maker_id, tokens, logprob, entropy, terminal, born,
        CASE WHEN pruned <= %(seq)s THEN pruned END, CASE WHEN chosen <= %(seq)s THEN chosen END
    FROM runs_step WHERE run_id = %(run)s AND born <= %(seq)s""",
    """INSERT INTO runs_steptext (run_id, number, text)
    SELECT %(fork)s, number, text FROM runs_steptext WHERE run_id = %(run)s AND number <= %(steps)s""",
    """INSERT INTO runs_steptokens (run_id, number, ids, lengths, logprob, entropy, alternatives)
    SELECT %(fork)s, number, ids, lengths, logprob, entropy, alternatives
    FROM runs_steptokens WHERE run_id = %(run)s AND number <= %(steps)s""",
    """INSERT INTO runs_score (run_id, seq, number, maker_id, value)
    SELECT %(fork)s, seq, number, maker_id, value FROM runs_score WHERE run_id = %(run)s AND seq <= %(seq)s""",
    """INSERT INTO runs_answer (run_id, number, text, class_key, correct, checker, version)
    SELECT %(fork)s, number, text, class_key, correct, checker, version
    FROM runs_answer WHERE run_id = %(run)s AND number <= %(steps)s""",
    """INSERT INTO runs_visit (run_id, seq, number, value, returns)
    SELECT %(fork)s, seq, number, value, returns FROM runs_visit WHERE run_id = %(run)s AND seq <= %(seq)s""",
)
_STEPS_BORN = "SELECT count(*) FROM runs_step WHERE run_id = %(run)s AND born <= %(seq)s"
_COUNTS = """
UPDATE runs_run SET seq = %(seq)s, step_count = %(steps)s, tokens_generated = spent.generated,
    tokens_computed = spent.computed, scorer_tokens = spent.scored, chosen = spent.chosen,
    answer_count = (SELECT count(*) FROM runs_answer WHERE run_id = %(fork)s),
    right_count = (SELECT count(*) FROM runs_answer WHERE run_id = %(fork)s AND correct)
FROM (
    SELECT COALESCE(sum((data ->> 'generated')::bigint), 0) AS generated,
        COALESCE(sum((data ->> 'computed')::bigint), 0) AS computed,
        COALESCE(sum((data ->> 'tokens')::bigint) FILTER (WHERE kind = 'step-scored'), 0) AS scored,
        max((data ->> 'number')::bigint) FILTER (WHERE kind = 'answer-chosen') AS chosen
    FROM runs_runevent WHERE run_id = %(fork)s
) spent WHERE id = %(fork)s
"""


def branch_steps(run_id: int, number: int) -> list[InheritedStep]:
    """The steps from the first below the question to step `number`, as another run inherits them; [] for none such."""
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH, {"run": run_id, "number": number})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        InheritedStep(
            text=text,
            maker=Maker(*made[:5]),
            terminal=terminal,
            logprob=logprob,
            entropy=entropy,
            trace=None if made[5] is None else trace_of(made[5:]),
        )
        for text, terminal, logprob, entropy, *made in rows
    ]


def whole_moves_until(run_id: int, seq: int) -> tuple[int | None, int | None]:
    """The seq at which the last whole move at or before `seq` ends, and at which the run's first one does; None where
    there is none. The move with which a run ended does not count."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, {"run": run_id, "seq": seq})
        last, first = cursor.fetchone()
    return last, first


def copy_log(run_id: int, fork_id: int, seq: int) -> None:
    """Give the fork, which has no rows yet, the run's events up to `seq`, the rows made of them, and the counts."""
    with connection.cursor() as cursor:
        given = {"run": run_id, "fork": fork_id, "seq": seq}
        cursor.execute(_STEPS_BORN, given)
        given["steps"] = cursor.fetchone()[0]
        for statement in (*_COPIES, _COUNTS):
            cursor.execute(statement, given)


def append(run_id: int, events: Sequence[Event], after: int) -> None:
    """Store events of a run that nobody plays yet, and count their steps; `after` is the seq of its last event."""
    encoder = RowEncoder(MakerIds())
    tally = encoder.add(run_id, events, after)
    with connection.cursor() as cursor:
        _copy_in(cursor, encoder)
        cursor.execute(
            "UPDATE runs_run SET seq = %s, step_count = step_count + %s WHERE id = %s", [tally.seq, tally.steps, run_id]
        )


def _copy_in(cursor: CursorWrapper, encoder: RowEncoder) -> None:
    for table, columns in TABLES.items():
        if lines := encoder.take(table):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(lines)
