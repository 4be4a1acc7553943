"""Strategies for workers that are killed: one never comes to an end by itself, one takes many moves of every kind.

Only a test's worker imports it (celery -I): in this process they would stand among the real strategies.
"""

from __future__ import annotations

from random import Random

from workers.search.moves import Choose, Evaluate, Expand, Prune
from workers.search.registry import NoParams, Play, strategy
from workers.search.step import Step

ROUNDS = 100


@strategy("patient", label="Patient", summary="Draws one step after another.", params=NoParams)
def play(root: Step, params: NoParams, random: Random) -> Play:
    """Each draw is a move of its own, so events reach the sink a few at a time."""
    while True:
        yield Expand((root,), width=1, until="step")


@strategy("tour", label="Tour", summary="Draws, scores and prunes in many rounds.", params=NoParams, needs=("scores",))
def tour(root: Step, params: NoParams, random: Random) -> Play:
    """Which step is pruned depends on the strategy's own random numbers too, so a wrong resume shows."""
    for place in range(ROUNDS):
        [steps] = yield Expand((root,), width=3, until="step")
        scores = yield Evaluate(tuple(steps))
        lost = min(range(len(steps)), key=lambda one: (scores[one][-1], random.random()))
        yield Prune((steps[lost],), f"round {place}: {scores[lost][-1]:.3f} is the least")
    [[tip]] = yield Expand((root,), width=1)
    yield Evaluate((tip,))
    yield Choose(tip, "the only one")
