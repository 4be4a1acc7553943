"""Gathers the events of one move and hands them to the sink together; it decides nothing and keeps no history."""

from __future__ import annotations

from collections.abc import Callable

from workers.search.events import Event
from workers.search.protocols import Sink


class Journal:
    """Numbers events from 1 without gaps and stamps them with the number of their move, which `move` holds.

    `clock` gives seconds since 1970; one reading stamps what happens at once."""

    def __init__(self, sink: Sink, clock: Callable[[], float]) -> None:
        self._sink, self._clock = sink, clock
        self._events: list[Event] = []
        self._seq = 0
        self.move = 0
        self.now = 0.0

    def tick(self) -> float:
        """Reads the clock for the events to come."""
        self.now = self._clock()
        return self.now

    def add(self, kind: Callable[..., Event], *fields: object) -> None:
        """An event of `kind` with its fields between at and move, in their order."""
        self._seq += 1
        self._events.append(kind(self._seq, self.now, *fields, move=self.move))

    def hand_over(self) -> None:
        """Gives the sink what was gathered, if anything. Raises what the sink raises."""
        if self._events:
            gathered, self._events = self._events, []
            self._sink.take(gathered)

    def drop(self) -> None:
        """Forgets what was gathered since the last hand-over, as if the move had not been."""
        self._seq -= len(self._events)
        self._events.clear()
