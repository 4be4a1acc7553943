"""Runs to fork in the tests: played by the scripted engine, or stored as an import would store them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.accounts.models import Team
from apps.problems.services import add_problems
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.launching import launch_experiment
from apps.runs.log import read_log
from apps.runs.models import Experiment, Run
from tests.factories import make_problem
from workers import play
from workers.search.events import Event, Maker, RunFinished, RunStarted, StepAdded

SOURCE = Maker("import", "prm800k", "1")


def played(team: Team, strategy: str = "beam", **given: Any) -> Run:
    """A finished run of its own experiment: beam search over a puzzle, by the scripted engine and scorer."""
    if "problem_set" not in given:
        rows = [{"statement": "1 4 6 8", "answer": "24", "checker": "game24"}]
        slug = f"set-{Experiment.objects.count()}"
        given["problem_set"] = add_problems(team=team, slug=slug, name="Set", description="", rows=rows)
    usual: dict[str, Any] = {"parameters": {"n": 4, "width": 2}, "engine": "scripted", "scorer": "scripted", "seed": 7}
    launched = launch_experiment(team=team, strategy=strategy, hint=False, **{**usual, **given})
    return replayed(launched.runs.get())


def replayed(run: Run) -> Run:
    """The run after all that waits of its experiment has been played here."""
    play.play_some(run.experiment_id)
    return Run.objects.select_related("experiment", "problem__problem_set").get(pk=run.pk)


def branch_of(run: Run, number: int) -> list[StepAdded]:
    """How the steps from the first below the question to `number` were born."""
    born = {event.number: event for event in read_log(run.pk) if isinstance(event, StepAdded)}
    branch: list[StepAdded] = []
    while number:
        branch.insert(0, born[number])
        number = born[number].parent
    return branch


def imported(team: Team, texts: tuple[str, ...] = ("First.\n", "Second.\n", "# Answer\n\n5")) -> Run:
    """A run out of a foreign file: one branch, whose last step has ended."""
    events: list[Event] = [RunStarted(1, 5.0, "prm800k", 1, {}, 0, "given", "", (SOURCE,))]
    for number, text in enumerate(texts, start=1):
        last = number == len(texts)
        events.append(StepAdded(number + 1, 5.0, number, number - 1, number, text, "imported", SOURCE, last))
    events.append(RunFinished(len(events) + 1, 5.0, "no-answer"))
    problem = make_problem(team)
    experiment = Experiment.objects.create(
        team=team, kind="imported", name="Imported", problem_set=problem.problem_set, strategy="prm800k"
    )
    with transaction.atomic():
        [run_id] = store_new_runs(experiment, [NewRun(problem.pk, "file.jsonl, line 1", events)]).run_ids
    return Run.objects.select_related("experiment", "problem__problem_set").get(pk=run_id)
