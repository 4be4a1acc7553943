"""Plays many runs together, what they wait for made one engine call and one scorer call a round; it knows no moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from workers.search.errors import EngineError, ScorerError, SearchError
from workers.search.protocols import BranchScores, BranchText, Draft, Engine, Request, Scorer
from workers.search.runner import Runner

Q = TypeVar("Q")
A = TypeVar("A")


def play(runners: Sequence[Runner], engine: Engine, scorer: Scorer | None = None) -> None:
    """Plays every run to its end.

    1. Begins each. 2. Asks the engine once for all requests that wait, and plays those runs on. 3. Asks the scorer once
    for all branches that wait, and plays those runs on. 4. Repeats until every run has ended.

    A call that fails for several runs is made again for each alone, so that only those at fault end by it. Passes on
    what is no SearchError.
    """
    judge = None if scorer is None else scorer.identity()
    writer, splitter = engine.identity(), engine.splitter
    for runner in runners:
        runner.begin(writer, splitter, judge)
    playing = [runner for runner in runners if not runner.ended]
    while playing:
        _round(playing, _requests, lambda asked: _written(engine, asked), Runner.take_drafts)
        if scorer is not None:
            _round(playing, _branches, lambda asked: _judged(scorer, asked), Runner.take_scores)
        playing = [runner for runner in playing if not runner.ended]


def _requests(runner: Runner) -> list[Request]:
    return runner.requests


def _branches(runner: Runner) -> list[BranchText]:
    return runner.branches


def _round(
    playing: Sequence[Runner],
    waiting: Callable[[Runner], list[Q]],
    ask: Callable[[list[Q]], list[A]],
    take: Callable[[Runner, list[A]], None],
) -> None:
    """One call for every run that waits, its answers handed back run by run."""
    due = [(runner, waiting(runner)) for runner in playing if waiting(runner)]
    if not due:
        return
    try:
        answers = ask([question for _, questions in due for question in questions])
    except SearchError as error:
        if len(due) == 1:
            due[0][0].fail(error)
        else:
            for runner, _ in due:
                _round([runner], waiting, ask, take)
        return
    place = 0
    for runner, questions in due:
        own = answers[place : place + len(questions)]
        place += len(questions)
        take(runner, own)


def _written(engine: Engine, asked: list[Request]) -> list[Draft]:
    """Raises EngineError, also for another number of drafts than requests."""
    drafts = engine.generate(asked)
    if len(drafts) != len(asked):
        raise EngineError(f"Expected {len(asked)} drafts; the engine gave {len(drafts)}.", retryable=False)
    return drafts


def _judged(scorer: Scorer, asked: list[BranchText]) -> list[BranchScores]:
    """Raises ScorerError, also for another number of results than branches."""
    results = scorer.score(asked)
    if len(results) != len(asked):
        raise ScorerError(f"Expected scores of {len(asked)} branches; the scorer gave {len(results)}.")
    return results
