"""What ends a run alone: mistakes of a strategy, of an engine, of a scorer, of a question; each with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.search.conftest import Register
from tests.search.playing import Log, Synchronous, noon, played, scripted_drafts, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.budget import Budget
from workers.search.errors import BadParameter, UnknownKey
from workers.search.events import TokenTrace
from workers.search.moves import Choose, Evaluate, Expand, Prune
from workers.search.protocols import BranchScores, BranchText, Draft
from workers.search.registry import Play
from workers.search.runner import MOST_REFUSED, Runner, RunSpec
from workers.search.step import Step
from workers.search.synchronous import Adapted


def failure(log: Log) -> str:
    """Why the run failed; its events must end with that and count without gaps."""
    [failed] = log.of(events.RunFailed)
    assert log.events[-1] is failed
    assert [event.seq for event in log.events] == list(range(1, len(log.events) + 1))
    assert not log.of(events.RunFinished)
    return failed.reason


def expand_ended(root: Step) -> Play:
    [[tip]] = yield Expand((root,), width=1)
    yield Expand((tip,), width=1)


def expand_pruned(root: Step) -> Play:
    [[tip]] = yield Expand((root,), width=1, until="step")
    yield Prune((tip,), "Given up, 1 of 1.")
    yield Expand((tip,), width=1)


def expand_stranger(root: Step) -> Play:
    yield Expand((Step(number=0, parent=0, depth=0, text=""),), width=1)


def expand_none(root: Step) -> Play:
    yield Expand((root,), width=0)


def expand_one_twice(root: Step) -> Play:
    yield Expand((root, root), width=1)


def choose_open(root: Step) -> Play:
    [[tip]] = yield Expand((root,), width=1, until="step")
    yield Choose(tip, "The only one of 1.")


def choose_twice(root: Step) -> Play:
    [[tip]] = yield Expand((root,), width=1)
    yield Choose(tip, "The only one of 1.")
    yield Choose(tip, "Again the only one of 1.")


def choose_silently(root: Step) -> Play:
    [[tip]] = yield Expand((root,), width=1)
    yield Choose(tip, " ")


def evaluate_unscored(root: Step) -> Play:
    yield Evaluate((root,))


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        (expand_ended, "its text has ended"),
        (expand_pruned, "it has been pruned"),
        (expand_stranger, "not of this run's tree"),
        (expand_none, "asked for 0 continuations; expected at least 1"),
        (expand_one_twice, "to continue one step twice in one move"),
        (choose_open, "its text has not ended"),
        (choose_twice, "may not choose twice"),
        (choose_silently, "must say why"),
        (evaluate_unscored, "without a scorer"),
    ],
)
def test_it_refuses_what_a_strategy_may_not_do(
    own_strategy: Register, moves: Callable[[Step], Play], sentence: str
) -> None:
    assert sentence in failure(played(own_strategy(moves), engine=scripted_engine(lines=60)))


def test_it_stops_a_strategy_that_keeps_asking_a_spent_budget(own_strategy: Register) -> None:
    asked: list[int] = []

    def moves(root: Step) -> Play:
        while True:
            asked.append(1)
            yield Expand((root,), width=1)

    assert "asked in vain for draws 1,001 times" in failure(played(own_strategy(moves), budget=Budget(steps=1)))
    assert len(asked) == MOST_REFUSED + 2


def test_it_refuses_a_best_of_n_without_a_scorer() -> None:
    assert "Parameter 'scorer': expected one, because strategy 'best_of_n'" in failure(played("best_of_n"))


def test_it_refuses_scores_that_are_not_one_a_step() -> None:
    class Short:
        def identity(self) -> events.Maker:
            return events.Maker("scorer", "short")

        def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
            return [BranchScores(tuple(0.5 for _ in branch.steps[1:]), 1) for branch in branches]

    log = played("best_of_n", {"n": 2}, scorer=Short())
    assert "Expected one score for each of the" in failure(log)
    assert not log.of(events.StepScored)


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan")])
def test_it_refuses_scores_outside_zero_to_one(value: float) -> None:
    class Wild:
        def identity(self) -> events.Maker:
            return events.Maker("scorer", "wild")

        def score(self, branches: Sequence[BranchText]) -> list[BranchScores]:
            return [BranchScores(tuple(value for _ in branch.steps), 1) for branch in branches]

    assert "Expected scores from 0 to 1" in failure(played("best_of_n", {"n": 2}, scorer=Wild()))


def test_it_refuses_an_engine_that_outgrows_what_it_was_allowed() -> None:
    engine = Synchronous(lambda requests: scripted_drafts([replace(one, max_tokens=None) for one in requests]))
    log = played("chain_of_thought", engine=Adapted(engine), budget=Budget(tokens=2))
    assert "Expected at most 2 new tokens" in failure(log)
    assert not log.of(events.StepAdded)


def test_it_refuses_a_branch_deeper_than_a_depth_can_be_stored() -> None:
    deep = Draft("1\n" * 32_768, TokenTrace((), (), (), ()), "end", 0, 0)
    log = played("chain_of_thought", engine=Adapted(Synchronous(lambda requests: [deep])))
    assert failure(log) == "Expected branches of at most 32,767 steps; found 32,768."
    assert not log.of(events.StepAdded)


def test_a_question_its_checker_cannot_read_ends_the_run() -> None:
    log = played("chain_of_thought", question="What is one?", checker="game24")
    assert "expected a question of four numbers" in failure(log)
    assert not log.of(events.StepAdded)


def test_unknown_names_are_refused_before_anything_is_played() -> None:
    for spec, sentence in [
        (RunSpec("q", "", "", "beams"), r"Unknown strategy 'beams'. Known: chain_of_thought|best_of_n"),
        (RunSpec("q", "", "sums", "best_of_n"), r"Unknown checker 'sums'"),
    ]:
        with pytest.raises(UnknownKey, match=sentence):
            Runner(spec, Log(), clock=noon)
    with pytest.raises(BadParameter, match=r"'width': expected one of n, temperature, aggregation"):
        Runner(RunSpec("q", "", "", "best_of_n", {"width": 4}), Log(), clock=noon)


def test_a_failed_last_scoring_keeps_the_choice_that_was_made() -> None:
    scorer = scripted_scorer()
    scorer.score = lambda branches: []  # type: ignore[method-assign]
    log = played("chain_of_thought", scorer=scorer)
    assert "the scorer gave 0" in failure(log)
    assert log.of(events.AnswerChosen)
