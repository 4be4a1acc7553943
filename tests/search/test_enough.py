"""A move that has enough, or no time left: what is under way is cancelled, kept as far as it went, and charged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from tests.search.conftest import Register
from tests.search.playing import Log, noon, played, quick, scripted_engine, scripted_scorer
from workers.engines.scripted import Params, ScriptedEngine
from workers.search import events
from workers.search.budget import Budget
from workers.search.ensemble import play
from workers.search.events import TokenTrace
from workers.search.moves import Choose, Expand
from workers.search.protocols import Delivery, Draft, Request, Ticket
from workers.search.registry import STRATEGIES, Entry, NoParams, Play
from workers.search.runner import Runner, RunSpec
from workers.search.step import Step

WIDTH = 6


def after(wanted: int) -> Callable[[Sequence[Step]], str]:
    """Enough once so many branches have ended."""
    return lambda tips: f"{len(tips)} of {WIDTH} have ended." if len(tips) >= wanted else ""


def first_of_many(wanted: int, answers: list[list[Step]]) -> Callable[[Step], Play]:
    def moves(root: Step) -> Play:
        [tips] = yield Expand((root,), width=WIDTH, enough=after(wanted))
        answers.append(tips)
        yield Choose(tips[0], "The first of 6.")

    return moves


class Charging(ScriptedEngine):
    """Sums up what its deliveries cost."""

    generated = computed = 0

    def poll(self) -> list[Delivery]:
        return self.charged(super().poll())

    def cancel(self, tickets: Sequence[Ticket]) -> list[Delivery]:
        return self.charged(super().cancel(tickets))

    def charged(self, done: list[Delivery]) -> list[Delivery]:
        for delivery in done:
            assert delivery.draft
            self.generated += delivery.draft.generated
            self.computed += delivery.draft.computed
        return done


def test_the_rest_is_cancelled_kept_and_charged(own_strategy: Register) -> None:
    answers: list[list[Step]] = []
    engine = Charging(Params(pace=3, lines=12))
    log = played(own_strategy(first_of_many(2, answers)), engine=engine, scorer=scripted_scorer())
    [tips] = answers
    steps, pruned = log.of(events.StepAdded), log.of(events.StepPruned)
    assert 2 <= len(tips) < WIDTH
    assert sum(step.parent == 0 for step in steps) == WIDTH
    assert {event.why for event in pruned} == {f"{len(tips)} of {WIDTH} have ended."}
    cancelled = {event.number for event in pruned}
    assert not any(step.terminal for step in steps if step.number in cancelled)
    assert cancelled.isdisjoint({tip.number for tip in tips})
    assert sum(step.terminal for step in steps) == len(tips)
    assert (engine.generated, engine.computed) == (
        sum(step.generated for step in steps),
        sum(step.computed for step in steps),
    )
    assert len(log.of(events.StepScored)) == len(steps)


def test_what_was_cancelled_is_no_longer_there_to_be_spent(own_strategy: Register) -> None:
    rooms: list[int] = []
    engine = scripted_engine(pace=3, lines=12)
    submit = engine.submit

    def shared(requests: Sequence[Request]) -> list[Ticket]:
        rooms.append(sum(request.max_tokens or 0 for request in requests))
        return submit(requests)

    engine.submit = shared  # type: ignore[method-assign]

    def moves(root: Step) -> Play:
        yield Expand((root,), width=WIDTH, enough=after(1))
        yield Expand((root,), width=1)

    log = played(own_strategy(moves), engine=engine, budget=Budget(tokens=1000))
    assert log.of(events.StepPruned)
    assert rooms == [1000, 1000 - sum(step.generated for step in log.of(events.StepAdded) if step.move == 1)]


def test_a_prompt_that_was_run_for_a_cancelled_draft_is_charged_and_an_untouched_draft_leaves_no_trace(
    own_strategy: Register,
) -> None:
    costs = iter([7, 0, 5])
    engine = scripted_engine(pace=3, lines=12)

    def unwritten(tickets: Sequence[Ticket]) -> list[Delivery]:
        nothing = TokenTrace((), (), (), ())
        return [Delivery(one, Draft("", nothing, "cancelled", 0, next(costs, 0)), None) for one in tickets]

    engine.cancel = unwritten  # type: ignore[method-assign]
    log = played(own_strategy(first_of_many(2, [])), engine=engine, scorer=scripted_scorer())
    empty = [step for step in log.of(events.StepAdded) if not step.text]
    assert [(step.computed, step.generated, step.terminal) for step in empty] == [(7, 0, False), (5, 0, False)]
    assert [event.number for event in log.of(events.StepPruned)] == [step.number for step in empty]


def test_a_move_that_never_has_enough_draws_all(own_strategy: Register) -> None:
    answers: list[list[Step]] = []
    log = played(own_strategy(first_of_many(WIDTH + 1, answers)), engine=scripted_engine(pace=3))
    assert len(answers[0]) == WIDTH
    assert not log.of(events.StepPruned)


def test_the_strategy_sees_answers_when_it_is_asked_whether_it_has_enough(own_strategy: Register) -> None:
    seen: list[int] = []

    def moves(root: Step) -> Play:
        def look(tips: Sequence[Step]) -> str:
            seen.append(len(tips))
            assert all(tip.answer is not None for tip in tips)
            return ""

        yield Expand((root,), width=WIDTH, enough=look)

    played(own_strategy(moves), engine=scripted_engine(pace=3))
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_drafts_under_way_are_cancelled_when_the_seconds_are_over() -> None:
    ticks = count(100.0, 1.0)
    engine = scripted_engine(pace=1, lines=30)
    log = played("self_consistency", {"n": 4}, engine=engine, budget=Budget(seconds=9.0), clock=lambda: next(ticks))
    [spent], [finished] = log.of(events.BudgetSpent), log.of(events.RunFinished)
    assert (spent.resource, spent.limit, finished.outcome) == ("seconds", 9.0, "out-of-budget")
    assert spent.spent >= 9.0
    steps = log.of(events.StepAdded)
    leaves = [step for step in steps if step.number not in {child.parent for child in steps}]
    cancelled = {event.number for event in log.of(events.StepPruned)}
    assert len(leaves) == 4
    assert cancelled
    assert all(step.terminal is (step.number not in cancelled) for step in leaves)
    assert all(event.why.startswith("Cancelled: ") and " of 9." in event.why for event in log.of(events.StepPruned))


@quick
@given(
    budget=st.builds(Budget, steps=st.none() | st.integers(1, 30), tokens=st.none() | st.integers(1, 120)),
    pace=st.integers(0, 9),
    wanted=st.integers(1, WIDTH),
    width=st.integers(1, 8),
    distinct=st.booleans(),
    seed=st.integers(0, 2**30),
)
def test_no_run_outgrows_its_budget_whatever_is_cancelled_or_repeated(
    budget: Budget, pace: int, wanted: int, width: int, distinct: bool, seed: int
) -> None:
    def make(root: Step, params: object, random: object) -> Play:
        live = [root]
        while live and live[0].depth < 5:
            grown = yield Expand(tuple(live), width, "step", distinct=distinct, enough=after(wanted))
            live = [tip for tips in grown for tip in tips if not tip.terminal]
        if live:
            yield Expand(tuple(live), 2, enough=after(1), distinct=distinct)

    STRATEGIES._entries["own"] = Entry("own", "Own", "Made by a test.", 1, NoParams, make)
    try:
        log = Log()
        spec = RunSpec("What is one?", "1", "exact_text", "own", {}, seed, budget)
        play([Runner(spec, log, clock=noon)], scripted_engine(pace=pace, lines=5), scripted_scorer())
    finally:
        del STRATEGIES._entries["own"]
    assert not log.of(events.RunFailed)
    steps, costs = log.of(events.StepAdded), [*log.of(events.StepAdded), *log.of(events.StepRepeated)]
    assert budget.steps is None or len(steps) <= budget.steps
    assert budget.tokens is None or sum(cost.generated for cost in costs) <= budget.tokens
