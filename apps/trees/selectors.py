"""Reads trees: the skeleton of a run as columns, branches, steps with all that is known of them. It writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.runs.models import Answer, Maker, Run, RunEvent, Score, Step, StepText, StepTokens

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

BRANCH = """
    WITH RECURSIVE branch(number, parent) AS (
        SELECT number, parent FROM runs_step WHERE run_id = %(run)s AND number = %(number)s
        UNION ALL
        SELECT step.number, step.parent FROM runs_step step JOIN branch ON step.number = branch.parent
        WHERE step.run_id = %(run)s
    )
    SELECT number FROM branch ORDER BY number
"""


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


def branch_numbers(run: Run, number: int) -> list[int]:
    """The numbers of the steps from the root to one step, that step last; empty where there is no such step."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCH, {"run": run.pk, "number": number})
        return [row[0] for row in cursor.fetchall()]


def steps_in_full(run: Run, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Steps with text, scores, reasons and answers as JSON values, by number; five queries whatever their count.

    Numbers that do not exist are left out.
    """
    steps = list(Step.objects.filter(run=run, number__in=numbers).select_related("maker").order_by("number"))
    texts = dict(StepText.objects.filter(run=run, number__in=numbers).values_list("number", "text"))
    scores = latest_scores(run, numbers)
    reasons = reasons_at(run, (seq for step in steps for seq in (step.pruned, step.chosen) if seq is not None))
    answers = {answer.number: answer for answer in Answer.objects.filter(run=run, number__in=numbers)}
    return [
        {
            "number": step.number,
            "parent": step.parent,
            "depth": step.depth,
            "text": texts.get(step.number, ""),
            "origin": step.origin,
            "maker": maker_as_json(step.maker),
            "tokens": step.tokens,
            "logprob": finite(step.logprob),
            "entropy": finite(step.entropy),
            "terminal": step.terminal,
            "pruned_why": reasons.get(step.pruned, ""),
            "chosen_why": reasons.get(step.chosen, ""),
            "scores": scores.get(step.number, []),
            "answer": answer_as_json(answers.get(step.number)),
        }
        for step in steps
    ]


def latest_scores(run: Run, numbers: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """For each step the newest score of every maker, in the order in which the makers first scored it."""
    found: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    rows = Score.objects.filter(run=run, number__in=numbers).select_related("maker").order_by("seq")
    for row in rows:
        found[row.number][row.maker_id] = {"maker": maker_as_json(row.maker), "value": finite(row.value)}
    return {number: list(by_maker.values()) for number, by_maker in found.items()}


def reasons_at(run: Run, seqs: Iterable[int]) -> dict[int | None, str]:
    """The sentence of why that the events of these seqs carry."""
    events = RunEvent.objects.filter(run=run, seq__in=list(seqs)).values_list("seq", "data")
    return {seq: str(data.get("why", "")) for seq, data in events}


def step_tokens(run: Run, number: int) -> list[dict[str, Any]] | None:
    """The tokens of a step as JSON values, cut out of its text; empty where none are stored, None where no step is.

    Log-probability and entropy are in nats; what was stored as no finite number comes as None.
    """
    text = StepText.objects.filter(run=run, number=number).values_list("text", flat=True).first()
    if text is None:
        return None
    row = StepTokens.objects.filter(run=run, number=number).first()
    if row is None:
        return []
    lengths = np.frombuffer(row.lengths, dtype="<u2").astype(int)
    ends = np.cumsum(lengths)
    columns = zip(
        (ends - lengths).tolist(),
        ends.tolist(),
        np.frombuffer(row.ids, dtype="<u4").tolist(),
        np.frombuffer(row.logprob, dtype="<f2").tolist(),
        np.frombuffer(row.entropy, dtype="<f2").tolist(),
        strict=True,
    )
    return [
        {"text": text[start:end], "id": token, "logprob": finite(logprob), "entropy": finite(entropy)}
        for start, end, token, logprob, entropy in columns
    ]


def maker_as_json(maker: Maker) -> dict[str, str]:
    """A maker as pages show it."""
    return {"kind": maker.kind, "key": maker.key, "version": maker.version, "revision": maker.revision}


def answer_as_json(answer: Answer | None) -> dict[str, Any] | None:
    """An answer as pages show it."""
    if answer is None:
        return None
    return {
        "text": answer.text,
        "class_key": answer.class_key,
        "correct": answer.correct,
        "checker": answer.checker,
        "version": answer.version,
    }


def finite(value: float | None) -> float | None:
    """The value, or None where JSON has no word for it."""
    return value if value is not None and np.isfinite(value) else None
