"""Events to table rows, as lines of PostgreSQL's COPY text form; the one encoder of the sink and of bulk writes.

It opens no connection and decides nothing: what is stored already, and who may write, is the business of its callers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import numpy as np
import orjson

from workers.search.events import (
    AnswerChosen,
    Answered,
    Event,
    Maker,
    RunContinued,
    RunFailed,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepRepeated,
    StepRevisited,
    StepScored,
    TokenTrace,
)
from workers.search.events_json import KINDS

# Table and columns, in the order in which a batch is written.
TABLES: dict[str, str] = {
    "runs_runevent": "run_id, seq, kind, data, at",
    "runs_step": "run_id, number, parent, depth, origin, maker_id, tokens, logprob, entropy, terminal,"
    " born, pruned, chosen",
    "runs_steptext": "run_id, number, text",
    "runs_steptokens": "run_id, number, ids, lengths, logprob, entropy, alternatives",
    "runs_score": "run_id, seq, number, maker_id, value",
    "runs_answer": "run_id, number, text, class_key, correct, checker, version",
    "runs_visit": "run_id, seq, number, value, returns",
}
# What stands in `data` of events that have no way of their own into rows.
_NAMES = {
    cls: tuple(field.name for field in dataclasses.fields(cls) if field.name not in ("seq", "at", "move"))
    for cls in KINDS.values()
}
NULL = "\\N"
_REMEMBERED_WHYS = 1_000
_F16 = np.finfo(np.float16)


@dataclass(slots=True)
class Tally:
    """What a list of events adds to the counts of its run; `seq` is the last one's, `ended` its end if it is there."""

    seq: int
    steps: int = 0
    generated: int = 0
    computed: int = 0
    scorer_tokens: int = 0
    answers: int = 0
    right: int = 0
    chosen: int | None = None
    pruned_at: dict[int, int] = field(default_factory=dict)
    chosen_at: dict[int, int] = field(default_factory=dict)
    ended: RunFinished | RunFailed | None = None


class RowEncoder:
    """Gathers rows of any number of runs, table by table.

    A step that is pruned or chosen by an event of the same call carries that in its own row; for steps born before, the
    caller finds it in the tally (`pruned_at`, `chosen_at`: number → seq).
    """

    def __init__(self, maker_id: Callable[[Maker], int]) -> None:
        self._maker_id = maker_id
        self._lines: dict[str, list[str]] = {table: [] for table in TABLES}
        # What every step goes through is found without a search; `take` empties these lists and keeps them.
        self._add_step, self._add_text = self._lines["runs_step"].append, self._lines["runs_steptext"].append
        self._add_score = self._lines["runs_score"].append
        self._whys: dict[str, str] = {}
        self._at = 0.0
        self._at_text = timestamp(0.0)

    def add(self, run_id: int, events: Iterable[Event], after: int = 0) -> Tally:
        """Encode events that follow seq `after` without a gap, and count them.

        Raises ValueError for a gap in seq, and for a number that is not finite: neither can be stored truly."""
        events = list(events)
        tally = Tally(seq=after)
        for event in events:
            if type(event) is StepPruned:
                tally.pruned_at.setdefault(event.number, event.seq)
            elif type(event) is AnswerChosen:
                tally.chosen_at.setdefault(event.number, event.seq)
        append = self._lines["runs_runevent"].append
        seq = after
        for event in events:
            seq += 1
            if event.seq != seq:
                raise ValueError(f"Run {run_id}: expected the event with seq {seq}; found {event.seq}.")
            if event.at != self._at:
                self._at, self._at_text = event.at, timestamp(event.at)
            if type(event) is StepAdded:
                data = self._step(run_id, event, tally)
            elif type(event) is StepScored:
                data = self._score(run_id, event, tally)
            elif type(event) is StepPruned:
                data = f'{{"number":{event.number},"why":{self._why(event.why)}{_move(event.move)}}}'
            else:
                data = self._rare(run_id, event, tally)
            append(f"{run_id}\t{seq}\t{event.kind}\t{data}\t{self._at_text}\n")
        tally.seq = seq
        return tally

    def take(self, table: str) -> bytes:
        """The lines of one table gathered since it was last taken, in UTF-8."""
        lines = self._lines[table]
        # A lone surrogate has no place in UTF-8; "?" keeps the text's length, which token lengths rely on.
        taken = "".join(lines).encode("utf-8", "replace")
        lines.clear()
        return taken

    def _rare(self, run_id: int, event: Event, tally: Tally) -> str:
        if type(event) is Answered:
            return self._answer(run_id, event, tally)
        if type(event) is StepRevisited:
            return self._visit(run_id, event)
        if type(event) is AnswerChosen:
            tally.chosen = event.number
        elif isinstance(event, RunFinished | RunFailed):
            tally.ended = event
        elif type(event) is StepRepeated:
            tally.generated += event.generated
            tally.computed += event.computed
        return as_json(_fields(event, self._maker_id))

    def _step(self, run_id: int, event: StepAdded, tally: Tally) -> str:
        number, parent, depth, origin = event.number, event.parent, event.depth, event.origin
        maker, tokens, terminal = self._maker_id(event.maker), event.tokens, event.terminal
        pruned, chosen = tally.pruned_at.pop(number, NULL), tally.chosen_at.pop(number, NULL)
        tally.steps += 1
        # Fields at their default are left out: at several million steps they would be a third of the log.
        besides = ',"terminal":true' if terminal else ""
        if tokens or event.generated or event.computed:
            tally.generated += event.generated
            tally.computed += event.computed
            besides += f',"tokens":{tokens},"generated":{event.generated},"computed":{event.computed}'
        logprob = entropy = NULL
        if event.logprob is not None:
            logprob = _number(event.logprob, "log-probability")
            besides += f',"logprob":{logprob}'
        if event.entropy is not None:
            entropy = _number(event.entropy, "entropy")
            besides += f',"entropy":{entropy}'
        besides += _move(event.move)
        self._add_step(
            f"{run_id}\t{number}\t{parent}\t{depth}\t{origin}\t{maker}\t{tokens}\t{logprob}\t{entropy}\t"
            f"{'t' if terminal else 'f'}\t{event.seq}\t{pruned}\t{chosen}\n"
        )
        self._add_text(f"{run_id}\t{number}\t{escaped(event.text)}\n")
        if event.trace is not None:
            self._lines["runs_steptokens"].append(f"{run_id}\t{number}\t{_packed(event.trace)}\n")
        return f'{{"number":{number},"parent":{parent},"depth":{depth},"origin":"{origin}","maker":{maker}{besides}}}'

    def _score(self, run_id: int, event: StepScored, tally: Tally) -> str:
        number, maker, value = event.number, self._maker_id(event.maker), _number(event.value, "score")
        self._add_score(f"{run_id}\t{event.seq}\t{number}\t{maker}\t{value}\n")
        besides = _move(event.move)
        if event.tokens:
            tally.scorer_tokens += event.tokens
            besides = f',"tokens":{event.tokens}{besides}'
        return f'{{"number":{number},"maker":{maker},"value":{value}{besides}}}'

    def _visit(self, run_id: int, event: StepRevisited) -> str:
        number, value = event.number, _number(event.value, "value")
        packed, besides = NULL, _move(event.move)
        if event.returns:
            besides = f',"returns":[{",".join(_number(part, "return") for part in event.returns)}]{besides}'
            packed = f"\\\\x{np.array(event.returns, dtype='<f8').tobytes().hex()}"
        self._lines["runs_visit"].append(f"{run_id}\t{event.seq}\t{number}\t{value}\t{packed}\n")
        return f'{{"number":{number},"value":{value}{besides}}}'

    def _why(self, why: str) -> str:
        """A reason as JSON; the same few are given again and again."""
        written = self._whys.get(why)
        if written is None:
            if len(self._whys) >= _REMEMBERED_WHYS:
                self._whys.clear()
            written = self._whys[why] = as_json(why)
        return written

    def _answer(self, run_id: int, event: Answered, tally: Tally) -> str:
        tally.answers += 1
        tally.right += event.correct is True
        class_key = NULL if event.class_key is None else escaped(event.class_key)
        correct = NULL if event.correct is None else "t" if event.correct else "f"
        self._lines["runs_answer"].append(
            f"{run_id}\t{event.number}\t{escaped(event.text)}\t{class_key}\t{correct}\t{escaped(event.checker)}\t"
            f"{event.version}\n"
        )
        return as_json(_fields(event, self._maker_id))


