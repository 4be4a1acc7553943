"""Moves and events in words, for sentences that people read; it judges none of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from workers.search.events import AnswerChosen, Event, StepAdded, StepPruned
from workers.search.moves import Choose, Evaluate, Expand, Move, Prune

MOST_NAMED = 8


def asked_for(move: Move) -> str:
    """A move in words."""
    match move:
        case Expand():
            return f"{move.width} continuations of each of steps {_named(step.number for step in move.parents)}"
        case Evaluate():
            return f"scores of steps {_named(step.number for step in move.steps)}"
        case Prune():
            return f"giving up steps {_named(step.number for step in move.steps)} ({move.why})"
        case Choose():
            return f"choosing step {move.step.number} ({move.why})"
        case _:
            assert_never(move)


def in_words(event: Event, more: int = 0) -> str:
    """An event in words, with how many follow it in its move."""
    number = getattr(event, "number", None)
    below = f" below {event.parent}" if isinstance(event, StepAdded) else ""
    why = f" ({event.why})" if isinstance(event, (StepPruned, AnswerChosen)) else ""
    rest = f" and {more} more events" if more else ""
    return f"{event.kind}{'' if number is None else f' {number}'}{below}{why}{rest}"


def _named(numbers: Iterable[int]) -> str:
    """The first few of many numbers."""
    listed = list(numbers)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(map(str, listed[:MOST_NAMED])) + more
