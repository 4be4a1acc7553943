"""Reads trees: the skeleton of a run as columns, without any text. It writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.runs.models import Maker, Run, Score

# The index in this tuple is the origin's place in the flags, which pages know: new origins go to the end.
ORIGINS = ("generated", "forced", "proposed", "edited", "inherited", "imported")
# One statement, so that a step and its answer come from one state of the tables; flags: terminal 1, chosen 2,
# right 4, wrong 8, and from bit 4 on the origin.
SKELETON = """
    SELECT step.number, step.parent, step.born, COALESCE(step.pruned, 0), step.depth, LEAST(step.tokens, 65535),
           COALESCE(step.entropy, 'NaN'::float8),
           step.terminal::int + CASE WHEN step.chosen IS NULL THEN 0 ELSE 2 END
           + CASE answer.correct WHEN true THEN 4 WHEN false THEN 8 ELSE 0 END
           + 16 * (array_position(%(origins)s::varchar[], step.origin) - 1)
    FROM runs_step step LEFT JOIN runs_answer answer USING (run_id, number)
    WHERE step.run_id = %(run)s AND (%(numbers)s::int[] IS NULL OR step.number = ANY(%(numbers)s::int[]))
    ORDER BY step.number
"""
# The events after which a row of a skeleton is another one; each names its step. A range of the log's primary key.
CHANGED = """
    SELECT DISTINCT (data ->> 'number')::int FROM runs_runevent
    WHERE run_id = %s AND seq > %s
        AND kind IN ('step-added', 'step-scored', 'step-pruned', 'answered', 'answer-chosen')
"""
ROW = np.dtype(
    [
        ("number", "u4"),
        ("parent", "u4"),
        ("born", "u4"),
        ("pruned", "u4"),
        ("depth", "u2"),
        ("tokens", "u2"),
        ("entropy", "f8"),
        ("flags", "u1"),
    ]
)


COLUMNS = {"parent": "u32", "born": "u32", "pruned": "u32", "depth": "u16", "tokens": "u16", "entropy": "f16"}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The numbers of a tree, or of some of its steps: arrays of equal length in the order of the steps.

    scorer: who made `score`, the maker that scored first and so the one the run was played with; None where nobody did.
    """

    columns: dict[str, tuple[str, NDArray[Any]]]
    scorer: Maker | None


def skeleton(run: Run) -> Skeleton:
    """The tree of a run without its texts, in three queries whatever its size: arrays of shape (steps,), step n at
    n − 1. It holds at least what had happened by `run.seq`, which was read before.

    Raises ValueError where step numbers have gaps: the wire form of a whole tree has no column for them.
    """
    scorer = playing_scorer(run)
    rows = _rows(run, None)
    if len(rows) and int(rows["number"][-1]) != len(rows):
        raise ValueError(f"Run {run.pk}: expected steps 1 to {len(rows)}, the last one is {rows['number'][-1]}.")
    return Skeleton(_columns(rows, _scores(run, scorer, rows)), scorer)


def delta(run: Run, after: int) -> Skeleton:
    """The steps that were added or changed after seq `after`, each as it is now, with their numbers in front; in four
    queries, over as much of the log as has been written since and since the oldest of these steps was born.

    It holds at least what had happened by `run.seq`: laid over a tree that is known up to `after` or further, it makes
    it known up to there. What comes later may be in it too, and comes again with the next one."""
    scorer = playing_scorer(run)
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, [run.pk, after])
        numbers = [row[0] for row in cursor.fetchall()]
    rows = _rows(run, numbers)
    columns = _columns(rows, _scores(run, scorer, rows))
    return Skeleton({"number": ("u32", rows["number"]), **columns}, scorer)


def _rows(run: Run, numbers: list[int] | None) -> NDArray[Any]:
    """The rows of some steps, or for None of all, by number."""
    with connection.cursor() as cursor:
        cursor.execute(SKELETON, {"run": run.pk, "origins": list(ORIGINS), "numbers": numbers})
        return np.array(cursor.fetchall(), dtype=ROW)


def _scores(run: Run, scorer: Maker | None, rows: NDArray[Any]) -> NDArray[Any]:
    """The playing scorer's latest score of each row's step, NaN where there is none; no query for no row."""
    score = np.full(len(rows), np.nan)
    if scorer is None or not len(rows):
        return score
    # By its key: where the run was taken over on another device, the same scorer is another maker. No step is scored
    # before it is born, and scores are found by their seq.
    scores = Score.objects.filter(
        run=run, seq__gt=int(rows["born"].min()), maker__kind=scorer.kind, maker__key=scorer.key
    )
    given = scores.order_by("seq").values_list("number", "value")
    pairs = np.array(list(given), dtype=[("number", "u4"), ("value", "f8")])
    # While the run is played, steps are scored that were not born yet when the rows were read.
    places = np.minimum(np.searchsorted(rows["number"], pairs["number"]), len(rows) - 1)
    known = rows["number"][places] == pairs["number"]
    score[places[known]] = pairs["value"][known]
    return score


def _columns(rows: NDArray[Any], score: NDArray[Any]) -> dict[str, tuple[str, NDArray[Any]]]:
    columns = {name: (kind, rows[name]) for name, kind in COLUMNS.items()}
    return {**columns, "score": ("f16", score), "flags": ("u8", rows["flags"])}


def playing_scorer(run: Run) -> Maker | None:
    """The scorer the run was played with: the maker of its first score, since rescoring appends."""
    first = Score.objects.filter(run=run).order_by("seq").values("maker")[:1]
    return Maker.objects.filter(pk=first).first()
