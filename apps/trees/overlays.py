"""Reads the numbers that steps may be coloured by, one overlay at a time, and a run's visits; it reads no text.

An overlay is known by a key: `score-<id of its maker>`, or a word of `COUNTED` or `OF_LABELS`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.common.arrays import read_arrays
from apps.runs.models import Maker, Run
from apps.trees.columns import Document, write_columns
from apps.trees.selectors import makers_alike, playing_scorer, read_scores
from apps.trees.steps import maker_as_json

SCORE = "score-"
LOGPROB = "logprob"
# Of each maker how many steps it scored, the one that scored first in front.
SCORED = """
    SELECT maker_id, count(DISTINCT number) FROM runs_score WHERE run_id = %s GROUP BY maker_id ORDER BY min(seq)
"""
# What people say now of each step, by verdict; labels have no seq, so that they are told whole every time.
_SAID = """
    SELECT number, verdict, count(*) AS people FROM (
        SELECT DISTINCT ON (number, labeller_id) number, verdict FROM labels_label
        WHERE run_id = %(run)s ORDER BY number, labeller_id, id DESC
    ) newest WHERE verdict <> '' GROUP BY number, verdict
"""
OF_LABELS = {
    "agreement": f"""
        SELECT number, (sum(people * (people - 1)) / (sum(people) * (sum(people) - 1)))::float4 AS value
        FROM ({_SAID}) said GROUP BY number HAVING sum(people) > 1 ORDER BY number
    """,  # noqa: S608  # put together from constants
    "labellers": f"""
        SELECT number, sum(people)::float4 AS value FROM ({_SAID}) said
        GROUP BY number HAVING sum(people) > 1 ORDER BY number
    """,  # noqa: S608
}
_SEVERAL = """
    SELECT count(*) FROM (
        SELECT number FROM labels_label WHERE run_id = %s GROUP BY number HAVING count(DISTINCT labeller_id) > 1
    ) judged
"""
COUNTED = {
    LOGPROB: "SELECT count(logprob) FROM runs_step WHERE run_id = %s",
    "visits": "SELECT count(*) FROM runs_visit WHERE run_id = %s",
}
LOGPROBS = """
    SELECT number, logprob::float4 AS value FROM runs_step
    WHERE run_id = %(run)s AND born > %(after)s AND logprob IS NOT NULL ORDER BY number
"""
VISITS = """
    SELECT seq, number, value, COALESCE(octet_length(returns), 0) AS bytes FROM runs_visit
    WHERE run_id = %(run)s AND seq > %(after)s ORDER BY seq
"""
RETURNS = "SELECT string_agg(returns, '' ORDER BY seq) FROM runs_visit WHERE run_id = %s AND seq > %s AND seq <= %s"
RETURN_BYTES = 8


def overlays_of(run: Run) -> list[dict[str, Any]]:
    """The overlays that have values in this run, as JSON values: key, kind and count, of scores also who made them."""
    with connection.cursor() as cursor:
        cursor.execute(SCORED, [run.pk])
        scored: dict[int, int] = dict(cursor.fetchall())
        counts = {key: _number(cursor, statement, run) for key, statement in COUNTED.items()}
        counts |= dict.fromkeys(OF_LABELS, _number(cursor, _SEVERAL, run))
    playing = playing_scorer(run)
    alike = set(makers_alike(playing)) if playing else set()
    makers = Maker.objects.in_bulk(list(scored))
    found = []
    for maker_id in scored:
        if playing and maker_id in alike and maker_id != playing.pk:
            continue
        is_playing = playing is not None and maker_id == playing.pk
        count = sum(scored[one] for one in scored if one in alike) if is_playing else scored[maker_id]
        named = {"key": f"{SCORE}{maker_id}", "kind": "score", "maker": maker_as_json(makers[maker_id])}
        found.append({**named, "count": count, "playing": is_playing})
    return found + [{"key": key, "kind": key, "count": count} for key, count in counts.items() if count]


def overlay_document(run: Run, key: str, after: int) -> Document | None:
    """The values of one overlay that came after seq `after`: columns `number`, rising, and `value`.

    Of several scores of a step the newest stands. What people say comes whole, whatever `after` is. None where the run
    has no such overlay.
    """
    if key in OF_LABELS:
        columns = read_arrays(("number", "value"), OF_LABELS[key], {"run": run.pk})
    elif key == LOGPROB:
        columns = read_arrays(("number", "value"), LOGPROBS, {"run": run.pk, "after": after})
    else:
        makers = _makers_of(run, key)
        if not makers:
            return None
        columns = _newest(read_scores(run, makers, after))
    table = {"number": ("u32", columns["number"]), "value": ("f32", columns["value"])}
    return write_columns(table, {"run": run.pk, "seq": run.seq, "overlay": key, "after": after})


def visits_document(run: Run, after: int) -> Document:
    """The simulations after seq `after`, in order: columns `seq`, `number` and `value`, and in the header `returns`.

    returns: of each simulation what the question and each step of its branch is credited with, [] where all of them
    are credited with `value`; null where that is so of all simulations.
    """
    rows = read_arrays(("seq", "number", "value", "bytes"), VISITS, {"run": run.pk, "after": after})
    table = {name: (kind, rows[name]) for name, kind in (("seq", "u32"), ("number", "u32"), ("value", "f64"))}
    last = int(rows["seq"][-1]) if len(rows["seq"]) else after
    returns = _returns(run, after, last, rows["bytes"]) if rows["bytes"].any() else None
    return write_columns(table, {"run": run.pk, "seq": run.seq, "after": after, "returns": returns})


def _makers_of(run: Run, key: str) -> list[int]:
    """The makers whose scores an overlay shows; none where it is not one of this run's."""
    given = key.removeprefix(SCORE)
    if given == key or not (given.isascii() and given.isdigit() and len(given) < 19):
        return []
    maker = int(given)
    playing = playing_scorer(run)
    if playing is not None and maker == playing.pk:
        return makers_alike(playing)
    return [maker] if run.scores.filter(maker=maker).exists() else []


def _newest(given: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Of each step the last of its scores, by number."""
    numbers, places = np.unique(given["number"][::-1], return_index=True)
    return {"number": numbers, "value": given["value"][::-1][places]}


def _returns(run: Run, after: int, last: int, sizes: NDArray[Any]) -> list[list[float]]:
    with connection.cursor() as cursor:
        cursor.execute(RETURNS, [run.pk, after, last])
        (stored,) = cursor.fetchone()
    values = np.frombuffer(stored, "<f8").tolist()
    ends = (np.cumsum(sizes) // RETURN_BYTES).tolist()
    return [values[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _number(cursor: Any, statement: str, run: Run) -> int:
    cursor.execute(statement, [run.pk])
    return int(cursor.fetchone()[0])
