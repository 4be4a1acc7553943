"""What is sent to an address: a body that it takes, and which of its names hold an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.attacks.world import World

Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A body that its address takes. ids: which of its names hold an id, by the word the world has for that thing;
    also: other bodies that lead through other code."""

    body: Body
    ids: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Body, ...] = ()
