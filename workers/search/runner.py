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
from workers.search.deciding import Deciding
from workers.search.errors import BadParameter, EngineError, ReplayDiverged, SearchError, SinkClosed, StrategyError
from workers.search.events import Event, Maker, Note, RunFailed, RunFinished, RunStarted
from workers.search.growth import Growth
from workers.search.inherited import Inherited
from workers.search.journal import Journal
from workers.search.judging import Judging
from workers.search.log import IDLE, ending, seconds_spent
from workers.search.moves import Choose, Evaluate, Expand, Move, Prune
from workers.search.parameters import parameters_as_json, read_parameters
from workers.search.planting import Planting
from workers.search.protocols import BranchScores, BranchText, Draft, Request, Sink
from workers.search.registry import Play
from workers.search.replay import Played, Replay
from workers.search.splitting import splitter_of
from workers.search.step import Step
from workers.search.strategies import STRATEGIES
from workers.search.tree import Tree

MOST_REFUSED = 1000  # moves a spent budget may answer with nothing before the strategy counts as stuck
NO_LIMITS = Budget()


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What is played: the question, its reference answer or "", the checker's key or "" for none, the strategy's key
    with its parameters as stored or typed, the seed of strategy and draws, and the limits.

    alternatives: how many of the likeliest tokens at every place are stored beside the drawn one, 0 for none. log: what
    is stored of this very run, which goes on from there. start: the branch a fork begins with, as long as the
    log does not hold it.
    """

    question: str
    reference: str
    checker: str
    strategy: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    budget: Budget = NO_LIMITS
    alternatives: int = 0
    log: Sequence[Event] = ()
    start: Inherited | None = None


class Runner:
    """One run. `clock` gives seconds since 1970: it stamps events and bounds the seconds of the budget.

    Call `begin`, then `take_drafts` while there are `requests` and `take_scores` while there are `branches`, until
    `ended`. A run whose log has ended is over before it begins. Raises UnknownKey for an unknown strategy or checker
    and BadParameter for its parameters.
    """

    def __init__(self, spec: RunSpec, sink: Sink, *, clock: Callable[[], float]) -> None:
        self.spec = spec
        self._entry = STRATEGIES.get(spec.strategy)
        self._params = read_parameters(self._entry.params, spec.parameters)
        self.tree = Tree()
        self._journal = Journal(sink, clock, spec.log[-1].seq if spec.log else 0)
        self._meter = Meter(spec.budget, 0.0)
        self._planting = Planting(self.tree, self._journal, spec.question, spec.reference)
        self._growth = Growth(self.tree, self._journal, self._meter, self._planting, spec.question)
        self._growth.seed, self._growth.alternatives = spec.seed, spec.alternatives
        self._planting.checker = CHECKERS.get(spec.checker).make() if spec.checker else None
        self._judging = Judging(self.tree, self._journal, spec.question)
        self._deciding = Deciding(self.tree, self._journal, spec.strategy)
        self._random = Random(spec.seed)
        self._moves = self._strategy()
        self.requests: list[Request] = []
        self.branches: list[BranchText] = []
        over = ending(spec.log)
        self.ended = over is not None
        self.failure = over.reason if isinstance(over, RunFailed) else ""
        self._over = False
        self._refused = 0

    def begin(
        self, engine: Maker, splitter: str, scorer: Maker | None, encode: Callable[[str], tuple[int, ...]]
    ) -> None:
        """Emits run-started, or takes up the log, and plays up to the first request.

        encode: the engine's token ids of texts it has not drawn. Without a scorer a strategy that needs one fails.
        """
        if self.ended:
            return
        self._planting.maker, self._planting.splitter, self._judging.maker = engine, splitter, scorer
        self.tree.encode = encode

        def begin() -> None:
            self._replay = Replay(self.spec.log, self.tree, self._meter, engine)
            if self._replay.begun:
                self._take_up(splitter)
            else:
                self._start(engine, scorer)
            splitter_of(splitter)
            if self._entry.needs_scorer and scorer is None:
                raise BadParameter("scorer", f"one, because strategy {self._entry.key!r} asks for scores", "none")
            self._advance(None)

        self._guarded(begin)

    def take_drafts(self, arrived: Sequence[tuple[int, Draft]]) -> None:
        """Drafts of some of the `requests`, each with its place among them; plays on once all are there.

        Then either `requests` are others, or the move is over. Where `stopping` says so afterwards, what is still under
        way is to be cancelled and handed in likewise.
        """

        def play_on() -> None:
            requests = self._growth.take(arrived)
            if requests:
                self.requests = requests
            elif requests is not None:
                self._advance(self._growth.grown())

        self._guarded(play_on)

    @property
    def stopping(self) -> bool:
        """Whether the drafts under way are no longer wanted: the strategy has enough, or the seconds are over."""
        return bool(self.requests and self._growth.stopping)

    def look_at_clock(self) -> None:
        """Stops what is under way once the seconds of the budget are over."""
        if self.spec.budget.seconds is not None:
            self._growth.look_at_clock(self._journal.tick())

    def take_scores(self, results: Sequence[BranchScores]) -> None:
        """One result a branch, in order; plays on."""

        def play_on() -> None:
            self._judging.attach(results)
            if self._over:
                self._finish()
            else:
                self._advance(self._judging.answer())

        self._guarded(play_on)

    def let_go(self) -> None:
        """Stops without a word, as if the move under way had not been begun; the run has not ended."""
        self._journal.drop()
        self._quiet()

    def fail(self, error: SearchError) -> None:
        """Ends the run by run-failed; what the broken move had prepared is dropped."""
        self._journal.drop()
        self._journal.tick()
        if isinstance(error, ReplayDiverged):
            self._journal.move = 0  # it came of no move: those of the log stand
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

    def _start(self, engine: Maker, scorer: Maker | None) -> None:
        """Hands over run-started, and the branch that is inherited with it, before anything is played, so that even a
        run that cannot begin says with what it was played."""
        entry, parameters = self._entry, parameters_as_json(self._params)
        arguments = json.dumps(parameters, sort_keys=True, separators=(",", ":"))
        strategy = Maker("strategy", entry.key, str(entry.version), "", arguments)
        makers = (strategy, engine) if scorer is None else (strategy, engine, scorer)
        played = (entry.key, entry.version, parameters, self.spec.seed)
        self._meter.started_at = self._journal.now
        self._journal.add(RunStarted, *played, self._planting.splitter, self.spec.checker, makers)
        if self.spec.start is not None and not self.tree.inherited:
            self._replay.inherit(self._journal.add_made(self.spec.start.as_events))
        self._journal.hand_over()

    def _take_up(self, splitter: str) -> None:
        """Sees that the log was played as this run is, and sets the clock of the budget to where it stood.

        Under a budget in seconds a note keeps how long nobody played, because the next worker cannot tell it from work.
        """
        entry, spec = self._entry, self.spec
        parameters = parameters_as_json(self._params)
        self._replay.must_match(Played(entry.key, entry.version, parameters, spec.checker, spec.seed, splitter))
        self._meter.started_at = self._journal.now - seconds_spent(spec.log)
        idle = self._journal.now - spec.log[-1].at
        if spec.budget.seconds is not None and idle > 0:
            self._journal.add(Note, f"Played on after {idle:.1f} s in which nobody played.", {IDLE: idle})

    def _strategy(self) -> Play:
        """The strategy's moves. It is made when the first is asked for, because its log may say where it starts."""
        yield from self._entry.make(self.tree.start, self._params, self._random)

    def _advance(self, reply: Any) -> None:
        """Sends answers to the strategy until a move waits for an engine or a scorer, or the strategy is done."""
        self.requests, self.branches = [], []
        while not (self.requests or self.branches):
            self._journal.hand_over()
            self._journal.move += 1
            self._before(self._journal.move)
            try:
                move = self._moves.send(reply)
            except StopIteration:
                self._replay.end(self._journal.move)
                self._over = True
                self.branches = self._judging.plan_the_rest()
                if not self.branches:
                    self._finish()
                return
            recorded = self._journal.move <= self._replay.last_move
            reply = self._replay.answer(self._journal.move, move) if recorded else self._carry_out(move)

    def _before(self, number: int) -> None:
        """What the log brings about before the strategy is asked for move `number`: a continuation's seed, and where it
        ends what its moves have left."""
        seed = self._replay.seed_before(number)
        if seed is not None:
            self._random.seed(seed)
        if number == self._replay.last_move + 1:
            self._growth.limited = self._replay.limited
            self._refused, self._deciding.chosen = self._replay.refused, self._replay.chosen

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
                return self._deciding.prune(move)
            case Choose():
                return self._deciding.choose(move)
            case _:
                assert_never(move)

    def _nothing_drawn(self, move: Expand) -> list[list[Step]]:
        """The answer where the budget is spent or all children are known. A strategy that keeps asking would never end,
        so it is stopped."""
        self._refused += 1
        if self._refused > MOST_REFUSED:
            raise StrategyError(f"Strategy {self._entry.key!r} asked in vain for draws {self._refused:,} times.")
        return [[] for _ in move.parents]

    def _finish(self) -> None:
        """Ends the run, together with the last scores."""
        answered = "answered" if self._deciding.chosen is not None else "no-answer"
        self._journal.add(RunFinished, "out-of-budget" if self._growth.limited else answered)
        self._journal.hand_over()
        self._stop("")

    def _stop(self, failure: str) -> None:
        self.ended, self.failure = True, failure
        self._quiet()

    def _quiet(self) -> None:
        """Asks for nothing more."""
        self.requests, self.branches = [], []
        self._moves.close()
