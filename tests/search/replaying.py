"""Plays runs from logs for the tests of replay, and a strategy that asks for anything a strategy may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

from tests.search.playing import Log, noon, scripted_engine, scripted_scorer
from workers.search.ensemble import play
from workers.search.events import Event
from workers.search.log import whole_moves
from workers.search.moves import Choose, Evaluate, Expand, Prune
from workers.search.protocols import Engine, Scorer
from workers.search.registry import STRATEGIES, Entry, NoParams, Play
from workers.search.runner import Runner, RunSpec
from workers.search.step import Step


def spec_of(strategy: str, **given: Any) -> RunSpec:
    return RunSpec("What is one?", "1", "exact_text", strategy, **given)


def events_of(
    spec: RunSpec, engine: Engine | None = None, scorer: Scorer | None = None, clock: Any = noon
) -> list[Event]:
    """The events a run of `spec` hands over, those of its log not among them."""
    log = Log()
    play([Runner(spec, log, clock=clock)], engine or scripted_engine(), scorer or scripted_scorer())
    return log.events


def resumed(spec: RunSpec, log: Sequence[Event], **given: Any) -> list[Event]:
    """The whole log of the run that went on from `log`."""
    return [*log, *events_of(replace(spec, log=tuple(log)), **given)]


def cuts(log: Sequence[Event]) -> list[list[Event]]:
    """What is left of a log that is cut at every event, each length once."""
    return list({len(part): part for event in log if (part := whole_moves(log, event.seq))}.values())


class Silent:
    """An engine that must not be asked for anything."""

    splitter = "line-1"

    def __init__(self) -> None:
        self.identity = scripted_engine().identity
        self.encode = scripted_engine().encode

    def submit(self, requests: Sequence[Any]) -> list[int]:
        raise AssertionError(f"Asked for {len(requests)} drafts.")

    def poll(self) -> list[Any]:
        raise AssertionError("Polled.")

    def cancel(self, tickets: Sequence[int]) -> list[Any]:
        raise AssertionError(f"Asked to cancel {len(tickets)} drafts.")


@contextmanager
def listed(make: Any, key: str = "own") -> Iterator[str]:
    """Lists `make(root, params, random)` as a strategy for as long as the block runs."""
    STRATEGIES._entries[key] = Entry(key, "Own", "Made by a test.", 1, NoParams, make)
    try:
        yield key
    finally:
        del STRATEGIES._entries[key]


def wander(root: Step, params: Any, random: Random) -> Play:
    """Any moves in any order: distinct or not, broken off or not, scored, given up, chosen.

    Its sentences count what it was told of, so that a replay that tells it more or less is seen.
    """
    known: list[Step] = []
    for _ in range(random.randint(1, 7)):
        alive = [step for step in known if not step.pruned]
        open_steps = [step for step in (root, *alive) if not step.terminal]
        asked = random.choice(("expand", "expand", "evaluate", "prune"))
        if asked == "expand":
            parents = random.sample(open_steps, min(len(open_steps), random.randint(1, 3)))
            for drawn in (yield _any_expand(tuple(parents), random)):
                known.extend(drawn)
        elif asked == "evaluate":
            yield Evaluate(tuple(random.choices(alive, k=min(len(alive), 3))))
        elif alive:
            given_up = random.sample(alive, random.randint(0, len(alive)))
            yield Prune(tuple(given_up), f"{len(given_up)} of {len(alive)} by lot, of {len(known)} drawn.")
    ended = [step for step in known if step.terminal and not step.pruned]
    if ended:
        yield Choose(random.choice(ended), f"One of {len(ended)} by lot, of {len(known)} drawn.")


def _any_expand(parents: tuple[Step, ...], random: Random) -> Expand:
    most = random.choice((0, 1, 3))
    return Expand(
        parents,
        width=random.randint(1, 4),
        until=random.choice(("step", "end")),
        distinct=random.random() < 0.4,
        enough=(lambda tips: f"{len(tips)} of at least {most} are there." if len(tips) >= most else "")
        if most
        else None,
    )
