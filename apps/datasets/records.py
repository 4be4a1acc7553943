"""What a snapshot holds, as plain frozen records; an export format is given these and never sees a row or a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FrozenProblem:
    """A problem as it stood: problem_set is the slug of its set, the rest as in apps.problems."""

    id: int
    problem_set: str
    statement: str
    answer: str
    checker: str
    difficulty: float | None
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class FrozenRun:
    """A run and what it was played with; kind is search, imported or fork; source is the
    file and line of an imported one, and of a fork the id of the run it was forked from."""

    id: int
    problem: int
    experiment: int
    experiment_name: str
    kind: str
    strategy: str
    strategy_version: int
    engine: str
    scorer: str
    source: str
    status: str
    outcome: str
    correct: bool | None


@dataclass(frozen=True, slots=True)
class FrozenMaker:
    """Who made a text or a number; arguments is canonical JSON."""

    id: int
    kind: str
    key: str
    version: str
    revision: str
    arguments: str


@dataclass(frozen=True, slots=True)
class FrozenLabeller:
    """Who gave a label: a member by the name they chose, never by their address, or a foreign name."""

    id: int
    name: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class FrozenScore:
    """A scorer's number for a step; maker is its id in the snapshot."""

    maker: int
    value: float


@dataclass(frozen=True, slots=True)
class FrozenLabel:
    """A current label. at: when, ISO 8601 in UTC; seconds: time taken; both flags None where unknown."""

    labeller: int
    verdict: str
    at: str
    scores_in_view: bool | None
    seconds: float | None
    reason: str
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FrozenAdjudication:
    """The verdict that was settled, by which labeller, why, and on which labels (their ids)."""

    verdict: str
    settled_by: int
    reason: str
    labels: tuple[int, ...]
    at: str


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """What a terminal step answers, its class, and whether it is right (None where unknown)."""

    text: str
    class_key: str | None
    correct: bool | None
    checker: str
    version: int


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """A step as it stood.

    number: from 1, after its parent's; parent: 0 is the question; verdict: the standing one, None where none stands;
    rating: −1, 0 or 1 for bad, neutral, good, None for unsure and where no verdict stands; pruned, chosen: the seq at
    which that happened; logprob: summed, nats; entropy: mean a token, nats.
    """

    number: int
    parent: int
    depth: int
    text: str
    origin: str
    maker: int
    terminal: bool
    tokens: int
    logprob: float | None
    entropy: float | None
    pruned: int | None
    chosen: int | None
    answer: FrozenAnswer | None
    scores: tuple[FrozenScore, ...]
    labels: tuple[FrozenLabel, ...]
    adjudication: FrozenAdjudication | None
    verdict: str | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class FrozenTree:
    """One run with its problem and all its steps, ordered by number."""

    problem: FrozenProblem
    run: FrozenRun
    steps: tuple[FrozenStep, ...]
