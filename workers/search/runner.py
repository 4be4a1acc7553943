"""Plays one strategy: moves in, events out; it owns the tree and the budget and calls no engine and no scorer itself.

Whoever plays it (ensemble.py) gets `requests` or `branches` answered and hands the answers back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, assert_never

from workers.search.budget import Budget, Meter
from workers.search.checkers import CHECKERS
from workers.search.errors import BadParameter, EngineError, SearchError, SinkClosed, StrategyError
from workers.search.events import AnswerChosen, Maker, RunFailed, RunFinished, RunStarted, StepPruned
from workers.search.growth import Growth
from workers.search.journal import Journal
from workers.search.judging import Judging
from workers.search.moves import Choose, Evaluate, Expand, Move, Prune
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.protocols import BranchScores, BranchText, Draft, Request, Sink
from workers.search.splitting import splitter_of
from workers.search.step import Step
from workers.search.strategies import STRATEGIES
from workers.search.tree import Tree

MOST_REFUSED = 1000  # moves a spent budget may answer with nothing before the strategy counts as stuck
NO_LIMITS = Budget()


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What is played: the question, its reference answer or "", the checker's key or "" for none, the strategy's key
    with its parameters as stored or typed, the seed of strategy and draws, and the limits."""

    question: str
    reference: str
    checker: str
    strategy: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    budget: Budget = NO_LIMITS


