"""Continuations that are asked for, and what has been drawn of them; nothing here runs a model.

The noise of each is its own and is read one number a token, so it can be set aside at any token and go on later as if
nothing had happened.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workers.inference.sampling import stream
from workers.inference.token_trie import Slots
from workers.search.errors import EngineError
from workers.search.protocols import Stop

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Wanted:
    """One continuation of `context` (token ids, at least one): temperature, noise key, at most `max_tokens`, `stop`,
    asked after every token, and how many `alternatives` are told at every place.

    stop gets the ids drawn so far and says whether the draw is done; the model's own end-of-text token always ends it.
    """

    context: tuple[int, ...]
    temperature: float
    noise: tuple[int, int]
    max_tokens: int
    stop: Callable[[Sequence[int]], bool] | None = None
    alternatives: int = 0


@dataclass(slots=True, eq=False)
class Draw:
    """What was drawn so far, the end-of-text token included; logprobs and entropies in nats; alternatives: for each
    token the likeliest ids with their log-probabilities; computed: tokens the model ran for it. Done once it has a
    `stop` or an `error`."""

    wanted: Wanted
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)
    alternatives: list[Sequence[tuple[int, float]]] = field(default_factory=list)
    computed: int = 0
    stop: Stop | None = None
    error: EngineError | None = None
    _noise: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._noise = stream(self.wanted.noise)

    @property
    def done(self) -> bool:
        """Whether it has come to its end, good or bad."""
        return self.stop is not None or self.error is not None

    @property
    def text(self) -> tuple[int, ...]:
        """Context and what was drawn."""
        return (*self.wanted.context, *self.ids)

    def uniform(self) -> float:
        """The next number of its own noise, one a drawn token."""
        return self._noise.random()

    def take(
        self,
        token: int,
        logprob: float,
        entropy: float,
        ends: frozenset[int],
        alternatives: Sequence[tuple[int, float]] = (),
    ) -> None:
        """Adds a drawn token; `ends` are the ids that end a text."""
        if not (math.isfinite(logprob) and math.isfinite(entropy)):
            self.error = EngineError(
                "Expected finite log-probabilities and entropies; the model gave others. Try another dtype.",
                retryable=False,
            )
            return
        self.ids.append(token)
        self.logprobs.append(logprob)
        self.entropies.append(entropy)
        self.alternatives.append(alternatives)
        if token in ends:
            self.stop = "end"
        elif self.wanted.stop is not None and self.wanted.stop(self.ids):
            self.stop = "step"
        elif len(self.ids) >= self.wanted.max_tokens:
            self.stop = "length"


@dataclass(slots=True)
class Joining:
    """Draws that begin with this turn as one row: their common text, what is kept of it, and the logits after it where
    they are kept too."""

    draws: list[Draw]
    text: tuple[int, ...]
    found: Slots
    ready: Tensor | None

    @property
    def held(self) -> int:
        """Tokens that need not be run; of a text without kept logits the last one has to be."""
        return len(self.text) if self.ready is not None else min(len(self.found), len(self.text) - 1)

    @property
    def new(self) -> tuple[int, ...]:
        """What has to be run before this turn, all but the last token."""
        return self.text[self.held : -1]
