"""An engine that writes from a script or by hashing, for tests and for pages without a model; it reasons about nothing.

Without a script a draft is drawn from (question, prefix, noise), so it does not depend on what else is in the batch;
temperature 0 leaves the noise out. With one, `fixtures/scripted/<name>.json` says what is written for which question.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from workers.search.errors import BadParameter, EngineError
from workers.search.events import Alternatives, Maker, TokenTrace
from workers.search.parameters import parameter, parameters_as_json
from workers.search.protocols import Delivery, Draft, Request, Stop, Ticket
from workers.search.registry import engine

SCRIPTS = Path(__file__).resolve().parents[2] / "fixtures" / "scripted"
_WORDS = ("add", "carry", "compare", "double", "halve", "keep", "move", "split", "swap", "take", "try", "undo")
_LINES = 64
_WITHIN_MOVE = 0xFFFF_FFFF


@dataclass(frozen=True)
class Params:
    """What the drawn texts look like, or the script that is played instead."""

    lines: int = parameter(4, "Most lines of reasoning in a drawn text.", minimum=1, maximum=60)
    answers: int = parameter(3, "How many different answers are drawn: 0, 1, 2 and so on.", minimum=1, maximum=250)
    script: str = parameter("", "Name of a script in fixtures/scripted, without .json; empty for drawn texts.")
    pace: int = parameter(0, "Tokens written of each draft at a time; 0 writes it all at once.", minimum=0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A text with its tokens."""

    text: str
    trace: TokenTrace


@lru_cache(maxsize=4096)
def _part(text: str) -> _Part:
    """`text` in tokens that end after each blank or line feed; ids and numbers are checksums, the same everywhere."""
    words = text.replace("\n", "\n\0").replace(" ", " \0").split("\0")
    tokens = [word for word in words if word]
    ids = tuple(zlib.crc32(token.encode()) for token in tokens)
    entropies = tuple((number % 997) / 400 for number in ids)
    logprobs = tuple(-(number % 1009) / 500 for number in ids)
    return _Part(text, TokenTrace(ids, tuple(len(token) for token in tokens), logprobs, entropies))


# The lines that drawn texts are made of.
_REASONING = tuple(
    _part(f"{_WORDS[n % len(_WORDS)]} {n} and {_WORDS[(n * 5 + 3) % len(_WORDS)]} it\n") for n in range(_LINES)
)
_LINE_FEED_IDS = frozenset(part.trace.ids[-1] for part in _REASONING)


@lru_cache(maxsize=4096)
def _begun(question: str, prefix: tuple[int, ...]) -> tuple[blake2b, int]:
    """A checksum of question and prefix, to be copied before it is fed, and the number of lines in the prefix."""
    hasher = blake2b(question.encode() + b"\0" + array("I", prefix).tobytes())
    return hasher, sum(map(_LINE_FEED_IDS.__contains__, prefix))


@lru_cache(maxsize=4096)
def _words(question: str) -> int:
    return len(question.split())


def _with_alternatives(part: _Part, count: int) -> TokenTrace:
    """The trace with `count` words at every place, the drawn one first: as much nonsense as its other numbers."""
    trace, places, at = part.trace, list[Alternatives](), 0
    for number, length, logprob in zip(trace.ids, trace.lengths, trace.logprobs, strict=True):
        others = [(f"{_WORDS[(number + n) % len(_WORDS)]} ", round(logprob - n / 4, 4)) for n in range(1, count)]
        places.append(((part.text[at : at + length], round(logprob, 4)), *others))
        at += length
    return replace(trace, alternatives=tuple(places))


def _joined(parts: Sequence[_Part]) -> _Part:
    traces = [part.trace for part in parts]
    return _Part(
        "".join([part.text for part in parts]),
        TokenTrace(
            tuple([number for trace in traces for number in trace.ids]),
            tuple([length for trace in traces for length in trace.lengths]),
            tuple([value for trace in traces for value in trace.logprobs]),
            tuple([value for trace in traces for value in trace.entropies]),
        ),
    )


