"""What is done in the background for runs that have ended, some of them a call; a row says of each what is done."""

from __future__ import annotations

from apps.trees.indexing import index_a_round
from apps.trees.sealing import seal_a_round


def look_after_ended() -> None:
    """Do a round of everything that waits. Called again and again; what one call leaves, the next one takes up."""
    seal_a_round()
    index_a_round()