def _fields(event: Event, maker_id: Callable[[Maker], int]) -> dict[str, Any]:
    """An event's fields as JSON values, but seq and at, which are columns; a move of 0 is left out, makers are ids."""
    fields = {name: getattr(event, name) for name in _NAMES[type(event)]}
    if isinstance(event, RunStarted | RunContinued):
        fields["makers"] = [maker_id(maker) for maker in event.makers]
    for name in ("parameters", "data"):
        if name in fields:
            fields[name] = dict(fields[name])
    if event.move:
        fields["move"] = event.move
    return fields


def _move(move: int) -> str:
    return f',"move":{move}' if move else ""


def escaped(text: str) -> str:
    """A text as one COPY field. U+0000, which PostgreSQL cannot hold, becomes U+FFFD, of the same length."""
    # Most texts hold few of these, and looking for one takes a third of the time of replacing none (2026-11).
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\n" in text:
        text = text.replace("\n", "\\n")
    if "\t" in text:
        text = text.replace("\t", "\\t")
    if "\r" in text:
        text = text.replace("\r", "\\r")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def as_json(value: Mapping[str, Any] | Sequence[Any] | str) -> str:
    """A JSON value as (part of) one COPY field; texts are mended as in `escaped`."""
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:
        written = orjson.dumps(_mended(value))
    if b"\\u0000" in written:
        written = orjson.dumps(_mended(value))
    return written.decode().replace("\\", "\\\\")


def timestamp(at: float) -> str:
    """Seconds since 1970 as a timestamp with time zone, to the microsecond."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def storable(text: str) -> str:
    """The text with U+0000 and lone surrogates, which PostgreSQL cannot hold, replaced one for one."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {_mended(key): _mended(part) for key, part in value.items()}
    return [_mended(part) for part in value] if isinstance(value, list | tuple) else value


def _number(value: float, name: str) -> str:
    if not isfinite(value):
        raise ValueError(f"Expected a finite {name}; found {value}.")
    return str(value)


def _packed(trace: TokenTrace) -> str:
    """A step's tokens as COPY fields: four arrays, of which what does not fit into 16-bit floats is cut to their range,
    and the alternatives. Raises ValueError where a log-probability of these is not finite."""
    logprobs = np.clip(np.array(trace.logprobs, dtype=np.float64), _F16.min, _F16.max).astype("<f2")
    entropies = np.clip(np.array(trace.entropies, dtype=np.float64), _F16.min, _F16.max).astype("<f2")
    arrays = (np.array(trace.ids, dtype="<u4"), np.array(trace.lengths, dtype="<u2"), logprobs, entropies)
    packed = "\t".join(f"\\\\x{array.tobytes().hex()}" for array in arrays)
    if trace.alternatives is None:
        return f"{packed}\t{NULL}"
    for place in trace.alternatives:
        for _, logprob in place:
            _number(logprob, "log-probability of an alternative")
    return f"{packed}\t{as_json(trace.alternatives)}"
