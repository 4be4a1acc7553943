"""Reads the log of a run for replay: all of it as columns, or some of its events in full; it reads no step's text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

import numpy as np

from apps.common.arrays import read_arrays
from apps.common.errors import Refused
from apps.runs.models import Maker, Run, RunEvent
from apps.trees.columns import Document, write_columns
from apps.trees.steps import maker_as_json
from workers.search.events_json import KINDS

# The index in this tuple is the value of column `kind`. The most frequent ones come first, because each row of a log
# is compared with them in turn.
_OFTEN = ("step-added", "step-scored", "step-pruned")
KIND_NAMES = (*_OFTEN, *(kind for kind in KINDS if kind not in _OFTEN))
LOG = """
    SELECT array_position(%(kinds)s::varchar[], kind) - 1 AS kind, COALESCE((data ->> 'number')::int, 0) AS number,
           COALESCE((data ->> 'move')::int, 0) AS move, COALESCE((data ->> 'generated')::int, 0) AS generated,
           COALESCE((data ->> 'maker')::bigint, 0) AS maker,
           CASE kind WHEN 'step-scored' THEN (data ->> 'value')::float4 ELSE 'NaN' END AS value, at
    FROM runs_runevent WHERE run_id = %(run)s AND seq > %(after)s AND seq <= %(seq)s ORDER BY seq
"""
BEGAN = "SELECT at FROM runs_runevent WHERE run_id = %(run)s AND seq = 1"
COLUMNS = ("kind", "number", "move", "generated", "maker", "value", "at")
NO_MAKER = 255
MICROSECONDS = 1_000_000
# Fields that are no part of an event's row in the log: a step's text and its tokens, which have addresses of their own.
ELSEWHERE = {"seq", "at", "trace"}


def log_document(run: Run, after: int) -> Document:
    """The events after seq `after` up to `run.seq`, one a row: columns kind, number, move, tokens, value, maker, at.

    tokens: generated until then, repeats and all before `after` included; at: seconds since the run's first event.
    Kinds and makers are indices into the header's. Raises Refused where a run has more makers than the column holds.
    """
    names = {"run": run.pk, "after": after, "seq": run.seq, "kinds": list(KIND_NAMES)}
    rows = read_arrays(COLUMNS, LOG, names)
    ids, maker = np.unique(rows["maker"], return_inverse=True)
    made_by = [int(one) for one in ids if one]
    if len(made_by) >= NO_MAKER:
        raise Refused(f"Run {run.pk} has {len(made_by)} makers; a log holds {NO_MAKER - 1}.", code="too-many-makers")
    # What was generated before `after` is the run's sum without what follows, so that a short rest is read fast.
    tokens = np.cumsum(rows["generated"], dtype=np.int64)
    before = run.tokens_generated - (int(tokens[-1]) if len(tokens) else 0)
    began = read_arrays(("at",), BEGAN, {"run": run.pk})["at"]
    places = np.where(rows["maker"] == 0, NO_MAKER, maker - (len(ids) - len(made_by)))
    columns = {
        "kind": ("u8", rows["kind"]),
        "number": ("u32", rows["number"]),
        "move": ("u32", rows["move"]),
        "tokens": ("u32", tokens + before),
        "value": ("f32", rows["value"]),
        "maker": ("u8", places),
        "at": ("f64", (rows["at"] - began[0]) / MICROSECONDS if len(began) else rows["at"]),
    }
    known = Maker.objects.in_bulk(made_by)
    makers = [{"id": one, **maker_as_json(known[one])} for one in made_by]
    facts = {"run": run.pk, "seq": run.seq, "after": after, "kinds": KIND_NAMES, "makers": makers}
    return write_columns(columns, facts)


def events_in_full(run: Run, first: int, last: int) -> list[dict[str, Any]]:
    """The events from seq `first` to `last` as JSON values, makers as objects; those that are not there are left out.

    at: when it happened, ISO 8601. A field at its default, which the log leaves out, stands there with it.
    """
    rows = list(RunEvent.objects.filter(run=run, seq__gte=first, seq__lte=last).order_by("seq"))
    named = {maker for row in rows for maker in _makers_named(row.data)}
    makers = {one.pk: maker_as_json(one) for one in Maker.objects.filter(pk__in=named)}
    return [
        {"seq": row.seq, "kind": row.kind, "at": row.at.isoformat(), **_fields(row.kind, row.data, makers)}
        for row in rows
    ]


def _fields(kind: str, stored: Mapping[str, Any], makers: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    event = {**_DEFAULTS[kind], **stored}
    if "maker" in event:
        event["maker"] = makers[event["maker"]]
    if "makers" in event:
        event["makers"] = [makers[one] for one in event["makers"]]
    return event


def _makers_named(stored: Mapping[str, Any]) -> Iterable[int]:
    return (*stored.get("makers", ()), *([stored["maker"]] if "maker" in stored else ()))


def _defaults(event: type[Any]) -> dict[str, Any]:
    given = {field.name: field.default for field in fields(event) if field.default is not MISSING}
    return {name: value for name, value in given.items() if name not in ELSEWHERE}


_DEFAULTS = {kind: _defaults(event) for kind, event in KINDS.items()}
