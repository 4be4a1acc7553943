"""Gathers the events of one move and hands them to the sink together; it decides nothing and keeps no history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from workers.search.events import Event
from workers.search.protocols import Sink

Made = TypeVar("Made", bound=Event)


class Journal:
    """Numbers events from 1 without gaps and stamps them with the number of their move, which `move` holds.

    `clock` gives seconds since 1970; one reading stamps what happens at once. `after` is the seq of the last event that
    the sink has of this run already. `next_seq` is what the next event is numbered."""

    def __init__(self, sink: Sink, clock: Callable[[], float], after: int = 0) -> None:
        self._sink, self._clock = sink, clock
        self._events: list[Event] = []
        self.next_seq = after + 1
        self.move = 0
        self.now = 0.0

    def tick(self) -> float:
        """Reads the clock for the events to come, to the microsecond: a finer stamp does not come back from a store."""
        self.now = round(self._clock() * 1e6) / 1e6  # a sixth of the time of round(seconds, 6)
        return self.now

    def add(self, kind: Callable[..., Event], *fields: object) -> None:
        """An event of `kind` with its fields between at and move, in their order."""
        self.keep(kind(self.next_seq, self.now, *fields, move=self.move))

    def keep(self, event: Event) -> None:
        """An event made with `next_seq`, `now` and `move`: the quick way for the kinds of which a run has thousands."""
        self.next_seq += 1
        self._events.append(event)

    def add_made(self, make: Callable[[int, float], Sequence[Made]]) -> Sequence[Made]:
        """The events that `make` makes from a first seq and a time, which are answered again."""
        made = make(self.next_seq, self.now)
        self.next_seq += len(made)
        self._events.extend(made)
        return made

    def hand_over(self) -> None:
        """Gives the sink what was gathered, if anything. Raises what the sink raises."""
        if self._events:
            gathered, self._events = self._events, []
            self._sink.take(gathered)

    def drop(self) -> None:
        """Forgets what was gathered since the last hand-over, as if the move had not been."""
        self.next_seq -= len(self._events)
        self._events.clear()
