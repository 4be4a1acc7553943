"""Lets something happen in the middle of play: before each poll of the real scripted engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workers import loaded
from workers.search.protocols import Delivery


def before_each_poll(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Call `happens` before the engine goes on; what it raises stands for what breaks the group off."""
    engine = loaded.engine("scripted")
    written = engine.poll

    def poll() -> list[Delivery]:
        happens()
        return written()

    monkeypatch.setattr(engine, "poll", poll)
