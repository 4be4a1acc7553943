"""A step of the running tree as a strategy sees it; it knows nothing of rows or of models."""

from __future__ import annotations

from dataclasses import dataclass

ROOT_NUMBER = 0
# A step's depth is stored in two bytes, whether the step was played or imported.
DEEPEST = 32_767


@dataclass(frozen=True, slots=True)
class Answer:
    """What a terminal step says.

    text: the final answer as written; class_key: its class among equal answers, None where it cannot be parsed
    (such an answer forms no class and has no vote); correct: right, wrong or, as None, unknown;
    checker, version: who said so.
    """

    text: str
    class_key: str | None
    correct: bool | None
    checker: str
    version: int


@dataclass(slots=True, eq=False)
class Step:
    """One piece of reasoning. Number 0 is the question itself: it has no text and is not counted.

    logprob: summed log-probability of the step's tokens in nats; entropy: mean entropy per token in nats;
    both None where the maker gave none. `score` is the playing scorer's value of this step alone.
    """

    number: int
    parent: int
    depth: int
    text: str
    terminal: bool = False
    token_ids: tuple[int, ...] = ()
    logprob: float | None = None
    entropy: float | None = None
    score: float | None = None
    answer: Answer | None = None
    pruned: bool = False
