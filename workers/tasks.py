"""The Celery entry points; each says nothing but what to call, and carries no data but ids."""

from __future__ import annotations

import mmap
from typing import Any

from celery.signals import worker_shutting_down

from apps.config.celery import app
from apps.trees import ended
from workers import play

# One byte that the parent shares with the children it forks. A warm shutdown waits for what its child does, and the
# child hears of it nowhere else: with this it hands its runs back within a round and does not play them to their ends.
_shutting_down = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def tell_the_children(**told: Any) -> None:
    """Called in the parent when it is asked to end."""
    _shutting_down[0] = 1


@app.task(name="search.work", ignore_result=True)
def search_work() -> None:
    """There is work: play until nothing waits. The message is a hint, so lost or doubled it does no harm."""
    play.work(stops=lambda: _shutting_down[0] == 1)


@app.task(name="trees.ended", ignore_result=True)
def trees_ended() -> None:
    """Runs may have ended: make what their pages read of them. Whatever is lost with a message is done by the next."""
    ended.look_after_ended()
