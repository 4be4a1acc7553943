"""A strategy that asks for something else than its log holds is refused, with the event and both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.search.playing import scripted_engine
from tests.search.replaying import events_of, listed, resumed, spec_of
from workers.search import events
from workers.search.events import Event
from workers.search.log import whole_moves
from workers.search.moves import Choose, Evaluate, Expand, Prune
from workers.search.registry import Play
from workers.search.runner import RunSpec
from workers.search.step import Step


def original(root: Step, params: Any, random: Any) -> Play:
    [tips] = yield Expand((root,), width=3)
    yield Evaluate(tuple(tips[:2]))
    yield Prune((tips[0],), "The first of 3.")
    yield Choose(tips[1], "The second of 3.")


def changed(place: int, other: Any) -> Any:
    """The original with another move in one place; None ends it there."""

    def play(root: Step, params: Any, random: Any) -> Play:
        tips: list[Step] = []
        moves = original(root, params, random)
        answer: Any = None
        for turn in range(4):
            move = moves.send(answer)
            if turn == place:
                if other is None:
                    return
                move = other(root, tips)
            answer = yield move
            tips = tips or answer[0]

    return play


def continued(play: Any, log: Sequence[Event], **more: Any) -> events.RunFailed:
    """How a run of `play` fails on `log`."""
    with listed(play) as key:
        *_, failed = resumed(replace(RunSpec("What is one?", "1", "exact_text", key), **more), log)
    assert isinstance(failed, events.RunFailed)
    return failed


def test_a_move_that_no_longer_asks_for_different_steps_is_refused() -> None:
    def distinct(wanted: bool) -> Any:
        def play(root: Step, params: Any, random: Any) -> Play:
            yield Expand((root,), width=12, distinct=wanted)

        return play

    with listed(distinct(True)) as key:
        log = [event for event in events_of(spec_of(key), scripted_engine(lines=1, answers=1)) if event.move <= 1]
    repeated = next(event for event in log if isinstance(event, events.StepRepeated))
    assert f"event {repeated.seq}:" in continued(distinct(False), log).reason


@pytest.fixture(name="log")
def recorded() -> list[Event]:
    """All of the original but its end."""
    with listed(original) as key:
        return [event for event in events_of(spec_of(key)) if event.move < 5]


OTHERS: list[tuple[int, Any, str]] = [
    (0, lambda root, tips: Expand((root,), width=2), "2 continuations of each of steps 0"),
    (0, lambda root, tips: Expand((root,), width=4), "4 continuations of each of steps 0"),
    (0, lambda root, tips: Evaluate(()), "scores of steps"),
    (1, lambda root, tips: Evaluate(tuple(tips)), "scores of steps"),
    (1, lambda root, tips: Evaluate(tuple(tips[:1])), "scores of steps"),
    (1, lambda root, tips: Expand((root,), width=1), "1 continuations of each of steps 0"),
    (2, lambda root, tips: Prune((tips[0],), "The best of 3."), "(The best of 3.)"),
    (2, lambda root, tips: Prune((tips[2],), "The first of 3."), "giving up steps"),
    (2, lambda root, tips: Prune((), "None of 3."), "giving up steps"),
    (3, lambda root, tips: Choose(tips[2], "The second of 3."), "choosing step"),
    (3, lambda root, tips: Choose(tips[1], "The other of 3."), "(The other of 3.)"),
    (1, None, "no more moves"),
    (3, None, "no more moves"),
]


@pytest.mark.parametrize(("place", "other", "asked"), OTHERS)
def test_another_move_is_refused_at_the_event_that_differs(
    log: list[Event], place: int, other: Any, asked: str
) -> None:
    failed = continued(changed(place, other), log)
    move = [event for event in log if event.move == place + 1]
    assert any(f"event {event.seq}:" in failed.reason for event in move)
    assert asked in failed.reason
    assert failed.seq == log[-1].seq + 1


def test_the_original_goes_on(log: list[Event]) -> None:
    with listed(original) as key:
        assert isinstance(resumed(spec_of(key), log)[-1], events.RunFinished)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("seed", 8, "seed 8"),
        ("checker", "", "checker ''"),
        ("strategy", "chain_of_thought", "strategy 'chain_of_thought'"),
    ],
)
def test_what_it_is_played_with_must_be_what_the_log_was_played_with(
    log: list[Event], field: str, value: Any, named: str
) -> None:
    with listed(original) as key:
        *_, failed = resumed(replace(spec_of(key), **{field: value}), log)
    assert isinstance(failed, events.RunFailed)
    assert "event 1:" in failed.reason
    assert named in failed.reason


def test_other_parameters_are_refused() -> None:
    whole = events_of(spec_of("self_consistency", parameters={"n": 4}))
    failed = resumed(spec_of("self_consistency", parameters={"n": 5}), whole[:1])[-1]
    assert isinstance(failed, events.RunFailed)
    assert "'n': 5" in failed.reason
    assert "'n': 4" in failed.reason


def damaged(log: Sequence[Event], kind: type[Event], **changes: Any) -> list[Event]:
    """The log with its first event of a kind changed."""
    place = next(place for place, event in enumerate(log) if isinstance(event, kind))
    return [replace(event, **changes) if at == place else event for at, event in enumerate(log)]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (events.StepAdded, {"number": 7}),
        (events.StepAdded, {"parent": 5}),
        (events.StepAdded, {"move": 0}),
        (events.StepScored, {"number": 99}),
        (events.RunStarted, {"strategy_version": 2}),
        (events.RunStarted, {"splitter": "paragraph-1"}),
    ],
)
def test_a_log_that_cannot_have_been_is_refused(log: list[Event], kind: Any, changes: dict[str, Any]) -> None:
    assert "event " in continued(original, damaged(log, kind, **changes)).reason


@pytest.mark.parametrize("move", [0, 2])
def test_a_visit_is_refused_as_long_as_no_move_makes_one(log: list[Event], move: int) -> None:
    place = next(place for place, event in enumerate(log) if event.move == 2)
    visit = events.StepRevisited(place + 1, log[place].at, 1, 0.5, move=move)
    visited = [*log[:place], visit, *(replace(event, seq=event.seq + 1) for event in log[place:])]
    failed = continued(original, visited)
    assert f"event {visit.seq}:" in failed.reason
    assert "step-revisited 1" in failed.reason


@pytest.mark.parametrize("missing", [0, 1, 4])
def test_a_log_with_a_hole_is_refused(log: list[Event], missing: int) -> None:
    holed = [*log[:missing], *log[missing + 1 :]]
    assert f"event {missing + 1}:" in continued(original, holed).reason


def test_moves_of_a_run_that_never_started_are_refused(log: list[Event]) -> None:
    headless = [replace(event, seq=event.seq - 1) for event in log[1:]]
    assert "run-started" in continued(original, headless).reason


def test_what_cannot_be_played_on_keeps_its_moves_and_fails_by_none(log: list[Event]) -> None:
    failed = continued(changed(1, None), log)
    assert (failed.move, failed.retryable) == (0, False)
    assert whole_moves([*log, failed], log[-1].seq) == log
