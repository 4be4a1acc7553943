"""Runs that are written at different speeds: none holds another, more come as some end, and some are let go of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.search.playing import Log, noon, played, scripted_engine, scripted_scorer
from workers.engines.scripted import ScriptedEngine
from workers.search import events
from workers.search.ensemble import play
from workers.search.events import Event
from workers.search.protocols import BranchScores, BranchText, Delivery
from workers.search.runner import Runner, RunSpec


class Watched(Log):
    """Keeps its events, and in a common list the names of runs in the order in which they ended."""

    def __init__(self, name: str, ended: list[str]) -> None:
        super().__init__()
        self.name, self.ended = name, ended

    def take(self, taken: Sequence[Event]) -> None:
        super().take(taken)
        if isinstance(taken[-1], events.RunFinished):
            self.ended.append(self.name)


def runner(question: str, log: Log, *, n: int = 4, seed: int = 0) -> Runner:
    return Runner(RunSpec(question, "1", "exact_text", "best_of_n", {"n": n}, seed), log, clock=noon)


def chain_lengths() -> dict[str, int]:
    """Twelve questions and the polls that a chain of thought on each takes at a token a poll."""
    return {
        question: sum(step.generated for step in played("chain_of_thought", question=question).of(events.StepAdded))
        for question in map("Question {}".format, range(12))
    }


def test_a_long_chain_holds_no_other_run() -> None:
    ended: list[str] = []
    lengths = chain_lengths()
    runners = [
        Runner(RunSpec(question, "1", "exact_text", "chain_of_thought"), Watched(question, ended), clock=noon)
        for question in lengths
    ]
    play(runners, scripted_engine(pace=1))
    assert len(set(lengths.values())) > 2
    assert [lengths[question] for question in ended] == sorted(lengths.values())


def test_what_waits_for_the_scorer_at_once_is_scored_in_one_call() -> None:
    scorer, sizes = scripted_scorer(), []
    score = scorer.score

    def weighed(branches: Sequence[BranchText]) -> list[BranchScores]:
        sizes.append(len(branches))
        return score(branches)

    scorer.score = weighed  # type: ignore[method-assign]
    play([runner("The same question", Log()) for _ in range(5)], scripted_engine(pace=3), scorer)
    assert sizes == [20]


def test_a_run_waits_at_most_four_polls_for_others_that_are_to_be_scored_with_it() -> None:
    engine, scorer, lengths = scripted_engine(pace=1), scripted_scorer(), chain_lengths()
    score, poll, polls, scored_at = scorer.score, engine.poll, [0], dict[str, int]()

    def counted() -> list[Delivery]:
        polls[0] += 1
        return poll()

    def noted(branches: Sequence[BranchText]) -> list[BranchScores]:
        scored_at.update({branch.question: polls[0] for branch in branches})
        return score(branches)

    engine.poll, scorer.score = counted, noted  # type: ignore[method-assign]
    specs = [RunSpec(question, "1", "exact_text", "chain_of_thought") for question in lengths]
    play([Runner(spec, Log(), clock=noon) for spec in specs], engine, scorer)
    waits = [scored_at[question] - length for question, length in lengths.items()]
    assert (min(waits), max(waits)) == (0, 4)


def test_more_runs_come_as_some_end_and_places_stay_taken() -> None:
    waiting = [runner(f"Later {place}", Log()) for place in range(7)]
    playing: list[Runner] = [runner(f"First {place}", Log(), n=place + 1) for place in range(3)]
    asked: list[int] = []

    def refill(free: int) -> list[Runner]:
        asked.append(free)
        more = [waiting.pop() for _ in range(min(free, len(waiting)))]
        playing.extend(more)
        assert sum(not one.ended for one in playing) <= 3
        return more

    play(list(playing), scripted_engine(pace=2), scripted_scorer(), refill=refill)
    assert len(playing) == 10
    assert all(one.ended and not one.failure for one in playing)
    assert min(asked) >= 1


def test_places_that_nobody_has_taken_yet_are_filled_too() -> None:
    waiting = [runner(f"Later {place}", Log()) for place in range(7)]
    given: list[int] = []

    def refill(free: int) -> list[Runner]:
        more, waiting[:] = waiting[:free], waiting[free:]
        given.append(len(more))
        return more

    play([runner("First", Log())], scripted_engine(pace=2), scripted_scorer(), refill=refill, places=4)
    assert given[0] == 3
    assert sum(given) == 7


def nothing_is_under_way(engine: ScriptedEngine) -> bool:
    return not any(engine.poll() for _ in range(100))


@pytest.mark.parametrize("after", range(0, 40, 3))
def test_a_run_let_go_in_mid_move_leaves_whole_moves_and_nothing_else(after: int) -> None:
    whole = played("beam", {"n": 8}, question="Let go", engine=scripted_engine(pace=2), scorer=scripted_scorer())
    log, other = Log(), Log()
    leaving = Runner(RunSpec("Let go", "1", "exact_text", "beam", {"n": 8}), log, clock=noon)
    staying = runner("Stays", other)
    polls = iter(range(1_000_000))
    engine = scripted_engine(pace=2)
    play(
        [leaving, staying],
        engine,
        scripted_scorer(),
        watch=lambda: [leaving] if next(polls) >= after else [],
    )
    assert log.moves == whole.moves[: len(log.moves)]
    assert leaving.ended is (len(log.moves) == len(whole.moves))
    assert not leaving.failure
    assert other.of(events.RunFinished)
    assert nothing_is_under_way(engine)


def test_what_is_under_way_is_cancelled_when_a_bug_ends_the_play() -> None:
    engine = scripted_engine(pace=1)

    def watch() -> list[Runner]:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        play([runner("Question", Log())], engine, scripted_scorer(), watch=watch)
    assert nothing_is_under_way(engine)
