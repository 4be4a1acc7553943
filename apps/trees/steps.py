"""Reads steps with all that is known of them, for the panel beside the tree; writes nothing, reads no whole tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection

from apps.runs.models import Answer, Maker, Run, RunEvent, Score, Step, StepText, StepTokens

BRANCH = """
    WITH RECURSIVE branch(number, parent) AS (
        SELECT number, parent FROM runs_step WHERE run_id = %(run)s AND number = %(number)s
        UNION ALL
        SELECT step.number, step.parent FROM runs_step step JOIN branch ON step.number = branch.parent
        WHERE step.run_id = %(run)s
    )
    SELECT number FROM branch ORDER BY number
"""
REPEATED = "step-repeated"
# Whole numbers out of an event, which leaves fields at their default out.
COSTS = ("generated", "computed")


def branch_numbers(run: Run, number: int) -> list[int]:
    """The numbers of the steps from the root to one step, that step last; empty where there is no such step."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCH, {"run": run.pk, "number": number})
        return [row[0] for row in cursor.fetchall()]


def steps_in_full(run: Run, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Steps with text, scores, reasons, costs and answers as JSON values, by number; six queries whatever their count.

    born, pruned and chosen are the events at which that happened, null where it did not; generated and computed are
    tokens. Numbers that do not exist are left out.
    """
    steps = list(Step.objects.filter(run=run, number__in=numbers).select_related("maker").order_by("number"))
    texts = dict(StepText.objects.filter(run=run, number__in=numbers).values_list("number", "text"))
    rows = list(Score.objects.filter(run=run, number__in=numbers).select_related("maker").order_by("seq"))
    told_by = [seq for step in steps for seq in (step.born, step.pruned, step.chosen) if seq is not None]
    events = events_at(run, [*told_by, *(row.seq for row in rows)])
    scores = scores_by_maker(rows, events)
    repeats = repeats_of(run, numbers)
    answers = {answer.number: answer for answer in Answer.objects.filter(run=run, number__in=numbers)}
    return [
        {
            **step_as_json(step, events),
            "text": texts.get(step.number, ""),
            "scores": scores.get(step.number, []),
            "repeats": repeats.get(step.number),
            "answer": answer_as_json(answers.get(step.number)),
        }
        for step in steps
    ]


def step_as_json(step: Step, events: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """What a step's row and the events of its birth, its prune and its choice say."""
    return {
        "number": step.number,
        "parent": step.parent,
        "depth": step.depth,
        "origin": step.origin,
        "maker": maker_as_json(step.maker),
        "tokens": step.tokens,
        **{name: events.get(step.born, {}).get(name, 0) for name in COSTS},
        "logprob": finite(step.logprob),
        "entropy": finite(step.entropy),
        "terminal": step.terminal,
        "born": step.born,
        "pruned": step.pruned,
        "pruned_why": why(step.pruned, events),
        "chosen": step.chosen,
        "chosen_why": why(step.chosen, events),
    }


def events_at(run: Run, seqs: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the events of these seqs hold, by seq: rows by their primary key, in one query."""
    return dict(RunEvent.objects.filter(run=run, seq__in=list(seqs)).values_list("seq", "data"))


def why(seq: int | None, events: Mapping[int, Mapping[str, Any]]) -> str:
    """The sentence of why that the event of a prune or a choice carries."""
    return "" if seq is None else str(events.get(seq, {}).get("why", ""))


def scores_by_maker(rows: Iterable[Score], events: Mapping[int, Mapping[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """For each step the newest score of every maker with its earlier ones, in the order in which the makers came.

    rows: in the order of seq. tokens: what the scorer had to compute for it.
    """
    given: defaultdict[int, dict[int, list[Score]]] = defaultdict(dict)
    for row in rows:
        given[row.number].setdefault(row.maker_id, []).append(row)
    return {
        number: [
            {
                "maker": maker_as_json(newest.maker),
                "value": finite(newest.value),
                "seq": newest.seq,
                "tokens": events.get(newest.seq, {}).get("tokens", 0),
                "earlier": [{"value": finite(row.value), "seq": row.seq} for row in earlier],
            }
            for *earlier, newest in by_maker.values()
        ]
        for number, by_maker in given.items()
    }


def repeats_of(run: Run, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often steps were drawn again and dropped, and what that cost in tokens; only of those that were."""
    events = RunEvent.objects.filter(run=run, kind=REPEATED, data__number__in=list(numbers))
    found: dict[int, dict[str, int]] = {}
    for data in events.values_list("data", flat=True):
        sums = found.setdefault(data["number"], {"times": 0, "generated": 0, "computed": 0})
        for name in sums:
            sums[name] += data[name]
    return found


def step_tokens(run: Run, number: int) -> list[dict[str, Any]] | None:
    """The tokens of a step as JSON values, cut out of its text; empty where none are stored, None where no step is.

    Log-probability and entropy are in nats; what was stored as no finite number comes as None. alternatives: the
    likeliest tokens at the place, the likeliest first; None where the experiment did not ask for any.
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
        [None] * len(lengths) if row.alternatives is None else row.alternatives,
        strict=True,
    )
    return [
        {
            "text": text[start:end],
            "id": token,
            "logprob": finite(logprob),
            "entropy": finite(entropy),
            "alternatives": None if others is None else [{"text": other, "logprob": nats} for other, nats in others],
        }
        for start, end, token, logprob, entropy, others in columns
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
