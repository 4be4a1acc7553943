"""Counts what a run has spent against its limits; it draws nothing and reads no clock.

Tokens are generated tokens, the end-of-text token counted. A limit that bites is an outcome and never an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.search.parameters import parameter

# Above this a limit limits nothing that a run could spend, and its digits fill the page that shows it.
MOST = 10**9


@dataclass(frozen=True)
class Budget:
    """The limits of one run; None is no limit."""

    steps: int | None = parameter(None, "At most so many steps in the tree.", minimum=1, maximum=MOST)
    tokens: int | None = parameter(None, "At most so many generated tokens.", minimum=1, maximum=MOST)
    seconds: float | None = parameter(
        None, "No draw starts after so many seconds, and those under way are cancelled.", minimum=0, maximum=MOST
    )


@dataclass(frozen=True, slots=True)
class Bite:
    """A limit that kept something back: which, and what was spent then."""

    resource: str
    limit: float
    spent: float


@dataclass(slots=True)
class Meter:
    """What a run has spent. `started_at` is in the seconds of whatever clock the caller passes."""

    budget: Budget
    started_at: float
    steps: int = 0
    tokens: int = 0

    def allowed(self, draws: int, now: float) -> tuple[int, str]:
        """How many of `draws` may be drawn, each of at least one step and one token, and what kept the others back."""
        if self.overdue(now):
            return 0, "seconds"
        resource = ""
        for name, room in (("steps", self.step_room()), ("tokens", self.token_room())):
            if room is not None and room < draws:
                draws, resource = room, name
        return draws, resource

    def overdue(self, now: float) -> bool:
        """Whether the seconds are over."""
        return self.budget.seconds is not None and now - self.started_at >= self.budget.seconds

    def step_room(self) -> int | None:
        """Steps that may still be added; None for no limit."""
        return None if self.budget.steps is None else self.budget.steps - self.steps

    def token_room(self) -> int | None:
        """Tokens that may still be generated; None for no limit."""
        return None if self.budget.tokens is None else self.budget.tokens - self.tokens

    def shares(self, draws: int) -> list[int | None]:
        """The most tokens each of `draws` may generate: what is left in even parts, the rest to the first ones."""
        room = self.token_room()
        if room is None:
            return [None] * draws
        if draws == 0:
            return []
        part, rest = divmod(room, draws)
        return [part + 1 if place < rest else part for place in range(draws)]

    def bite(self, resource: str, now: float) -> Bite:
        """What to say of a limit that has just kept something back."""
        spent = {"steps": float(self.steps), "tokens": float(self.tokens), "seconds": now - self.started_at}
        limit = {"steps": self.budget.steps, "tokens": self.budget.tokens, "seconds": self.budget.seconds}[resource]
        return Bite(resource, float(limit or 0), spent[resource])
