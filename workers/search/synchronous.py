"""Between engines that answer a call and the core, which submits and polls; it holds no model and retries no draw.

`Adapted` makes an Engine of a SynchronousEngine; `write_all` draws from any Engine as if it were synchronous.
"""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.errors import EngineError
from workers.search.events import Maker, TokenTrace
from workers.search.protocols import Delivery, Draft, Engine, Request, SynchronousEngine, Ticket


class Adapted:
    """An Engine over one that knows only `generate`: `poll` writes everything that was submitted by one call.

    A call that fails is made again for each submission alone, so that only the requests at fault are lost by it.
    """

    def __init__(self, engine: SynchronousEngine) -> None:
        self.engine = engine
        self.splitter = engine.splitter
        self._next: Ticket = 1
        self._waiting: list[list[tuple[Ticket, Request]]] = []

    def submit(self, requests: Sequence[Request]) -> list[Ticket]:
        """Keeps the requests for the next poll."""
        tickets = list(range(self._next, self._next + len(requests)))
        self._next += len(requests)
        self._waiting.append(list(zip(tickets, requests, strict=True)))
        return tickets

    def poll(self) -> list[Delivery]:
        """Writes everything that waits."""
        waiting, self._waiting = [one for one in self._waiting if one], []
        together = [asked for submission in waiting for asked in submission]
        if not together:
            return []
        try:
            return self._written(together)
        except EngineError as error:
            if len(waiting) == 1:
                return [Delivery(ticket, None, error) for ticket, _ in together]
            return [delivery for submission in waiting for delivery in self._alone(submission)]

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        """Nothing of what waits has been begun, so it is dropped at no cost."""
        unwanted = set(tickets)
        dropped = [ticket for submission in self._waiting for ticket, _ in submission if ticket in unwanted]
        self._waiting = [[asked for asked in submission if asked[0] not in unwanted] for submission in self._waiting]
        unwritten = Draft("", TokenTrace((), (), (), ()), "cancelled", 0, 0)
        return [Delivery(ticket, unwritten, None) for ticket in dropped]

    def encode(self, text: str) -> tuple[int, ...]:
        """As the engine's."""
        return self.engine.encode(text)

    def identity(self) -> Maker:
        """As the engine's."""
        return self.engine.identity()

    def _alone(self, submission: list[tuple[Ticket, Request]]) -> list[Delivery]:
        try:
            return self._written(submission)
        except EngineError as error:
            return [Delivery(ticket, None, error) for ticket, _ in submission]

    def _written(self, asked: list[tuple[Ticket, Request]]) -> list[Delivery]:
        """Raises EngineError, also for another number of drafts than requests."""
        drafts = self.engine.generate([request for _, request in asked])
        if len(drafts) != len(asked):
            raise EngineError(f"Expected {len(asked)} drafts; the engine gave {len(drafts)}.", retryable=False)
        return [Delivery(ticket, draft, None) for (ticket, _), draft in zip(asked, drafts, strict=True)]


def write_all(engine: Engine, requests: Sequence[Request]) -> list[Draft]:
    """One draft a request, in order, from an engine that nobody else uses meanwhile. Raises EngineError."""
    tickets = engine.submit(requests)
    written: dict[Ticket, Draft] = {}
    while len(written) < len(tickets):
        for delivery in engine.poll():
            if delivery.error is not None:
                engine.cancel(tickets)
                raise delivery.error
            if delivery.draft is not None:
                written[delivery.ticket] = delivery.draft
    return [written[ticket] for ticket in tickets]
