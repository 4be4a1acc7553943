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
    WHERE step.run_id = %(run)s ORDER BY step.number
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


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The numbers of a tree: arrays of shape (steps,), step n at n − 1.

    scorer: who made `score`, the maker that scored first and so the one the run was played with; None where nobody did.
    """

    columns: dict[str, tuple[str, NDArray[Any]]]
    scorer: Maker | None


def skeleton(run: Run) -> Skeleton:
    """The tree of a run without its texts, in three queries whatever its size.

    Raises ValueError where step numbers have gaps: the wire form has no column for them.
    """
    scorer = playing_scorer(run)
    with connection.cursor() as cursor:
        cursor.execute(SKELETON, {"run": run.pk, "origins": list(ORIGINS)})
        rows = np.array(cursor.fetchall(), dtype=ROW)
    if len(rows) and int(rows["number"][-1]) != len(rows):
        raise ValueError(f"Run {run.pk}: expected steps 1 to {len(rows)}, the last one is {rows['number'][-1]}.")
    score = np.full(len(rows), np.nan)
    if scorer is not None:
        # By its key: where the run was taken over on another device, the same scorer is another maker.
        scores = Score.objects.filter(run=run, maker__kind=scorer.kind, maker__key=scorer.key)
        given = scores.order_by("seq").values_list("number", "value")
        pairs = np.array(list(given), dtype=[("number", "u4"), ("value", "f8")])
        score[pairs["number"] - 1] = pairs["value"]
    kinds = {"parent": "u32", "born": "u32", "pruned": "u32", "depth": "u16", "tokens": "u16", "entropy": "f16"}
    columns = {name: (kind, rows[name]) for name, kind in kinds.items()}
    return Skeleton({**columns, "score": ("f16", score), "flags": ("u8", rows["flags"])}, scorer)


def playing_scorer(run: Run) -> Maker | None:
    """The scorer the run was played with: the maker of its first score, since rescoring appends."""
    first = Score.objects.filter(run=run).order_by("seq").values("maker")[:1]
    return Maker.objects.filter(pk=first).first()
