"""Plays waiting runs: claims some, and more as these end, until nothing is left to claim; it knows no queue."""

from __future__ import annotations

import logging
from collections.abc import Callable

from apps.runs import leases
from apps.runs.renewal import Renewal
from workers import loaded
from workers.group import Group, Held
from workers.search.errors import SearchError

logger = logging.getLogger(__name__)
SLOTS = 16


def never() -> bool:
    """Of somebody who plays until nothing waits."""
    return False


def work(slots: int = SLOTS, *, stops: Callable[[], bool] = never) -> int:
    """Claim and play until nothing waits or `stops` says so; answers how many runs were claimed. Twice is harmless."""
    played = 0
    while (some := play_some(slots=slots, stops=stops)) or (not stops() and _made_ready()):
        played += some
    return played


def play_some(experiment_id: int | None = None, *, slots: int = SLOTS, stops: Callable[[], bool] = never) -> int:
    """Claim runs, `slots` at a time, and play them; answers how many were claimed, 0 if there were none.

    Of the given experiment, else of the one that has waited longest and of others with the same engine and scorer.
    Runs that `stops`, Ctrl-C or an exit leaves unended wait again, with what is stored of them. `stops` is asked each
    round. Raises what is a bug; the runs that were being played have failed by it then.
    """
    if stops():
        return 0
    _end_spent()
    claims = leases.claim(slots, experiment_id)
    if not claims:
        return 0
    with Renewal() as renewal:
        group = Group(claims, renewal, experiment_id=experiment_id, slots=slots, stops=stops)
        group.play()
    logger.info("Played %d runs.", group.claimed)
    return group.claimed


def _made_ready() -> bool:
    """Load what the runs of an owner that seems dead are played with, before their leases run out; whether anything was
    loaded that was not there. Loading takes as long as half a lease, and nobody waits for it this way."""
    kind = leases.lapsing()
    if kind is None:
        return False
    held = len(loaded.held())
    try:
        loaded.engine(kind.engine)
        if kind.scorer:
            loaded.scorer(kind.scorer)
    except SearchError:
        # Said in the log; the runs fail with the reason when they are claimed.
        return False
    return len(loaded.held()) > held


def _end_spent() -> None:
    """End the runs that nobody may play any more."""
    while spent := leases.claim_spent(SLOTS):
        for claim in spent:
            Held(claim).fail(
                f"The run was given up after {claim.attempt} attempts: each time its worker died, was lost, or met with"
                " trouble that seemed to pass. What was stored of it is kept; the workers' logs say what happened."
            )
