"""Reads trees: the skeleton of a run as columns, without any text. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.common.arrays import read_arrays
from apps.runs.models import Maker, Run, Score, Step
from apps.trees.columns import Document, write_columns
from apps.trees.steps import maker_as_json

# The index in this tuple is the origin's place in the flags, which pages know: new origins go to the end.
ORIGINS = ("generated", "forced", "proposed", "edited", "inherited", "imported")
# One statement, so that a step and its answer come from one state of the tables; flags: terminal 1, chosen 2,
# right 4, wrong 8, and from bit 4 on the origin.
SKELETON = """
    SELECT step.number, step.parent, step.born, COALESCE(step.pruned, 0) AS pruned, step.depth,
           LEAST(step.tokens, 65535) AS tokens, COALESCE(step.entropy, 'NaN')::float4 AS entropy,
           step.terminal::int + CASE WHEN step.chosen IS NULL THEN 0 ELSE 2 END
           + CASE answer.correct WHEN true THEN 4 WHEN false THEN 8 ELSE 0 END
           + 16 * (array_position(%(origins)s::varchar[], step.origin) - 1) AS flags
    FROM runs_step step LEFT JOIN runs_answer answer USING (run_id, number)
    WHERE step.run_id = %(run)s AND (%(numbers)s::int[] IS NULL OR step.number = ANY(%(numbers)s::int[]))
    ORDER BY step.number
"""
# No step is scored before it is born, and scores are found by their seq.
SCORES = """
    SELECT number, value FROM runs_score
    WHERE run_id = %(run)s AND seq > %(after)s AND maker_id = ANY(%(makers)s::bigint[]) ORDER BY seq
"""
# The events after which a row of a skeleton is another one; each names its step. A range of the log's primary key.
CHANGED = """
    SELECT DISTINCT (data ->> 'number')::int FROM runs_runevent
    WHERE run_id = %s AND seq > %s
        AND kind IN ('step-added', 'step-scored', 'step-pruned', 'answered', 'answer-chosen')
"""
COLUMNS = {"parent": "u32", "born": "u32", "pruned": "u32", "depth": "u16", "tokens": "u16", "entropy": "f16"}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The numbers of a tree, or of some of its steps: arrays of equal length in the order of the steps.

    scorer: who made `score`, the maker that scored first and so the one the run was played with; None where nobody did.
    """

    columns: dict[str, tuple[str, NDArray[Any]]]
    scorer: Maker | None


def skeleton(run: Run) -> Skeleton:
    """The tree of a run without its texts, in four queries whatever its size: arrays of shape (steps,), step n at
    n − 1. It holds at least what had happened by `run.seq`, which was read before.

    Raises ValueError where step numbers have gaps: the wire form of a whole tree has no column for them.
    """
    scorer = playing_scorer(run)
    rows = _rows(run, None)
    count = len(rows["number"])
    if count and int(rows["number"][-1]) != count:
        raise ValueError(f"Run {run.pk}: expected steps 1 to {count}, the last one is {rows['number'][-1]}.")
    return Skeleton(_columns(rows, _scores(run, scorer, rows)), scorer)


def delta(run: Run, after: int) -> Skeleton:
    """The steps that were added or changed after seq `after`, each as it is now, with their numbers in front; in five
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


def tree_document(run: Run, tree: Skeleton, **facts: int) -> Document:
    """A tree, or what changed of it, in its wire form; `facts` stand in its header beside where the run stands.

    chosen_seq: the event at which the chosen step was chosen first, null while none is."""
    at_choice = Step.objects.filter(run=run, number=run.chosen or 0).values_list("chosen", flat=True)
    known = {"run": run.pk, "seq": run.seq, "status": run.status, "step_count": run.step_count}
    known |= {"chosen": run.chosen, "chosen_seq": at_choice.first()}
    known["scorer"] = maker_as_json(tree.scorer) if tree.scorer else None
    return write_columns(tree.columns, {**known, **facts})


def _rows(run: Run, numbers: list[int] | None) -> dict[str, NDArray[Any]]:
    """The columns of some steps, or for None of all, by number."""
    names = ("number", *COLUMNS, "flags")
    return read_arrays(names, SKELETON, {"run": run.pk, "origins": list(ORIGINS), "numbers": numbers})


def _scores(run: Run, scorer: Maker | None, rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """The playing scorer's latest score of each row's step, NaN where there is none; no query for no row."""
    numbers = rows["number"]
    score = np.full(len(numbers), np.nan)
    if scorer is None or not len(numbers):
        return score
    given = read_scores(run, makers_alike(scorer), int(rows["born"].min()))
    # While the run is played, steps are scored that were not born yet when the rows were read.
    places = np.minimum(np.searchsorted(numbers, given["number"]), len(numbers) - 1)
    known = numbers[places] == given["number"]
    score[places[known]] = given["value"][known]
    return score


def read_scores(run: Run, makers: list[int], after: int) -> dict[str, NDArray[Any]]:
    """Columns `number` and `value` of the scores that some makers gave after seq `after`, the newest last."""
    return read_arrays(("number", "value"), SCORES, {"run": run.pk, "makers": makers, "after": after})


def _columns(rows: Mapping[str, NDArray[Any]], score: NDArray[Any]) -> dict[str, tuple[str, NDArray[Any]]]:
    columns = {name: (kind, rows[name]) for name, kind in COLUMNS.items()}
    return {**columns, "score": ("f16", score), "flags": ("u8", rows["flags"])}


def playing_scorer(run: Run) -> Maker | None:
    """The scorer the run was played with: the maker of its first score, since rescoring appends."""
    first = Score.objects.filter(run=run).order_by("seq").values("maker")[:1]
    return Maker.objects.filter(pk=first).first()


def makers_alike(scorer: Maker) -> list[int]:
    """The makers that count as one with the playing scorer: by its key, since where the run was taken over on another
    device, the same scorer is another maker."""
    return list(Maker.objects.filter(kind=scorer.kind, key=scorer.key).values_list("pk", flat=True))
