"""Lets a test play a strategy of its own, which is gone from the list afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from workers.search.registry import STRATEGIES, Entry, NoParams, Play
from workers.search.step import Step

Register = Callable[[Callable[[Step], Play]], str]


@pytest.fixture
def own_strategy(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a generator of moves from the root and gives its key."""

    def register(moves: Callable[[Step], Play]) -> str:
        def make(root: Step, params: Any, random: Any) -> Play:
            return moves(root)

        entry = Entry("own", "Own", "Made by a test.", 1, NoParams, make)
        monkeypatch.setitem(STRATEGIES._entries, "own", entry)
        return "own"

    return register
