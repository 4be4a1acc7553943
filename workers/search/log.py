"""What a log says as a whole: where it may be cut, whether its run ended, how long it was played; it plays nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from workers.search.events import Event, Note, RunContinued, RunFailed, RunFinished, RunStarted, StepAdded

IDLE = "idle_s"  # the key of a note's data that says how long nobody had been playing
INHERITED = ("inherited", "edited")


def whole_moves(log: Sequence[Event], seq: int) -> list[Event]:
    """The events of `log` up to the last move that is whole at or before `seq`.

    A run's beginning, run-started and the steps it inherits, is whole as a move is; any other event of no move is whole
    alone.
    """
    end = sum(1 for event in log if event.seq <= seq)
    if end < len(log):
        cut = _whole(log[end])
        while end and _whole(log[end - 1]) == cut:
            end -= 1
    return list(log[:end])


def _whole(event: Event) -> tuple[str, int]:
    """What is stored together with the event, by name."""
    if event.move:
        return "move", event.move
    begins = isinstance(event, RunStarted) or is_inherited(event)
    return ("beginning", 0) if begins else ("event", event.seq)


def is_inherited(event: Event) -> TypeGuard[StepAdded]:
    """Whether a step of another run came with the beginning of this one."""
    return isinstance(event, StepAdded) and event.origin in INHERITED and not event.move


def ending(log: Sequence[Event]) -> RunFinished | RunFailed | None:
    """What ended the run whose log this is; None where it can go on."""
    return next((event for event in log if isinstance(event, (RunFinished, RunFailed))), None)


def seconds_spent(log: Sequence[Event]) -> float:
    """Seconds from run-started to the last event, without the time before a continuation or a noted resumption."""
    spent, before = 0.0, None
    for event in log:
        idle = isinstance(event, RunContinued) or (isinstance(event, Note) and IDLE in event.data)
        if before is not None and not idle:
            spent += max(0.0, event.at - before)
        if before is not None or isinstance(event, RunStarted):
            before = event.at
    return spent
