"""The Celery entry points; each says nothing but what to call, and carries no data but ids."""

from __future__ import annotations

from apps.config.celery import app
from workers import play


@app.task(name="search.work", ignore_result=True)
def search_work() -> None:
    """There is work: play until nothing waits. The message is a hint, so lost or doubled it does no harm."""
    play.work()
