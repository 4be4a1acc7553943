"""A finished run with as many steps as are asked for, branching as a search does; it opens no page."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from apps.accounts.models import Team
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Run
from tests.factories import AT, JUDGE, WRITER, make_experiment, make_problem
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

WIDTH = 2_000
LOT = 5


def make_large_run(team: Team, steps: int) -> Run:
    """Return a run of levels of `WIDTH` steps: one of every five is kept and has five children, the others are pruned.
    The last step is chosen and right."""
    problem = make_problem(team)
    experiment = make_experiment(team, problem.problem_set)
    with transaction.atomic():
        stored = store_new_runs(experiment, [NewRun(problem.pk, "", list(_events(steps)))])
    return Run.objects.get(pk=stored.run_ids[0])


def _events(steps: int) -> Iterator[Event]:
    seq = 1
    yield RunStarted(seq, AT, "best_of_n", 1, {"n": WIDTH}, 0, "lines-1", "exact_text", (WRITER, JUDGE))
    for number in range(1, steps + 1):
        level, place = divmod(number - 1, WIDTH)
        parent = (level - 1) * WIDTH + place // LOT * LOT + LOT if level else 0
        is_last = number == steps
        yield StepAdded(seq + 1, AT, number, parent, level + 1, f"step {number}", "generated", WRITER, is_last, 4)
        yield StepScored(seq + 2, AT, number, JUDGE, number % 101 / 101)
        seq += 2
    for number in range(1, steps):
        if number % LOT:
            seq += 1
            yield StepPruned(seq, AT, number, "not among the best")
    yield Answered(seq + 1, AT, steps, "1", "1", True, "exact_text", 1)
    yield AnswerChosen(seq + 2, AT, steps, "the last")
    yield RunFinished(seq + 3, AT, "answered")
