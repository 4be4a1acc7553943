"""Reads raw PRM800K records: one solution a line, every step with its alternatives; makes no chain that nobody wrote.

The chosen completion, or else the labeller's own, continues the prefix; every other completion is a sibling at the
prefix it was written for (Lightman et al., "Let's Verify Step by Step", 2023, appendix B).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from apps.common.incoming import Rejected
from apps.common.json_stream import json_lines
from apps.common.shape import Misshapen, a_record, describe, list_of, optional_index, record, text
from apps.imports.event_log import EventLog
from apps.imports.registry import import_format
from apps.imports.traces import Trace, TraceLabel, TraceProblem
from workers.search.checkers import CHECKERS
from workers.search.events import Maker

KEY = "prm800k"
VERSION = 2
CHECKER = "exact_text"
VERDICTS = {-1: "bad", 0: "neutral", 1: "good"}
FINISH_REASONS = ("found_error", "solution", "bad_problem", "give_up")
ANSWER_MARK = "# Answer"
OF_THE_LABELLING = ("generation", "is_quality_control_question", "is_initial_screening_question")
OF_A_STEP = ("completions", "human_completion", "chosen_completion")
OF_A_COMPLETION = ("text", "rating", "flagged", "source")


@import_format(
    KEY,
    label="PRM800K",
    summary="Raw PRM800K records with every rated completion, each at the prefix it was written for.",
    version=VERSION,
)
class Prm800k:
    """One run a record; ratings become labels of the foreign labeller, at the record's time (taken as UTC)."""

    expects = "JSON lines with “labeler”, “question” and “label” in each"
    problem_set = "imported-prm800k"

    def claims(self, first_bytes: bytes, name: str) -> bool:
        """A file that begins with an object and names the fields of a raw record; phase and key order do not matter."""
        opening = first_bytes.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return opening == b"{" and b'"labeler"' in first_bytes and b'"question"' in first_bytes

    def read(self, stream: BinaryIO) -> Iterator[Trace | Rejected]:
        """One trace a line."""
        for found in json_lines(stream):
            if isinstance(found, Rejected):
                yield found
                continue
            line, value = found
            try:
                yield _Record(a_record(value, "")).trace(line)
            except Misshapen as wrong:
                yield Rejected(line, wrong.field, wrong.expected, wrong.found)


@dataclass(frozen=True, slots=True)
class _Completion:
    text: str
    rating: int | None
    flagged: bool | None
    source: str | None
    besides: Mapping[str, Any]


