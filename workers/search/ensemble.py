"""Plays many runs together: each goes on as soon as its own drafts are there; it knows no moves and no budgets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from workers.search.errors import EngineError, ScorerError
from workers.search.protocols import BranchScores, BranchText, Delivery, Draft, Engine, Scorer, Ticket
from workers.search.runner import Runner

Refill = Callable[[int], Sequence[Runner]]
Watch = Callable[[], Collection[Runner]]

# Polls. A call of the scorer for a few branches costs nearly what one for many does: with this engine and scorer take
# 0.86 of their time without (2026-11, beam of 16, width 4, 16 puzzles together, median of seven).
_PATIENCE = 4


def play(
    runners: Sequence[Runner],
    engine: Engine,
    scorer: Scorer | None = None,
    *,
    refill: Refill | None = None,
    watch: Watch | None = None,
    places: int = 0,
) -> None:
    """Plays every run until it has ended or was let go.

    1. Begins each and submits what it asks of the engine. 2. Polls, and plays on every run whose drafts are all there;
    cancels what a run no longer wants. 3. Asks the scorer once for all branches that wait, as soon as as many runs wait
    for it as for the engine or some have waited for four polls, and plays those runs on. 4. Repeats.

    refill: given how many of the `places` are free, the runs that take them; asked each round while some are. There
    are as many places as runners, unless more are given.
    watch: the runs to let go, asked before each poll; what such a run has under way is cancelled, the part of its move
    that was carried out is dropped, and its `ended` stays False.

    A draft that the engine cannot write ends its own run; a scorer's call that fails for several runs is made again for
    each alone, so that only those at fault end by it. Passes on what is no SearchError, after it has cancelled what is
    under way: the engine may outlive the call.
    """
    _Ensemble(engine, scorer, refill, watch).play(runners, max(places, len(runners)))


class _Ensemble:
    """The runs being played, and for each what the engine has under way of it: places of requests by ticket."""

    def __init__(self, engine: Engine, scorer: Scorer | None, refill: Refill | None, watch: Watch | None) -> None:
        self._engine, self._scorer, self._refill, self._watch = engine, scorer, refill, watch
        self._runs: list[Runner] = []
        self._owners: dict[Ticket, Runner] = {}
        self._places: dict[Runner, dict[Ticket, int]] = {}
        self._waited = 0  # polls since the first of the runs that wait for the scorer came to wait

    def play(self, runners: Sequence[Runner], places: int) -> None:
        try:
            self._begin(runners)
            while self._runs:
                self._let_go()
                self._stop_late_drafts()
                self._hand_out(self._poll())
                self._score(self._due())
                for runner in [runner for runner in self._runs if runner.ended]:
                    self._forget(runner)
                if self._refill is not None and len(self._runs) < places:
                    self._begin(self._refill(places - len(self._runs)))
        except BaseException:
            self._engine.cancel(list(self._owners))
            raise

    def _begin(self, runners: Sequence[Runner]) -> None:
        engine, judge = self._engine, None if self._scorer is None else self._scorer.identity()
        for runner in runners:
            runner.begin(engine.identity(), engine.splitter, judge, engine.encode)
            self._places[runner] = {}
            self._runs.append(runner)
            self._submit(runner)

    def _let_go(self) -> None:
        if self._watch is None:
            return
        for runner in self._watch():
            if runner in self._places:
                self._withdraw(runner)
                runner.let_go()
                self._forget(runner)

    def _forget(self, runner: Runner) -> None:
        self._runs.remove(runner)
        del self._places[runner]

    def _stop_late_drafts(self) -> None:
        for runner in self._runs:
            if self._places[runner]:
                runner.look_at_clock()
                self._stop_unwanted(runner)

    def _submit(self, runner: Runner) -> None:
        """Hands what the run asks for over to the engine, unless it has it already."""
        if runner.requests and not self._places[runner]:
            try:
                tickets = self._engine.submit(runner.requests)
            except EngineError as error:
                runner.fail(error)
                return
            self._places[runner] = {ticket: place for place, ticket in enumerate(tickets)}
            self._owners.update(dict.fromkeys(tickets, runner))

    def _poll(self) -> list[Delivery]:
        """What has become of some tickets; an engine that can do nothing more ends every run that waits for it."""
        if not self._owners:
            return []
        try:
            return self._engine.poll()
        except EngineError as error:
            return [Delivery(ticket, None, error) for ticket in self._owners]

    def _hand_out(self, deliveries: Sequence[Delivery]) -> None:
        """To each run what has come for it, all at once. Tickets that nobody waits for any more are passed over."""
        arrived: dict[Runner, list[tuple[int, Draft]]] = {}
        for delivery in deliveries:
            runner = self._owners.pop(delivery.ticket, None)
            if runner is None:
                continue
            place = self._places[runner].pop(delivery.ticket)
            if delivery.draft is not None:
                if runner not in arrived:
                    arrived[runner] = []
                arrived[runner].append((place, delivery.draft))
            elif delivery.error is not None:
                self._withdraw(runner)
                runner.fail(delivery.error)
        for runner, drafts in arrived.items():
            if not runner.ended:
                runner.take_drafts(drafts)
                self._stop_unwanted(runner)
                self._submit(runner)

    def _stop_unwanted(self, runner: Runner) -> None:
        """Cancels what the run has under way and no longer wants. What the engine had done meanwhile comes by poll."""
        if runner.ended:
            self._withdraw(runner)
        elif runner.stopping:
            self._hand_out(self._cancel(list(self._places[runner])))

    def _withdraw(self, runner: Runner) -> None:
        """Cancels what the engine has under way for a run that takes nothing more."""
        tickets, self._places[runner] = list(self._places[runner]), {}
        for ticket in tickets:
            del self._owners[ticket]
        self._cancel(tickets)

    def _cancel(self, tickets: list[Ticket]) -> list[Delivery]:
        """What was written of these; an engine that cannot even stop ends the run it concerns."""
        try:
            return self._engine.cancel(tickets) if tickets else []
        except EngineError as error:
            return [Delivery(ticket, None, error) for ticket in tickets]

    def _due(self) -> list[Runner]:
        """The runs to score now: none while more wait for the engine than for the scorer, for four polls at most."""
        waiting = [runner for runner in self._runs if runner.branches]
        if waiting and self._waited < _PATIENCE and len(waiting) < self._under_way():
            self._waited += 1
            return []
        self._waited = 0
        return waiting

    def _under_way(self) -> int:
        """How many runs the engine works for."""
        return sum(bool(self._places[runner]) for runner in self._runs)

    def _score(self, due: Sequence[Runner]) -> None:
        """One call for every run that waits, its scores handed back run by run."""
        if self._scorer is None or not due:
            return
        try:
            scores = _judged(self._scorer, [branch for runner in due for branch in runner.branches])
        except ScorerError as error:
            if len(due) == 1:
                due[0].fail(error)
            else:
                for runner in due:
                    self._score([runner])
            return
        place = 0
        for runner in due:
            own = scores[place : place + len(runner.branches)]
            place += len(runner.branches)
            runner.take_scores(own)
            self._submit(runner)


def _judged(scorer: Scorer, asked: list[BranchText]) -> list[BranchScores]:
    """Raises ScorerError, also for another number of results than branches."""
    results = scorer.score(asked)
    if len(results) != len(asked):
        raise ScorerError(f"Expected scores of {len(asked)} branches; the scorer gave {len(results)}.")
    return results
