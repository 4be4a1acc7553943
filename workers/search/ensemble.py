"""Plays many runs together: each goes on as soon as its own drafts are there; it knows no moves."""

from __future__ import annotations

from collections.abc import Sequence

from workers.search.errors import EngineError, ScorerError
from workers.search.protocols import BranchScores, BranchText, Delivery, Draft, Engine, Scorer, Ticket
from workers.search.runner import Runner


def play(runners: Sequence[Runner], engine: Engine, scorer: Scorer | None = None) -> None:
    """Plays every run to its end.

    1. Begins each. 2. Submits what each asks of the engine. 3. Polls, and plays on every run whose drafts are all
    there. 4. Asks the scorer once for all branches that wait, and plays those runs on. 5. Repeats until all have ended.

    A draft that the engine cannot write ends its own run; a scorer's call that fails for several runs is made again for
    each alone, so that only those at fault end by it. Passes on what is no SearchError.
    """
    _Ensemble(engine, scorer).play(runners)


class _Ensemble:
    """The runs being played, whose each ticket under way is, and the drafts that have come of what a run asked."""

    def __init__(self, engine: Engine, scorer: Scorer | None) -> None:
        self._engine, self._scorer = engine, scorer
        self._runs: list[Runner] = []
        self._owners: dict[Ticket, tuple[Runner, int]] = {}
        self._drafts: dict[Runner, dict[int, Draft]] = {}

    def play(self, runners: Sequence[Runner]) -> None:
        judge = None if self._scorer is None else self._scorer.identity()
        writer, splitter = self._engine.identity(), self._engine.splitter
        for runner in runners:
            runner.begin(writer, splitter, judge)
            self._submit(runner)
        self._runs = list(runners)
        while self._runs:
            self._deliver(self._poll())
            self._score([runner for runner in self._runs if runner.branches])
            self._runs = [runner for runner in self._runs if not runner.ended]

    def _submit(self, runner: Runner) -> None:
        """Hands what the run asks of the engine over to it."""
        if not runner.requests:
            return
        tickets = self._engine.submit(runner.requests)
        self._owners.update((ticket, (runner, place)) for place, ticket in enumerate(tickets))
        self._drafts[runner] = {}

    def _poll(self) -> list[Delivery]:
        """What has become of some tickets; an engine that can do nothing more ends every run that waits for it."""
        if not self._owners:
            return []
        try:
            return self._engine.poll()
        except EngineError as error:
            return [Delivery(ticket, None, error) for ticket in self._owners]

    def _deliver(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            if (owner := self._owners.pop(delivery.ticket, None)) is None:
                continue
            runner, place = owner
            if delivery.error is not None:
                self._withdraw(runner)
                runner.fail(delivery.error)
            elif delivery.draft is not None:
                self._take(runner, place, delivery.draft)

    def _take(self, runner: Runner, place: int, draft: Draft) -> None:
        drafts = self._drafts[runner]
        drafts[place] = draft
        if len(drafts) == len(runner.requests):
            runner.take_drafts([drafts[one] for one in range(len(drafts))])
            self._submit(runner)

    def _withdraw(self, runner: Runner) -> None:
        """Stops what the engine still has under way for a run."""
        tickets = [ticket for ticket, (owner, _) in self._owners.items() if owner is runner]
        for ticket in tickets:
            del self._owners[ticket]
        self._engine.cancel(tickets)

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
