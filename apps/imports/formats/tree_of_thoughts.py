"""Reads the game-24 logs of tree of thoughts: a list of breadth-first trees; logs of plain sampling are not claimed.

A proposal is known by its whole text so far, and its parent is the kept text it begins with (Yao et al., "Tree of
Thoughts", 2023, algorithm 1). A step holds only what its proposal adds, with the line's end, so that the steps of a
branch joined are the proposal. Repeats and empty proposals are steps like any other; a note names them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal

from apps.common.incoming import Rejected
from apps.common.json_stream import json_list
from apps.common.shape import Misshapen, a_record, describe, list_of, numbers, text, texts
from apps.imports.event_log import EventLog
from apps.imports.registry import import_format
from apps.imports.traces import Trace, TraceProblem
from workers.search.checkers import CHECKERS
from workers.search.errors import CheckerError
from workers.search.events import Maker
from workers.search.step import Answer

KEY = "tree_of_thoughts"
VERSION = 1
CHECKER = "game24"
PROPOSER = Maker("engine", "tree-of-thoughts-propose")
# Each vote is 0.001 (impossible), 1 (likely) or 20 (sure); the file holds their sum, and 0 for repeats.
VALUER = Maker("scorer", "tree-of-thoughts-value", "", "", '{"votes":"sum","vote":[0.001,1,20]}')


@import_format(
    KEY,
    label="Tree of thoughts, game of 24",
    summary="Breadth-first logs with every proposal, its value, and what was kept of each level.",
    version=VERSION,
)
class TreeOfThoughts:
    """One run a puzzle; the log has no times, so its events stand at 0."""

    expects = "a JSON list of objects with “steps”, each with “ys”, “new_ys”, “values” and “select_new_ys”"
    problem_set = "imported-tree-of-thoughts"

    def claims(self, first_bytes: bytes, name: str) -> bool:
        """A list whose first bytes name the fields of a level; logs of plain sampling have no "new_ys"."""
        opening = first_bytes.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return opening == b"[" and b'"steps"' in first_bytes and b'"new_ys"' in first_bytes

    def read(self, stream: BinaryIO) -> Iterator[Trace | Rejected]:
        """One trace an element of the list."""
        for found in json_list(stream):
            if isinstance(found, Rejected):
                yield found
                continue
            line, value = found
            try:
                yield _Tree(a_record(value, "")).trace(line)
            except Misshapen as wrong:
                yield Rejected(line, wrong.field, wrong.expected, wrong.found)


class _Tree:
    """One puzzle while it is being read into events."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value
        self._levels = [a_record(level, f"steps[{index}]") for index, level in enumerate(list_of(value, "steps"))]
        if not self._levels:
            raise Misshapen("steps", "at least one level", describe(self._levels))
        self._puzzle = text(self._levels[0], "x", "steps[0].")
        self._log = EventLog(KEY, VERSION, 0.0, CHECKERS.get(CHECKER).make(), (PROPOSER, VALUER))
        # Whole text so far -> number of the first step with it; "" is the question.
        self._last_level: dict[str, int] = {"": 0}
        self._answered: set[int] = set()
        self._repeats: list[dict[str, int]] = []
        self._empty: list[int] = []

    def trace(self, line: int) -> Trace:
        """The whole tree. Raises Misshapen."""
        for index, level in enumerate(self._levels):
            path = f"steps[{index}]."
            if text(level, "x", path) != self._puzzle:
                raise Misshapen(path + "x", f"the puzzle of the first level, {self._puzzle}", describe(level["x"]))
            self._level(level, path, index == len(self._levels) - 1)
        outcome = self._result()
        problem = TraceProblem(self._puzzle, "", CHECKER, "tree-of-thought-llm, game of 24")
        return Trace(line, problem, self._log.finish(outcome))

    def _level(self, level: Mapping[str, Any], path: str, last: bool) -> None:
        """One level: a step and a score a proposal, below the kept text it begins with; what was not kept is pruned."""
        kept, proposals = texts(level, "ys", path), texts(level, "new_ys", path)
        values, selected = numbers(level, "values", path), texts(level, "select_new_ys", path)
        if len(values) != len(proposals):
            raise Misshapen(path + "values", f"one number a proposal, {len(proposals)}", describe(values))
        born = self._add(_Parents(kept, self._last_level, path), proposals, values, path, last)
        first_of = dict(zip(reversed(proposals), reversed(born), strict=True))
        self._prune(proposals, born, values, selected, path)
        for index, whole in enumerate(selected):
            if whole not in first_of:
                raise Misshapen(f"{path}select_new_ys[{index}]", "one of new_ys", describe(whole))
        self._last_level = first_of

    def _add(
        self, parents: _Parents, proposals: Sequence[str], values: Sequence[float], path: str, last: bool
    ) -> list[int]:
        add_step, add_score = self._log.step, self._log.score
        born: list[int] = []
        first_of: dict[str, int] = {}
        answers = self._answers(proposals) if last else [None] * len(proposals)
        for index, (whole, value, answer) in enumerate(zip(proposals, values, answers, strict=True)):
            prefix = parents.of(whole)
            if prefix is None:
                raise Misshapen(f"{path}new_ys[{index}]", "a text that begins with one of ys", describe(whole))
            added = whole[len(prefix) :]
            number = add_step(parents.number[prefix], added, "imported", PROPOSER, last)
            born.append(number)
            add_score(number, VALUER, float(value))
            first = first_of.setdefault(whole, number)
            if first != number:
                self._repeats.append({"number": number, "of": first})
            if not added or added.isspace():
                self._empty.append(number)
            if answer is not None:
                self._log.answer(number, answer)
                self._answered.add(number)
        return born

    def _answers(self, proposals: Sequence[str]) -> Sequence[Answer | None]:
        """What the checker finds in each final text; all in one call, because a puzzle is read anew at each."""
        try:
            return self._log.checker.classify(self._puzzle, "", proposals)
        except CheckerError as wrong:
            raise Misshapen("steps[0].x", "a game-24 puzzle", f"{describe(self._puzzle)} ({wrong})") from wrong

    def _prune(
        self,
        proposals: Sequence[str],
        born: Sequence[int],
        values: Sequence[float],
        selected: Sequence[str],
        path: str,
    ) -> None:
        """A text that was kept k times keeps its first k proposals; every other proposal is pruned."""
        left: dict[str, int] = {}
        for whole in selected:
            left[whole] = left.get(whole, 0) + 1
        among = f"Not among the {len(selected)} kept of {len(proposals)} proposals: value "
        prune = self._log.prune
        why_of: dict[float, str] = {}
        for whole, number, value in zip(proposals, born, values, strict=True):
            if left.get(whole):
                left[whole] -= 1
                continue
            why = why_of.get(value)
            if why is None:
                why = why_of[value] = f"{among}{value:g}."
            prune(number, why)

    def _result(self) -> Literal["answered", "no-answer"]:
        """Choose the first final text that gives an answer (the log lists the best first) and note the rest."""
        final = texts(self._value, "ys")
        infos = self._value.get("infos")
        result = []
        for index, whole in enumerate(final):
            if whole not in self._last_level:
                raise Misshapen(f"ys[{index}]", "one of the last level's new_ys", describe(whole))
            info = infos[index] if isinstance(infos, list) and index < len(infos) else None
            result.append({"number": self._last_level[whole], "info": info})
        besides = {key: value for key, value in self._value.items() if key not in ("steps", "ys", "infos")}
        self._log.note("What the log says besides.", {**besides, "result": result})
        if self._repeats or self._empty:
            said = f"{len(self._repeats)} proposals repeat an earlier one of their level; {len(self._empty)} are empty."
            self._log.note(said, {"repeats": self._repeats, "empty": self._empty})
        for place, entry in enumerate(result, start=1):
            if entry["number"] in self._answered:
                why = f"The best of {len(result)} final texts that gives an answer (place {place} by value)."
                self._log.choose(entry["number"], why)
                return "answered"
        return "no-answer"


