"""What a run comes to once it has ended, from its rows: chosen score, best score, right or wrong; it ends no run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import Cursor

from workers.search.events import AnswerChosen, Answered, Event, RunStarted, StepAdded, StepScored

# The playing scorer is the one the run-started event names, which comes first, or after the steps a fork inherits; what
# another scorer appends does not count here. It is known by its key: a worker that takes the run over may have another
# device or other versions of libraries, which makes another maker. Of several numbers for one step the last stands.
_SETTLE = """
WITH playing AS (
    SELECT run.id AS run_id, maker.id AS maker_id
    FROM unnest(%(runs)s::bigint[]) AS run (id)
    CROSS JOIN LATERAL (
        SELECT data FROM runs_runevent
        WHERE run_id = run.id AND kind = 'run-started' ORDER BY seq LIMIT 1
    ) AS started
    CROSS JOIN LATERAL jsonb_array_elements(started.data -> 'makers') AS named (id)
    JOIN runs_maker started_with ON started_with.id = named.id::bigint AND started_with.kind = 'scorer'
    JOIN runs_maker maker ON maker.kind = 'scorer' AND maker.key = started_with.key
), scored AS (
    SELECT DISTINCT ON (step.run_id, step.number) step.run_id, step.number, step.terminal, score.value
    FROM runs_step step
    JOIN runs_run run ON run.id = step.run_id
    JOIN runs_score score ON score.run_id = step.run_id AND score.number = step.number
    JOIN playing ON playing.run_id = score.run_id AND playing.maker_id = score.maker_id
    WHERE step.run_id = ANY(%(runs)s) AND (step.terminal OR step.number = run.chosen)
    ORDER BY step.run_id, step.number, score.seq DESC
), best AS (
    SELECT run_id, max(value) AS value FROM scored WHERE terminal GROUP BY run_id
)
UPDATE runs_run run SET
    best_score = (SELECT best.value FROM best WHERE best.run_id = run.id),
    chosen_score = (SELECT scored.value FROM scored WHERE scored.run_id = run.id AND scored.number = run.chosen),
    correct = (
        SELECT answer.correct FROM runs_answer answer WHERE answer.run_id = run.id AND answer.number = run.chosen
    )
WHERE run.id = ANY(%(runs)s)
"""


def settle(cursor: CursorWrapper | Cursor[Any], run_ids: Sequence[int]) -> None:
    """Write best_score, chosen_score and correct of ended runs, inside the caller's transaction."""
    cursor.execute(_SETTLE, {"runs": list(run_ids)})


def settled(events: Sequence[Event]) -> tuple[float | None, float | None, bool | None]:
    """best_score, chosen_score and correct of a run whose whole log is at hand: what `settle` writes, without asking.

    For bulk writes: on tables that were empty a moment ago the statement above is planned without statistics, and took
    minutes for 500 runs (2026-11)."""
    playing: set[str] = set()
    scores: dict[int, float] = {}
    terminal: list[int] = []
    correct: dict[int, bool | None] = {}
    chosen: int | None = None
    for event in events:
        if type(event) is StepScored:
            if event.maker.key in playing:
                scores[event.number] = event.value
        elif type(event) is StepAdded:
            if event.terminal:
                terminal.append(event.number)
        elif type(event) is Answered:
            correct[event.number] = event.correct
        elif type(event) is AnswerChosen:
            chosen = event.number
        elif type(event) is RunStarted:
            playing = {maker.key for maker in event.makers if maker.kind == "scorer"}
    best = max((scores[number] for number in terminal if number in scores), default=None)
    if chosen is None:
        return best, None, None
    return best, scores.get(chosen), correct.get(chosen)
