"""Claimed runs of one engine and scorer, played together into their sinks; it claims only to fill what ended runs left.

Each run that was claimed has ended afterwards, waits again, or is someone else's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from math import inf

from django.db import Error, InterfaceError, OperationalError, connection

from apps.runs import leases
from apps.runs.leases import Claim, Kind
from apps.runs.log import DamagedLog, read_log
from apps.runs.models import Run
from apps.runs.renewal import Renewal
from apps.runs.sink import FenceLost, RunSink
from workers import loaded
from workers.search import ensemble
from workers.search.budget import Budget
from workers.search.errors import SearchError
from workers.search.events import Event, RunFailed
from workers.search.parameters import read_parameters
from workers.search.runner import Runner, RunSpec

logger = logging.getLogger(__name__)
RETRY_AFTER_S = 10.0  # what an overloaded server is given before it is asked again
ASK_AGAIN_S = 1.0  # how long places may stay free before it is looked whether runs have come to wait


class Held:
    """A claimed run with its sink; as its runner's sink, it hands the run back where another attempt may do better."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.sink = RunSink(claim.run_id, claim.attempt, claim.owner)

    def take(self, events: Sequence[Event]) -> None:
        """Store the events; instead of a failure that may pass, and is not the last attempt's, let the run wait."""
        last = events[-1]
        if isinstance(last, RunFailed) and last.retryable and not self.claim.is_last:
            logger.warning("Run %s waits for another attempt: %s", self.claim.run_id, last.reason)
            self.sink.flush()
            leases.hand_back([self.claim], counted=True, after_s=RETRY_AFTER_S)
        else:
            self.sink.take(events)

    def fail(self, reason: str) -> None:
        """End the run as failed, after all that was taken; one that has ended or is another's stays as it is."""
        try:
            self.sink.fail(reason, time.time())
        except FenceLost:
            logger.info("Run %s has ended or has another owner; nothing is written to it.", self.claim.run_id)

    def is_stored(self) -> bool:
        """Store what waits; whether the run was still ours to do so."""
        try:
            self.sink.flush()
        except FenceLost:
            return False
        return True


class Group:
    """Runs that are played together, at most `slots` at a time; `claimed` counts all that ever were."""

    def __init__(
        self,
        claims: Sequence[Claim],
        renewal: Renewal,
        *,
        experiment_id: int | None,
        slots: int,
        stops: Callable[[], bool],
    ) -> None:
        self.claimed = 0
        self._renewal, self._experiment_id, self._slots, self._stops = renewal, experiment_id, slots, stops
        self._asked_at = -inf
        self._held: list[Held] = []
        self._playing: dict[Runner, Held] = {}
        self._kind = Kind("", "")
        self._hold(claims)

    def play(self) -> None:
        """Play until all have ended and nothing more of their kind waits.

        1. Make runners, from what is stored of each run. 2. Load engine and scorer. 3. Play, and claim more as runs
        end. 4. Hand back what has not ended. A fault of the program fails every run that has not ended and is raised; a
        lost database leaves them for another attempt, and is raised too.
        """
        try:
            self._play()
        except (OperationalError, InterfaceError):
            self._hand_back(counted=True)
            raise
        except Exception as error:
            _drop_broken_connection()
            for held in self._held:
                held.fail(f"A fault in the program broke the run off: {type(error).__name__}: {error}")
            raise
        finally:
            self._hand_back(counted=False)

    def _play(self) -> None:
        runners = self._begun(self._held)
        if not runners:
            return
        try:
            engine = loaded.engine(self._kind.engine)
            scorer = loaded.scorer(self._kind.scorer) if self._kind.scorer else None
        except SearchError as error:
            for held in self._held:
                held.fail(str(error))
            return
        ensemble.play(runners, engine, scorer, refill=self._refill, watch=self._watch, places=self._slots)

    def _hold(self, claims: Sequence[Claim]) -> list[Held]:
        taken = [Held(claim) for claim in claims]
        for held in taken:
            self._renewal.hold(held.claim, held.sink)
        self._held += taken
        self.claimed += len(taken)
        return taken

    def _begun(self, taken: Sequence[Held]) -> list[Runner]:
        """Runners of the runs that are still there; those that cannot even begin have failed with the reason."""
        runs = Run.objects.select_related("experiment", "problem").in_bulk([held.claim.run_id for held in taken])
        begun: dict[Runner, Held] = {}
        for held in taken:
            if (run := runs.get(held.claim.run_id)) is None:
                continue
            self._kind = Kind(run.experiment.engine, run.experiment.scorer)
            try:
                begun[Runner(_spec(run), held, clock=time.time)] = held
            except (SearchError, DamagedLog) as error:
                held.fail(str(error))
        self._playing |= begun
        return list(begun)

    def _refill(self, free: int) -> list[Runner]:
        """More runs of the same kind: at once where some have ended, now and then where places stay free."""
        for runner in [runner for runner in self._playing if runner.ended]:
            self._let_go(runner)
        if self._stops() or time.monotonic() - self._asked_at < ASK_AGAIN_S:
            return []
        self._asked_at = time.monotonic()
        return self._begun(self._hold(leases.claim(free, self._experiment_id, kind=self._kind)))

    def _watch(self) -> Collection[Runner]:
        """Runs to be played no further: all once this process is to stop, else those that are not ours any more."""
        if self._stops():
            return list(self._playing)
        lost = self._renewal.lost
        gone = [runner for runner, held in self._playing.items() if held.claim in lost] if lost else []
        for runner in gone:
            self._let_go(runner)
        return gone

    def _let_go(self, runner: Runner) -> None:
        held = self._playing.pop(runner)
        self._asked_at = -inf
        self._renewal.let_go(held.claim)
        self._held.remove(held)

    def _hand_back(self, *, counted: bool) -> None:
        """Let runs wait that have not ended and are still ours, with all that was taken of them."""
        _drop_broken_connection()
        try:
            ours = [held.claim for held in self._held if held.is_stored()]
            leases.hand_back(ours, counted=counted)
        except Error as error:
            logger.warning("Runs could not be handed back (%s); they are free once their leases have run out.", error)
        self._held.clear()


def _spec(run: Run) -> RunSpec:
    """What is played: the run as its experiment says, from where its log ends. Raises SearchError and DamagedLog."""
    experiment = run.experiment
    return RunSpec(
        question=run.problem.statement,
        reference=run.problem.answer,
        checker=run.problem.checker,
        strategy=experiment.strategy,
        parameters=experiment.parameters,
        seed=run.seed,
        budget=read_parameters(Budget, experiment.budget),
        alternatives=experiment.alternatives,
        log=read_log(run.pk) if run.seq else (),
    )


def _drop_broken_connection() -> None:
    """A connection that the server closed refuses every further statement; dropped, it is made anew. One inside a
    transaction is the caller's."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
