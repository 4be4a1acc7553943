"""Children that must differ: repeats are drawn anew and charged, until what is known leaves little to find."""

from __future__ import annotations

from collections.abc import Sequence
from math import log as ln

import pytest

from tests.search.conftest import Register
from tests.search.playing import Log, Synchronous, played
from workers.search import events
from workers.search.budget import Budget
from workers.search.events import TokenTrace
from workers.search.moves import Expand, Until
from workers.search.protocols import Draft, Request
from workers.search.registry import Play
from workers.search.siblings import MOST
from workers.search.step import Step
from workers.search.synchronous import Adapted


def writing(texts: Sequence[str], chance: float, asked: list[int]) -> Adapted:
    """An engine whose draw number k of a move is text k of these, each of this probability; it notes how many are asked
    for at a time."""

    def draft(request: Request) -> Draft:
        text = texts[(request.noise[1] & 0xFFFF_FFFF) % len(texts)]
        trace = TokenTrace((len(text),), (len(text),), (ln(chance),), (0.5,))
        ended = request.until == "end"
        return Draft(text, trace, "end" if ended else "step", 1 + ended, 3)

    def generate(requests: Sequence[Request]) -> list[Draft]:
        asked.append(len(requests))
        return [draft(request) for request in requests]

    return Adapted(Synchronous(generate))


def drawn(
    own_strategy: Register,
    texts: Sequence[str],
    chance: float,
    *,
    width: int = 3,
    until: Until = "step",
    times: int = 1,
    temperature: float = 1.0,
    budget: Budget | None = None,
) -> tuple[Log, list[int], list[list[str]]]:
    """The log, how many draws each round asked for, and the texts of each move's answer."""
    asked: list[int] = []
    answers: list[list[str]] = []

    def moves(root: Step) -> Play:
        for _ in range(times):
            [tips] = yield Expand((root,), width, until, temperature, distinct=True)
            answers.append([tip.text for tip in tips])

    engine = writing(texts, chance, asked)
    log = played(own_strategy(moves), engine=engine, budget=budget or Budget())
    assert not log.of(events.RunFailed)
    return log, asked, answers


def test_repeats_are_not_added_and_are_charged(own_strategy: Register) -> None:
    log, asked, answers = drawn(own_strategy, ["a\n", "a\n", "b\n", "a\n", "c\n"], 0.2)
    assert answers == [["a\n", "b\n", "c\n"]]
    assert asked == [1, 1, 1, 1, 1]
    [repeated] = log.of(events.StepRepeated)
    assert (repeated.number, repeated.times, repeated.generated, repeated.computed) == (1, 2, 2, 6)
    assert [event.text for event in log.of(events.StepAdded)] == ["a\n", "b\n", "c\n"]


def test_it_stops_when_what_is_known_holds_most_of_the_probability(own_strategy: Register) -> None:
    log, _, answers = drawn(own_strategy, ["a\n", "b\n", "c\n"], 0.45)
    assert answers == [["a\n", "b\n"]]
    assert not log.of(events.StepRepeated)


def test_unlikely_texts_are_drawn_all_at_once_after_the_first(own_strategy: Register) -> None:
    _, asked, answers = drawn(own_strategy, ["a\n", "b\n", "c\n", "d\n"], 0.001, width=4)
    assert asked == [1, 3]
    assert answers == [["a\n", "b\n", "c\n", "d\n"]]


def test_it_gives_up_after_so_many_draws(own_strategy: Register) -> None:
    log, asked, answers = drawn(own_strategy, ["a\n"], 0.2, width=2)
    assert answers == [["a\n"]]
    assert sum(asked) == MOST * 2
    assert [event.times for event in log.of(events.StepRepeated)] == [MOST * 2 - 1]


@pytest.mark.parametrize("until", ["step", "end"])
def test_children_of_earlier_moves_are_not_drawn_again(own_strategy: Register, until: Until) -> None:
    log, _, answers = drawn(own_strategy, ["a\n", "b\n", "c\n", "d\n"], 0.11, width=2, until=until, times=2)
    assert answers == [["a\n", "b\n"], ["c\n", "d\n"]]
    assert {event.number: event.times for event in log.of(events.StepRepeated)} == {1: 1, 2: 1}


def test_a_greedy_draw_is_made_once(own_strategy: Register) -> None:
    log, asked, answers = drawn(own_strategy, ["a\n"], 0.2, temperature=0.0, times=2)
    assert asked == [1, 1]
    assert answers == [["a\n"], []]
    assert [event.move for event in log.of(events.StepRepeated)] == [2]


def test_a_spent_budget_ends_the_drawing_and_is_told(own_strategy: Register) -> None:
    log, _, answers = drawn(own_strategy, ["a\n", "a\n", "b\n", "c\n"], 0.2, budget=Budget(tokens=3))
    assert answers == [["a\n", "b\n"]]
    [spent] = log.of(events.BudgetSpent)
    assert (spent.resource, spent.spent) == ("tokens", 3.0)
