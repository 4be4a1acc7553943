"""Reads steps with all that is known of them, for the panel beside the tree; writes nothing, reads no whole tree."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from apps.runs.models import Answer, Maker, Run, RunEvent, StepText, StepTokens

BRANCH = """
    WITH RECURSIVE branch(number, parent) AS (
        SELECT number, parent FROM runs_step WHERE run_id = %(run)s AND number = %(number)s
        UNION ALL
        SELECT step.number, step.parent FROM runs_step step JOIN branch ON step.number = branch.parent
        WHERE step.run_id = %(run)s
    )
    SELECT number FROM branch ORDER BY number
"""
# What events say of a step comes with its row, field by field: events are long, and most of them is not asked for.
# An event leaves fields at their default out.
STEPS = """
    SELECT step.number, step.parent, step.depth, step.origin, step.maker_id, step.tokens,
        COALESCE((birth.data ->> 'generated')::bigint, 0), COALESCE((birth.data ->> 'computed')::bigint, 0),
        step.logprob, step.entropy, step.terminal, step.born, step.pruned, COALESCE(prune.data ->> 'why', ''),
        step.chosen, COALESCE(choice.data ->> 'why', ''), COALESCE(words.text, '')
    FROM runs_step step
    LEFT JOIN runs_runevent birth ON birth.run_id = step.run_id AND birth.seq = step.born
    LEFT JOIN runs_runevent prune ON prune.run_id = step.run_id AND prune.seq = step.pruned
    LEFT JOIN runs_runevent choice ON choice.run_id = step.run_id AND choice.seq = step.chosen
    LEFT JOIN runs_steptext words ON words.run_id = step.run_id AND words.number = step.number
    WHERE step.run_id = %(run)s AND step.number = ANY(%(numbers)s::int[])
    ORDER BY step.number
"""
SCORES = """
    SELECT score.number, score.maker_id, score.value, score.seq, COALESCE((event.data ->> 'tokens')::bigint, 0)
    FROM runs_score score LEFT JOIN runs_runevent event ON event.run_id = score.run_id AND event.seq = score.seq
    WHERE score.run_id = %(run)s AND score.number = ANY(%(numbers)s::int[])
    ORDER BY score.seq
"""
REPEATED = "step-repeated"


class StepRow(NamedTuple):
    """A step as STEPS has it. born, pruned, chosen: events; generated, computed: tokens."""

    number: int
    parent: int
    depth: int
    origin: str
    maker: int
    tokens: int
    generated: int
    computed: int
    logprob: float | None
    entropy: float | None
    terminal: bool
    born: int
    pruned: int | None
    pruned_why: str
    chosen: int | None
    chosen_why: str
    text: str


class ScoreRow(NamedTuple):
    """A score as SCORES has it. tokens: what the scorer had to compute for it."""

    number: int
    maker: int
    value: float
    seq: int
    tokens: int


def branch_numbers(run: Run, number: int) -> list[int]:
    """The numbers of the steps from the root to one step, that step last; empty where there is no such step."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCH, {"run": run.pk, "number": number})
        return [row[0] for row in cursor.fetchall()]


def steps_in_full(run: Run, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Steps with text, scores, reasons, costs and answers as JSON values, by number; five queries whatever their count.

    born, pruned and chosen are the events at which that happened, null where it did not; generated and computed are
    tokens. Numbers that do not exist are left out.
    """
    asked: dict[str, Any] = {"run": run.pk, "numbers": list(numbers)}
    with connection.cursor() as cursor:
        cursor.execute(STEPS, asked)
        steps = [StepRow(*row) for row in cursor.fetchall()]
        cursor.execute(SCORES, asked)
        rows = [ScoreRow(*row) for row in cursor.fetchall()]
    known = Maker.objects.in_bulk({row.maker for row in steps} | {row.maker for row in rows})
    makers = {key: maker_as_json(maker) for key, maker in known.items()}
    scores = scores_by_maker(rows, makers)
    repeats = repeats_of(run, numbers)
    answers = answers_of(run, numbers)
    return [
        {
            **step._asdict(),
            "maker": makers[step.maker],
            "logprob": finite(step.logprob),
            "entropy": finite(step.entropy),
            "scores": scores.get(step.number, []),
            "repeats": repeats.get(step.number),
            "answer": answers.get(step.number),
        }
        for step in steps
    ]


def events_at(run: Run, seqs: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the events of these seqs hold, by seq: rows by their primary key, in one query."""
    return dict(RunEvent.objects.filter(run=run, seq__in=list(seqs)).values_list("seq", "data"))


def why(seq: int | None, events: Mapping[int, Mapping[str, Any]]) -> str:
    """The sentence of why that the event of a prune or a choice carries."""
    return "" if seq is None else str(events.get(seq, {}).get("why", ""))


def scores_by_maker(
    rows: Iterable[ScoreRow], makers: Mapping[int, Mapping[str, str]]
) -> dict[int, list[dict[str, Any]]]:
    """For each step the newest score of every maker with its earlier ones, in the order in which the makers came.

    rows: in the order of seq; makers: as JSON values, by id.
    """
    given: defaultdict[int, dict[int, list[ScoreRow]]] = defaultdict(dict)
    for row in rows:
        given[row.number].setdefault(row.maker, []).append(row)
    return {
        number: [
            {
                "maker": makers[newest.maker],
                "value": finite(newest.value),
                "seq": newest.seq,
                "tokens": newest.tokens,
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


TOLD_OF_ANSWERS = ("text", "class_key", "correct", "checker", "version")


def answers_of(run: Run, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The answers of those of the steps that have one, as pages show them; one query."""
    rows = Answer.objects.filter(run=run, number__in=numbers).values_list("number", *TOLD_OF_ANSWERS)
    return {number: dict(zip(TOLD_OF_ANSWERS, values, strict=True)) for number, *values in rows}


def finite(value: float | None) -> float | None:
    """The value, or None where JSON has no word for it."""
    return value if value is not None and math.isfinite(value) else None
