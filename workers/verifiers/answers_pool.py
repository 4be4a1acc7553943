"""Judges answers in a long-lived child process that is killed and replaced when an answer takes too long; it reads no
mathematics itself.

A subprocess and not `multiprocessing`, because a Celery prefork child may not have children of that kind; and a
process at all, because math-verify takes its time-outs from signals and sympy knows no bounds. One child a process
serves every run there. It is started by the first question, and ends with this process: however that ends, its input
is then closed.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workers.search.errors import CheckerError
from workers.verifiers.child_process import Child, ChildEnded

LONGEST = 1_000  # characters of an answer; a longer one is a text and no answer
DEEPEST = 12  # open brackets; reading takes 0.15 s a level (2026-11)
BATCH_BYTES = 32_768  # below what a pipe holds, so that writing a line never waits
SERVED = 2_000  # answers after which a child is replaced, because sympy remembers much


@dataclass(frozen=True, slots=True)
class Judged:
    """class_key: the class among equal answers, None where the answer cannot be read or took too long; is_right: None
    where that cannot be told."""

    class_key: str | None
    is_right: bool | None


UNKNOWN = Judged(None, None)


class AnswersPool:
    """One child, and what it said lately. Safe for several threads, one of which asks at a time.

    limit_s: processor seconds an answer may take; waiting_s: seconds of any kind a reply may take, for a child that
    was stopped or swapped out; memory: the child's address space in bytes; remembered: how many judgements are kept.
    """

    def __init__(
        self, *, limit_s: float = 3.0, waiting_s: float = 60.0, memory: int = 1 << 29, remembered: int = 20_000
    ) -> None:
        self._arguments = (str(limit_s), str(memory))
        self._waiting_s, self._remembered = waiting_s, remembered
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._served = 0
        self._known: OrderedDict[tuple[str, str], Judged] = OrderedDict()
        self._unreadable: OrderedDict[str, None] = OrderedDict()
        self.started_count = 0

    def judged(self, reference: str, answers: Sequence[str]) -> list[Judged]:
        """One judgement an answer, in order; equal ones are asked once. Without a reference nothing is right or wrong.

        Raises CheckerError where no child can be started.
        """
        if not is_readable(reference):
            reference = ""
        with self._lock:
            found = {one: self._known[reference, one] for one in answers if (reference, one) in self._known}
            wanted = [one for one in dict.fromkeys(answers) if one not in found and is_readable(one)]
            for batch in _batches(wanted):
                found.update(self._asked(reference, batch))
            for one in found:
                _keep(self._known, (reference, one), found[one], self._remembered)
        return [found.get(one, UNKNOWN) for one in answers]

    def close(self) -> None:
        """End the child, if there is one. The next question starts another."""
        with self._lock:
            self._end_child()

    def abandon(self) -> None:
        """Give up the child without ending it: after a fork it is the other process's."""
        if self._child is not None:
            self._child.abandon()
            self._child = None

    def _asked(self, reference: str, batch: Sequence[str]) -> dict[str, Judged]:
        """Ask until every answer of the batch has a judgement.

        1. A child that ended in the midst of an answer out of time is replaced, and that answer is unknown.
        2. One that ended or fell silent for another reason (killed or stopped from outside) is replaced, and the answer
           gets one more try.
        3. The same for the reference; an unknown one is passed over.
        """
        found: dict[str, Judged] = {}
        left, tried = list(batch), set[str | None]()
        while left:
            asked: str | None = None  # the reference
            try:
                child = self._running()
                child.write({"reference": "" if reference in self._unreadable else reference, "answers": left})
                child.read(self._waiting_s)
                while left:
                    asked = left[0]
                    reply = child.read(self._waiting_s)
                    found[left.pop(0)] = Judged(reply["key"], reply["right"])
                    self._served += 1
            except ChildEnded as ended:
                self._end_child()
                if not ended.is_out_of_time and asked not in tried:
                    tried.add(asked)
                elif asked is not None:
                    found[left.pop(0)] = UNKNOWN
                elif reference not in self._unreadable:
                    _keep(self._unreadable, reference, None, self._remembered)
                else:
                    raise CheckerError(
                        "Expected the child process that judges answers to work; every new one ended at once."
                    ) from ended
        return found

    def _running(self) -> Child:
        """The child, a fresh one where there is none or it has served long enough. Raises CheckerError."""
        if self._child is not None and self._served >= SERVED:
            self._end_child()
        if self._child is None:
            self._child = Child("workers.verifiers.answers_child", self._arguments, self._waiting_s)
            self._served = 0
            self.started_count += 1
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def is_readable(text: str) -> bool:
    """Whether a text may be an answer at all: neither empty nor endless, every character printed, not nested deeply."""
    if not (0 < len(text) <= LONGEST and text.isprintable()):
        return False
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth > DEEPEST:
            return False
    return True


def _batches(answers: Iterable[str]) -> Iterator[list[str]]:
    """The answers in order, as many in one line as BATCH_BYTES hold when every character is escaped."""
    batch: list[str] = []
    size = 0
    for answer in answers:
        cost = 12 * len(answer) + 4
        if batch and size + cost > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(answer)
        size += cost
    if batch:
        yield batch


def _keep(kept: OrderedDict[Any, Any], key: Any, value: Any, most: int) -> None:
    """Put in as the newest; the oldest goes where there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)


_shared: AnswersPool | None = None


def shared() -> AnswersPool:
    """The pool of this process."""
    global _shared
    if _shared is None:
        _shared = AnswersPool()
    return _shared


def _forget_after_fork() -> None:
    global _shared
    if _shared is not None:
        _shared.abandon()
        _shared = None


def _close_at_exit() -> None:
    if _shared is not None:
        _shared.close()


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_close_at_exit)