class Runner:
    """One run. `clock` gives seconds since 1970: it stamps events and bounds the seconds of the budget.

    Call `begin`, then `take_drafts` while there are `requests` and `take_scores` while there are `branches`, until
    `ended`. Raises UnknownKey for an unknown strategy or checker and BadParameter for its parameters.
    """

    def __init__(self, spec: RunSpec, sink: Sink, *, clock: Callable[[], float]) -> None:
        self.spec = spec
        self._entry = STRATEGIES.get(spec.strategy)
        self._params = read_parameters(self._entry.params, spec.parameters)
        self.tree = Tree()
        self._journal = Journal(sink, clock)
        self._meter = Meter(spec.budget, 0.0)
        self._growth = Growth(self.tree, self._journal, self._meter, spec.question, spec.reference, spec.seed)
        self._growth.checker = CHECKERS.get(spec.checker).make() if spec.checker else None
        self._judging = Judging(self.tree, self._journal, spec.question)
        self._moves = self._entry.make(self.tree.root, self._params, Random(spec.seed))
        self.requests: list[Request] = []
        self.branches: list[BranchText] = []
        self.ended = False
        self.failure = ""
        self._over = False
        self._refused = 0
        self._chosen: Step | None = None

    def begin(self, engine: Maker, splitter: str, scorer: Maker | None) -> None:
        """Emits run-started and plays up to the first request; without a scorer a strategy that needs one fails."""
        self._growth.maker, self._growth.splitter, self._judging.maker = engine, splitter, scorer

        def begin() -> None:
            self._meter.started_at = self._journal.now
            self._emit_start(engine, scorer)
            splitter_of(splitter)
            if self._entry.needs_scorer and scorer is None:
                raise BadParameter("scorer", f"one, because strategy {self._entry.key!r} asks for scores", "none")
            self._advance(None)

        self._guarded(begin)

    def take_drafts(self, drafts: Sequence[Draft]) -> None:
        """One draft a request, in order; plays on."""
        self._guarded(lambda: self._advance(self._growth.grow(drafts)))

    def take_scores(self, results: Sequence[BranchScores]) -> None:
        """One result a branch, in order; plays on."""

        def play_on() -> None:
            self._judging.attach(results)
            if self._over:
                self._finish()
            else:
                self._advance(self._judging.answer())

        self._guarded(play_on)

    def fail(self, error: SearchError) -> None:
        """Ends the run by run-failed; what the broken move had prepared is dropped."""
        self._journal.drop()
        self._journal.tick()
        retryable = isinstance(error, EngineError) and error.retryable
        self._journal.add(RunFailed, str(error), retryable)
        self._stop(str(error))
        try:
            self._journal.hand_over()
        except SinkClosed as closed:
            self.failure = str(closed)

    def _guarded(self, play_on: Callable[[], None]) -> None:
        """Makes the core's own errors the end of this run alone; any other exception is a bug and passes."""
        self._journal.tick()
        try:
            play_on()
        except SinkClosed as closed:
            self._stop(str(closed))
        except SearchError as error:
            self.fail(error)

    def _emit_start(self, engine: Maker, scorer: Maker | None) -> None:
        """Hands over run-started by itself, so that even a run that cannot begin says with what it was played."""
        entry, parameters = self._entry, parameters_as_json(self._params)
        arguments = json.dumps(parameters, sort_keys=True, separators=(",", ":"))
        strategy = Maker("strategy", entry.key, str(entry.version), "", arguments)
        makers = (strategy, engine) if scorer is None else (strategy, engine, scorer)
        played = (entry.key, entry.version, parameters, self.spec.seed)
        self._journal.add(RunStarted, *played, self._growth.splitter, self.spec.checker, makers)
        self._journal.hand_over()

    def _advance(self, reply: Any) -> None:
        """Sends answers to the strategy until a move waits for an engine or a scorer, or the strategy is done."""
        self.requests, self.branches = [], []
        while not (self.requests or self.branches):
            self._journal.hand_over()
            self._journal.move += 1
            try:
                move = self._moves.send(reply)
            except StopIteration:
                self._over = True
                self.branches = self._judging.plan_the_rest()
                if not self.branches:
                    self._finish()
                return
            reply = self._carry_out(move)

    def _carry_out(self, move: Move) -> Any:
        """Does a move, or leaves `requests` or `branches` to be answered first; its answer, if it has one by now."""
        match move:
            case Expand():
                self.requests = self._growth.plan(move)
                return None if self.requests else self._nothing_drawn(move)
            case Evaluate():
                self.branches = self._judging.plan(move.steps)
                return None if self.branches else self._judging.answer()
            case Prune():
                return self._prune(move)
            case Choose():
                return self._choose(move)
            case _:
                assert_never(move)

    def _nothing_drawn(self, move: Expand) -> list[list[Step]]:
        """The answer of a spent budget. A strategy that keeps asking would never end, so it is stopped."""
        self._refused += 1
        if self._refused > MOST_REFUSED:
            raise StrategyError(f"Strategy {self._entry.key!r} went on asking for draws that its budget forbids.")
        return [[] for _ in move.parents]

    def _prune(self, move: Prune) -> None:
        self._must_say_why(move.why, "prune")
        for step in move.steps:
            self.tree.own(step, "prune")
            step.pruned = True
            self._journal.add(StepPruned, step.number, move.why)

    def _choose(self, move: Choose) -> None:
        self._must_say_why(move.why, "choose")
        self.tree.own(move.step, "choose")
        if not move.step.terminal:
            raise StrategyError(f"A strategy may not choose step {move.step.number}: its text has not ended.")
        if self._chosen is not None:
            raise StrategyError(f"A strategy may not choose twice: it has chosen step {self._chosen.number}.")
        self._chosen = move.step
        self._journal.add(AnswerChosen, move.step.number, move.why)

    def _must_say_why(self, why: str, doing: str) -> None:
        if not why.strip():
            raise StrategyError(f"Strategy {self._entry.key!r} must say why it would {doing}.")

    def _finish(self) -> None:
        """Ends the run, together with the last scores."""
        answered = "answered" if self._chosen is not None else "no-answer"
        self._journal.add(RunFinished, "out-of-budget" if self._growth.limited else answered)
        self._journal.hand_over()
        self._stop("")

    def _stop(self, failure: str) -> None:
        self.ended, self.failure = True, failure
        self.requests, self.branches = [], []
        self._moves.close()
