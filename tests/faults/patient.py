"""A strategy that never comes to an end by itself, so that a worker can be killed in the middle of a run.

Only a test's worker imports it (celery -I): in this process it would stand among the real strategies.
"""

from __future__ import annotations

from random import Random

from workers.search.moves import Expand
from workers.search.registry import NoParams, Play, strategy
from workers.search.step import Step


@strategy("patient", label="Patient", summary="Draws one step after another.", params=NoParams)
def play(root: Step, params: NoParams, random: Random) -> Play:
    """Each draw is a move of its own, so events reach the sink a few at a time."""
    while True:
        yield Expand((root,), width=1, until="step")
