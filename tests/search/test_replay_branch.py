"""A run that starts from a branch of another tree, which any strategy may go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.search.playing import Log, noon, scripted_engine, scripted_scorer
from tests.search.replaying import cuts, events_of, listed, resumed, spec_of, wander
from tests.search.test_replay_continue import Other
from workers.search import events
from workers.search.budget import Budget
from workers.search.ensemble import play
from workers.search.errors import BadParameter, EngineError
from workers.search.events import Event, Maker
from workers.search.inherited import Inherited, InheritedStep
from workers.search.moves import Expand, Prune
from workers.search.registry import STRATEGIES, Entry
from workers.search.runner import Runner, RunSpec

every_strategy = pytest.mark.parametrize("entry", list(STRATEGIES), ids=lambda entry: entry.key)
PERSON = Maker("person", "ada")


def branch(count: int = 2, **last: Any) -> Inherited:
    """The first steps of a run of the scripted engine, the last one changed."""
    log = events_of(spec_of("chain_of_thought"), scripted_engine(lines=60))
    steps = [
        InheritedStep(step.text, step.maker, trace=step.trace, logprob=step.logprob, entropy=step.entropy)
        for step in log
        if isinstance(step, events.StepAdded)
    ][:count]
    return Inherited((*steps[:-1], replace(steps[-1], **last)))


def forked(strategy: str, start: Inherited | None = None, **more: Any) -> RunSpec:
    return spec_of(strategy, start=start or branch(), **more)


def steps_of(log: Sequence[Event]) -> list[events.StepAdded]:
    return [event for event in log if isinstance(event, events.StepAdded)]


@every_strategy
def test_every_strategy_goes_on_from_the_last_inherited_step(entry: Entry[Any]) -> None:
    log = events_of(forked(entry.key))
    assert isinstance(log[-1], events.RunFinished)
    first, second, *drawn = steps_of(log)
    assert [(step.number, step.parent, step.depth, step.move) for step in (first, second)] == [
        (1, 0, 1, 0),
        (2, 1, 2, 0),
    ]
    assert {step.origin for step in drawn} == {"generated"}
    below = {2}
    for step in drawn:
        assert step.parent in below
        below.add(step.number)


@every_strategy
def test_a_branch_cut_at_any_event_and_resumed_is_the_whole_run(entry: Entry[Any]) -> None:
    spec = forked(entry.key)
    whole = events_of(spec)
    for part in cuts(whole):
        assert resumed(spec, part) == whole
        assert resumed(replace(spec, start=None), part) == whole


def test_inherited_steps_stored_beforehand_are_as_good() -> None:
    steps = branch().as_events(1, noon())
    spec = forked("self_consistency")
    stored = resumed(replace(spec, start=None), steps)
    assert stored[:2] == steps
    assert isinstance(stored[2], events.RunStarted)

    def told(log: Sequence[Event]) -> list[Event]:
        return sorted((replace(event, seq=0) for event in log), key=lambda event: event.kind)

    assert told(stored) == told(events_of(spec))
    for part in cuts(stored):
        assert resumed(replace(spec, start=None), part) == stored


def test_inherited_steps_cost_nothing() -> None:
    start = branch()
    log = events_of(forked("self_consistency", start, budget=Budget(steps=3)))
    inherited, drawn = steps_of(log)[:2], steps_of(log)[2:]
    assert [(step.generated, step.computed) for step in inherited] == [(0, 0), (0, 0)]
    assert [step.tokens for step in inherited] == [len(step.trace.ids) for step in start.steps if step.trace]
    assert len(drawn) == 3


def test_inherited_steps_are_scored_once_with_the_first_branch_that_holds_them() -> None:
    log = events_of(forked("best_of_n"))
    scores = [event.number for event in log if isinstance(event, events.StepScored)]
    assert sorted(scores) == [step.number for step in steps_of(log)]
    assert scores[:2] == [1, 2]


def test_inherited_steps_cannot_be_given_up() -> None:
    def giving_up(root: Any, params: Any, random: Any) -> Any:
        yield Prune((root,), "All 2 inherited steps.")

    with listed(giving_up) as key:
        failed = events_of(forked(key))[-1]
    assert isinstance(failed, events.RunFailed)
    assert "inherited" in failed.reason


def test_a_branch_that_has_ended_is_refused_unless_its_text_was_edited() -> None:
    with pytest.raises(BadParameter, match="edit its text"):
        branch(terminal=True)
    edited = branch(terminal=True, origin="edited", maker=PERSON, text="carry one\n", trace=None)
    log = events_of(forked("chain_of_thought", edited))
    first, second, *drawn = steps_of(log)
    assert (first.origin, second.origin, second.maker, second.terminal) == ("inherited", "edited", PERSON, False)
    assert drawn


def test_the_engine_reads_what_is_not_its_own_by_its_own_tokens() -> None:
    start = branch(origin="edited", maker=PERSON, text="carry one\n", trace=None)
    for engine, ids in ((Own(), start.steps[0].trace.ids), (Other(), tuple(map(ord, start.steps[0].text)))):
        log = Log()
        play([Runner(forked("chain_of_thought", start), log, clock=noon)], engine)
        assert engine.prefixes == [ids + engine.encode("carry one\n")]


class Unlettered(Other):
    """Knows none of the words it has not written."""

    def encode(self, text: str) -> tuple[int, ...]:
        raise EngineError(f"Expected known words; found {text!r}.", retryable=False)


def test_words_that_the_engine_cannot_read_end_the_run_with_its_sentence() -> None:
    start = branch(origin="edited", maker=PERSON, text="carry one\n", trace=None)
    log = events_of(forked("chain_of_thought", start), Unlettered())
    assert log[-1].kind == "run-failed"
    assert "Expected known words" in log[-1].reason
    assert [step.number for step in steps_of(log)] == [1, 2]


class Own(Other):
    """The scripted engine itself."""

    def encode(self, text: str) -> tuple[int, ...]:
        return self.inner.encode(text)

    def identity(self) -> Maker:
        return self.inner.identity()


def test_without_any_steps_it_starts_from_the_question() -> None:
    spec = spec_of("self_consistency")
    assert events_of(replace(spec, start=Inherited(()))) == events_of(spec)


def test_any_moves_from_a_branch_are_resumed_too() -> None:
    with listed(wander) as key:
        for seed in range(20):
            spec = forked(key, seed=seed)
            whole = events_of(spec)
            assert isinstance(whole[-1], events.RunFinished)
            for part in cuts(whole):
                assert resumed(spec, part, scorer=scripted_scorer()) == whole


def test_the_strategys_root_is_the_last_inherited_step() -> None:
    seen: list[Any] = []

    def looking(root: Any, params: Any, random: Any) -> Any:
        seen.append((root.number, root.depth))
        yield Expand((root,), width=1)

    with listed(looking) as key:
        events_of(forked(key))
    assert seen == [(2, 2)]