class _Record:
    """One record while it is being read into events and labels."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value
        self._question = record(value, "question")
        self._label = record(value, "label")
        self._labeller = text(value, "labeler")
        self._at = _time(value)
        self._finish_reason = text(self._label, "finish_reason", "label.")
        if self._finish_reason not in FINISH_REASONS:
            raise Misshapen("label.finish_reason", f"one of {', '.join(FINISH_REASONS)}", describe(self._finish_reason))
        if not 0 < len(self._labeller) <= 100:
            raise Misshapen("labeler", "a name of 1 to 100 characters", describe(self._labeller))
        generation = value.get("generation")
        if generation is not None and type(generation) is not int:
            raise Misshapen("generation", "a whole number or null", describe(generation))
        phase = "phase-1" if generation is None else "phase-2"
        arguments = json.dumps({"generation": generation}, sort_keys=True, separators=(",", ":"))
        self._generator = Maker("engine", "prm800k-generator", phase, "", arguments)
        self._person = Maker("person", self._labeller)
        self._log = EventLog(KEY, VERSION, self._at.timestamp(), CHECKERS.get(CHECKER).make(), (self._generator,))
        self._labels: list[TraceLabel] = []
        self._unrated: list[dict[str, Any]] = []
        self._levels: list[dict[str, Any]] = []
        self._answered: set[int] = set()

    def trace(self, line: int) -> Trace:
        """The whole record. Raises Misshapen."""
        statement = text(self._question, "problem", "question.")
        if not statement.strip():
            raise Misshapen("question.problem", "a question", describe(statement))
        answer = self._question.get("ground_truth_answer")
        if answer is not None and not isinstance(answer, str):
            raise Misshapen("question.ground_truth_answer", "a text or null", describe(answer))
        problem = TraceProblem(statement, answer or "", CHECKER, "PRM800K")
        tip, ended, branch = 0, False, ""
        steps = list_of(self._label, "steps", "label.")
        for index, value in enumerate(steps):
            path = f"label.steps[{index}]"
            if ended:
                raise Misshapen(path, "no step after one without a chosen completion", "a step")
            following, said = self._step(a_record(value, path), path + ".", tip, branch, problem)
            ended = following is None
            tip, branch = (following, f"{branch}{said}\n\n") if following is not None else (tip, branch)
        self._close(tip, ended)
        return Trace(line, problem, self._log.events, self._labels)

    def _step(
        self, value: Mapping[str, Any], path: str, parent: int, branch: str, problem: TraceProblem
    ) -> tuple[int | None, str]:
        """All completions of one step below `parent`; the number and text of the one that goes on (None: none does)."""
        given = value.get("completions")
        completions = [] if given is None else list_of(value, "completions", path)
        chosen = optional_index(value, "chosen_completion", len(completions), path)
        own = value.get("human_completion")
        level = {"offered": None if given is None else len(completions), "own": own is not None, "chosen": chosen}
        self._levels.append(level | _others(value, OF_A_STEP))
        following: int | None = None
        said = ""
        for index, item in enumerate(completions):
            completion = _completion(item, f"{path}completions[{index}]")
            number = self._add(parent, completion, self._generator, branch, problem)
            self._say(number, completion, None if chosen is None else index == chosen)
            if index == chosen:
                following, said = number, completion.text
        if own is not None:
            completion = _completion(own, f"{path}human_completion")
            number = self._add(parent, completion, self._person, branch, problem)
            self._say(number, completion, None if chosen is None else False)
            if following is None:
                following, said = number, completion.text
        return following, said

    def _add(self, parent: int, completion: _Completion, maker: Maker, branch: str, problem: TraceProblem) -> int:
        terminal = ANSWER_MARK in completion.text
        number = self._log.step(parent, completion.text, "imported", maker, terminal)
        if terminal:
            whole = branch + completion.text
            [answer] = self._log.checker.classify(problem.statement, problem.answer, [whole])
            if answer is not None:
                self._log.answer(number, answer)
                self._answered.add(number)
        return number

    def _say(self, number: int, completion: _Completion, chosen: bool | None) -> None:
        """What the labeller said of a completion: a label where it is rated, else a line of the note."""
        flagged, source, besides = completion.flagged, completion.source, completion.besides
        if completion.rating is None:
            self._unrated.append({"number": number, "flagged": flagged, "source": source, **besides})
            return
        extra = {key: self._value.get(key) for key in OF_THE_LABELLING}
        extra |= {"flagged": flagged, "finish_reason": self._finish_reason, **besides}
        if source is not None:
            extra["source"] = source
        verdict = VERDICTS[completion.rating]
        self._labels.append(TraceLabel(number, self._labeller, verdict, self._at, extra, flagged is True, chosen))

    def _close(self, tip: int, ended: bool) -> None:
        """Note what the record says besides, take the tip if the labeller ended with a solution, and finish."""
        besides = {key: value for key, value in self._value.items() if key not in ("question", "label")}
        besides["question"] = {key: value for key, value in self._question.items() if key != "problem"}
        besides["label"] = {key: value for key, value in self._label.items() if key != "steps"}
        besides |= {"levels": self._levels, "unrated": self._unrated}
        self._log.note("What the record says besides.", besides)
        solved = self._finish_reason == "solution" and tip and not ended
        if solved:
            self._log.choose(tip, "The labeller ended the record here, with finish_reason solution.")
        self._log.finish("answered" if solved and tip in self._answered else "no-answer")


def _time(value: Mapping[str, Any]) -> datetime:
    written = text(value, "timestamp")
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Misshapen("timestamp", "a time such as 2022-07-30T23:23:32.118856", describe(written)) from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not 1970 <= at.year <= 9000:
        raise Misshapen("timestamp", "a time from 1970 on", describe(written))
    return at


def _completion(value: object, path: str) -> _Completion:
    found = a_record(value, path)
    rating, flagged, source = found.get("rating"), found.get("flagged"), found.get("source")
    if rating is not None and (type(rating) is not int or rating not in VERDICTS):
        raise Misshapen(f"{path}.rating", "-1, 0, 1 or null", describe(rating))
    if flagged is not None and not isinstance(flagged, bool):
        raise Misshapen(f"{path}.flagged", "true, false or null", describe(flagged))
    if source is not None and not isinstance(source, str):
        raise Misshapen(f"{path}.source", "a text or null", describe(source))
    besides = _others(found, OF_A_COMPLETION)
    return _Completion(text(found, "text", f"{path}."), rating, flagged, source, besides)


def _others(value: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The fields of `value` that this format does not know, by `besides`, so that none is lost; empty without any."""
    others = {key: item for key, item in value.items() if key not in known}
    return {"besides": others} if others else {}