class _Parents:
    """The kept texts of a level and the steps they are."""

    def __init__(self, kept: Sequence[str], last_level: Mapping[str, int], path: str) -> None:
        self.number: dict[str, int] = {}
        for index, whole in enumerate(kept):
            if whole not in last_level:
                raise Misshapen(f"{path}ys[{index}]", "one of the level before's new_ys", describe(whole))
            self.number[whole] = last_level[whole]
        self._sorted = sorted(self.number)
        # A kept text may itself begin with another one that was kept; in a real log none does.
        self._shorter: dict[str, str] = {}
        for index, whole in enumerate(self._sorted):
            prefix = self._before(whole, index)
            if prefix is not None:
                self._shorter[whole] = prefix
        self._recent = self._sorted[0] if self._sorted else None

    def of(self, whole: str) -> str | None:
        """The longest kept text that `whole` begins with, or None."""
        recent = self._recent
        if recent is None or self._shorter or not whole.startswith(recent):
            self._recent = self._before(whole, bisect_right(self._sorted, whole))
        return self._recent

    def _before(self, whole: str, index: int) -> str | None:
        # Whatever sorts between a prefix of `whole` and `whole` begins with that prefix too, so the chain of shorter
        # ones from the nearest neighbour passes every candidate, the longest first.
        candidate = self._sorted[index - 1] if index else None
        while candidate is not None and not whole.startswith(candidate):
            candidate = self._shorter.get(candidate)
        return candidate
