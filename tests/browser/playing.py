"""Runs that a test plays or ends as a worker would, through the real sink or row by row; it draws nothing by itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.accounts.models import Team
from apps.runs import leases
from apps.runs.models import Answer, Experiment, Run
from apps.runs.news import tell_runs
from apps.runs.sink import RunSink
from apps.runs.states import RunStatus
from tests.factories import AT, JUDGE, WRITER, make_experiment
from workers.search.events import (
    AnswerChosen,
    Answered,
    Event,
    RunFinished,
    RunStarted,
    StepAdded,
    StepPruned,
    StepScored,
)


def end_runs(experiment: Experiment, count: int, *, right: bool) -> None:
    """End so many waiting runs as a worker does: the rows, and on commit the news of them."""
    with transaction.atomic():
        runs = list(experiment.runs.filter(status=RunStatus.WAITING).order_by("id")[:count])
        for run in runs:
            run.status, run.chosen, run.correct, run.tokens_generated = RunStatus.FINISHED, 1, right, 500
        Run.objects.bulk_update(runs, ["status", "chosen", "correct", "tokens_generated"])
        Answer.objects.bulk_create(
            Answer(run=run, number=1, text="4", correct=right, checker="exact_text", version=1) for run in runs
        )
        tell_runs(experiment.pk, [(run.pk, run.seq) for run in runs])


class PlayedRun:
    """One run with its sink; every call commits its events at once. Steps are numbered in order of birth."""

    def __init__(self, team: Team) -> None:
        experiment = make_experiment(team)
        assert experiment.problem_set is not None
        problem = experiment.problem_set.problems.get()
        self.run = Run.objects.create(team=team, experiment=experiment, problem=problem)
        self.depths = {0: 0}
        self.seq = 0
        self.sink: RunSink | None = None

    def claim(self) -> None:
        """Take the run as a worker does, and begin it."""
        [claim] = leases.claim(1, self.run.experiment_id)
        self.sink = RunSink(claim.run_id, claim.attempt, claim.owner)
        if not self.seq:
            self.take(RunStarted, "best_of_n", 1, {"n": 2}, 0, "lines-1", "exact_text", (WRITER, JUDGE))

    def take(self, kind: type[Any], *fields: Any, **named: Any) -> None:
        """Commit one event of this kind, with the next seq."""
        self.commit([self.event(kind, *fields, **named)])

    def event(self, kind: type[Any], *fields: Any, **named: Any) -> Event:
        """The event of this kind with the next seq, not yet stored."""
        self.seq += 1
        made: Event = kind(self.seq, AT, *fields, **named)
        return made

    def commit(self, events: list[Event]) -> None:
        """Store these events in one transaction."""
        assert self.sink is not None
        self.sink.take(events)
        self.sink.flush()

    def step(self, parent: int, text: str, score: float | None = None, **named: Any) -> int:
        """Commit a step below another with its score; returns its number."""
        number = len(self.depths)
        self.depths[number] = self.depths[parent] + 1
        events = [self.event(StepAdded, number, parent, self.depths[number], text, "generated", WRITER, **named)]
        if score is not None:
            events.append(self.event(StepScored, number, JUDGE, score, 3))
        self.commit(events)
        return number

    @property
    def steps(self) -> int:
        """How many steps the tree has."""
        return len(self.depths) - 1

    def prune(self, number: int, why: str) -> None:
        """Give a step up."""
        self.take(StepPruned, number, why)

    def finish(self, number: int, text: str) -> None:
        """Answer with a step, choose it, and end the run."""
        self.commit(
            [
                self.event(Answered, number, text, text, True, "exact_text", 1),
                self.event(AnswerChosen, number, "the highest score"),
                self.event(RunFinished, "answered"),
            ]
        )
