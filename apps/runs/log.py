"""Stored rows back into the core's events, for runs that are played on and for forks; it writes nothing.

It fills no gap: a row that is missing is damage, and is said by the run and step it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import orjson
from django.db import connection

from workers.search.events import Alternatives, Event, Maker, StepAdded, TokenTrace
from workers.search.events_json import KINDS

# The server says seconds since 1970 as a float64, rounded correctly from its microseconds: the float the stamp was
# rounded to before it was stored.
_EVENTS = """
SELECT run_id, seq, kind, data::text, extract(epoch FROM at)::float8
FROM runs_runevent WHERE run_id = ANY(%s) ORDER BY run_id, seq
"""
_TEXTS = "SELECT run_id, number, text FROM runs_steptext WHERE run_id = ANY(%s)"
_TOKENS = """
SELECT run_id, number, ids, lengths, logprob, entropy, alternatives::text
FROM runs_steptokens WHERE run_id = ANY(%s)
"""
_MAKERS = "SELECT id, kind, key, version, revision, arguments FROM runs_maker WHERE id = ANY(%s)"
# The server writes a number without its exponent, so a great one comes back as digits; these fields are floats.
_FLOATS = ("value", "logprob", "entropy", "limit", "spent")

Place = tuple[int, int]


class DamagedLog(LookupError):
    """Rows that belong together are not all there; says which run lacks what."""


def read_log(run_id: int) -> list[Event]:
    """What is stored of one run; see `read_logs`."""
    return read_logs([run_id])[run_id]


def read_logs(run_ids: Iterable[int]) -> dict[int, list[Event]]:
    """The events of each run in the order of seq, in four queries whatever their number; [] for a run without any.

    They equal those that were stored, up to what storage cannot hold: log-probabilities and entropies of single tokens
    are 16-bit floats, U+0000 and lone surrogates were replaced, stamps were rounded to the microsecond, and in notes
    and parameters a float of 2^53 or more came to be an integer.

    Raises DamagedLog where a step's text or a maker is not there."""
    wanted = list(run_ids)
    logs: dict[int, list[Event]] = {run_id: [] for run_id in wanted}
    # Events first: what is committed meanwhile can only add texts that no event read here asks for.
    stored = [(*row[:3], orjson.loads(row[3]), row[4]) for row in _rows(_EVENTS, wanted)]
    texts: dict[Place, str] = {(run_id, number): text for run_id, number, text in _rows(_TEXTS, wanted)}
    tokens: dict[Place, Sequence[Any]] = {(row[0], row[1]): row[2:] for row in _rows(_TOKENS, wanted)}
    makers = _makers(data for _, _, _, data, _ in stored)
    for run_id, seq, kind, data, at in stored:
        if kind == StepAdded.kind:
            place = (run_id, data["number"])
            if place not in texts:
                raise DamagedLog(f"Run {run_id}: step {place[1]} has no text stored; restore it from a backup.")
            data["text"], data["trace"] = texts[place], trace_of(tokens.get(place))
        logs[run_id].append(_event(kind, seq, at, data, partial(_made_by, makers, run_id)))
    return logs


def _rows(statement: str, wanted: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(wanted)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _makers(events: Iterable[Mapping[str, Any]]) -> dict[int, Maker]:
    """The makers that events name, by id; equal ids are one object, which a sink looks up fastest."""
    ids: set[int] = set()
    for data in events:
        if "maker" in data:
            ids.add(data["maker"])
        ids.update(data.get("makers", ()))
    return {maker_id: Maker(*fields) for maker_id, *fields in _rows(_MAKERS, sorted(ids))}


def _made_by(makers: Mapping[int, Maker], run_id: int, maker_id: int) -> Maker:
    if maker_id not in makers:
        raise DamagedLog(f"Run {run_id}: its events name maker {maker_id}, which is not stored; restore it.")
    return makers[maker_id]


def _event(kind: str, seq: int, at: float, data: dict[str, Any], made_by: Callable[[int], Maker]) -> Event:
    """The event of its stored fields; those at their default were left out."""
    if "maker" in data:
        data["maker"] = made_by(data["maker"])
    if "makers" in data:
        data["makers"] = tuple(map(made_by, data["makers"]))
    for name in _FLOATS:
        if data.get(name) is not None:
            data[name] = float(data[name])
    if "returns" in data:
        data["returns"] = tuple(map(float, data["returns"]))
    event: Event = KINDS[kind](seq=seq, at=at, **data)
    return event


def trace_of(row: Sequence[Any] | None) -> TokenTrace | None:
    """The trace of a step's four stored arrays (ids, lengths, logprob, entropy) and the JSON text of its alternatives,
    None where there are none; None for no row."""
    if row is None:
        return None
    *stored, written = row
    arrays = zip(stored, ("<u4", "<u2", "<f2", "<f2"), strict=True)
    ids, lengths, logprobs, entropies = (tuple(np.frombuffer(array, dtype).tolist()) for array, dtype in arrays)
    return TokenTrace(ids, lengths, logprobs, entropies, None if written is None else _alternatives(written))


def _alternatives(written: str) -> tuple[Alternatives, ...]:
    places = orjson.loads(written)
    return tuple([tuple([(text, float(logprob)) for text, logprob in place]) for place in places])