@engine(
    "scripted",
    label="Scripted engine",
    summary="Writes repeatable nonsense, or what a script says; for trying things out without a model.",
    params=Params,
    gives=("steps", "samples", "alternatives"),
)
class ScriptedEngine:
    """Cuts lines. Its tokens end after a blank or a line feed; prompts count as many tokens as they have words."""

    splitter = "line-1"

    def __init__(self, params: Params) -> None:
        self._params = params
        self._script = read_script(params.script) if params.script else {}
        arguments = json.dumps(parameters_as_json(params), sort_keys=True, separators=(",", ":"))
        self._maker = Maker("engine", "scripted", "2", "", arguments)
        self._next: Ticket = 1
        self._under_way: dict[Ticket, _Writing] = {}

    def identity(self) -> Maker:
        """Its parameters are its arguments."""
        return self._maker

    def encode(self, text: str) -> tuple[int, ...]:
        """The checksums of its words."""
        return _part(text).trace.ids

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """A ticket each. A prompt is computed once for the requests that come together, whatever else is under way."""
        tickets = list(range(self._next, self._next + len(requests)))
        self._next += len(requests)
        seen: set[tuple[str, tuple[int, ...]]] = set()
        for ticket, request in zip(tickets, requests, strict=True):
            known = len(seen)
            seen.add((request.question, request.prefix))
            prompt = _words(request.question) + len(request.prefix) if len(seen) > known else 0
            self._under_way[ticket] = _Writing(request, prompt)
        return tickets

    def poll(self) -> list[Delivery]:
        """Writes `pace` tokens more of every draft, all of it where pace is 0, and delivers those that are done.

        An error where the script says so or has no such question.
        """
        done, pace = [], self._params.pace
        for ticket, writing in self._under_way.items():
            if writing.draft is None:
                try:
                    writing.draft = self._whole(writing)
                except EngineError as error:
                    done.append(Delivery(ticket, None, error))
                    continue
            writing.tokens += pace
            if not pace or writing.tokens >= writing.draft.generated:
                done.append(Delivery(ticket, writing.draft, None))
        for delivery in done:
            del self._under_way[delivery.ticket]
        return done

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        """What was written of these so far; nothing at all before the first poll."""
        known = [ticket for ticket in tickets if ticket in self._under_way]
        return [Delivery(ticket, _broken_off(self._under_way.pop(ticket)), None) for ticket in known]

    def _whole(self, writing: _Writing) -> Draft:
        """The draft as it will be in the end. Raises EngineError."""
        request = writing.request
        part, stop = self._scripted(request) if self._script else self._drawn(request)
        if request.alternatives:
            part = _Part(part.text, _with_alternatives(part, request.alternatives))
        return _draft(part, stop, request.max_tokens, writing.prompt)

    def _drawn(self, request: Request) -> tuple[_Part, Stop]:
        """Lines of reasoning, then the answer; a prefix has its lines already."""
        hasher, already = _begun(request.question, request.prefix)
        hasher = hasher.copy()
        if request.temperature > 0:
            hasher.update(b"%d %d" % request.noise)
        digest = hasher.digest()
        left = 1 + digest[0] % self._params.lines - already
        if left > 0 and request.until == "step":
            return _REASONING[digest[2] % _LINES], "step"
        last = _part(f"Answer: {digest[1] % self._params.answers}")
        if left <= 0:
            return last, "end"
        return _joined([*(_REASONING[byte % _LINES] for byte in digest[2 : 2 + left]), last]), "end"

    def _scripted(self, request: Request) -> tuple[_Part, Stop]:
        """What the script still has to say after the prefix, one line of it where only a step is asked for."""
        written = self._turn(request)
        if "error" in written:
            raise EngineError(written["error"], retryable=bool(written.get("retryable", False)))
        whole = _part(written["text"])
        stop: Stop = "end" if written.get("ended", True) else "length"
        text = whole.text[sum(whole.trace.lengths[: len(request.prefix)]) :]
        line = text.find("\n") + 1
        if request.until == "step" and 0 < line < len(text):
            return _part(text[:line]), "step"
        return _part(text), stop

    def _turn(self, request: Request) -> dict[str, Any]:
        """The draft of the draw's turn among those that begin with the prefix; errors begin with any."""
        drafts = self._script.get(request.question, [])
        count = len(request.prefix)
        fitting = [one for one in drafts if "error" in one or _part(one["text"]).trace.ids[:count] == request.prefix]
        if not fitting:
            known = ", ".join(repr(question[:40]) for question in list(self._script)[:5])
            raise EngineError(
                f"Script {self._params.script!r} has no draft for {request.question[:80]!r} after {count} tokens. "
                f"Its questions begin with {known}.",
                retryable=False,
            )
        return fitting[(request.noise[1] & _WITHIN_MOVE) % len(fitting)]


@dataclass(slots=True)
class _Writing:
    """A request under way: its prompt's tokens, the draft as it will be, and how many tokens of it are written."""

    request: Request
    prompt: int
    draft: Draft | None = None
    tokens: int = 0


def _draft(part: _Part, stop: Stop, most: int | None, prompt: int) -> Draft:
    """The draft as a model would have made it: cut at `most` tokens, of which the end-of-text token is one.

    computed: the prompt, and every generated token but the last, which nothing is drawn after.
    """
    generated = len(part.trace.ids) + (stop == "end")
    if most is not None and generated > most:
        return _first_tokens(part.text, part.trace, most, "length", prompt)
    return Draft(part.text, part.trace, stop, generated, prompt + max(0, generated - 1))


def _broken_off(writing: _Writing) -> Draft:
    """What a cancelled request has come to and cost."""
    draft = writing.draft
    if draft is None:
        return Draft("", TokenTrace((), (), (), ()), "cancelled", 0, 0)
    return _first_tokens(draft.text, draft.trace, writing.tokens, "cancelled", writing.prompt)


def _first_tokens(text: str, trace: TokenTrace, count: int, stop: Stop, prompt: int) -> Draft:
    """A draft of the first `count` tokens of a longer one."""
    others = None if trace.alternatives is None else trace.alternatives[:count]
    kept = TokenTrace(trace.ids[:count], trace.lengths[:count], trace.logprobs[:count], trace.entropies[:count], others)
    return Draft(text[: sum(kept.lengths)], kept, stop, count, prompt + max(0, count - 1))


def read_script(name: str) -> dict[str, list[dict[str, Any]]]:
    """Drafts by question: {"question": [{"text": …, "ended": true} or {"error": …, "retryable": false}, …]}.

    Draw number n of a move gets draft n modulo their count. Raises BadParameter for an unknown name, naming the known
    ones, and for a file of another shape.
    """
    known = sorted(path.stem for path in SCRIPTS.glob("*.json"))
    if name not in known:
        raise BadParameter("script", f"one of {', '.join(known)}", repr(name))
    script: Any = json.loads((SCRIPTS / f"{name}.json").read_text(encoding="utf-8"))
    for question, drafts in script.items():
        if not drafts or not all("text" in draft or "error" in draft for draft in drafts):
            raise BadParameter(
                "script", "drafts with a text or an error for each question", f"{question!r} in {name!r}"
            )
    return {str(question): list(drafts) for question, drafts in script.items()}
