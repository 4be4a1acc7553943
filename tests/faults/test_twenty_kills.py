"""Twenty times killed with -9, the child alone or the whole group, at random moments: nothing is lost or doubled."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from apps.problems.models import ProblemSet
from apps.problems.services import add_problems
from apps.runs import dispatch
from apps.runs.launching import launch_experiment
from apps.runs.models import Experiment, Run, RunEvent, Step, StepText, StepTokens
from tests.faults.worker import Worker, started
from tests.people import make_team
from tests.runs.logs import let_leases_run_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
KILLS = 20

# A fingerprint of what is stored of each run up to the seq that is given for it, by run.
_PREFIXES = """
SELECT run_id, max(seq), md5(string_agg(seq || kind || data::text || at::text, ' ' ORDER BY seq))
FROM runs_runevent JOIN unnest(%s::bigint[], %s::int[]) AS upto (id, last) ON run_id = id AND seq <= last
GROUP BY run_id
"""


@pytest.fixture
def problem_set(transactional_db: None) -> ProblemSet:
    rows = [{"statement": f"{n} 4 6 8", "answer": "24", "checker": "game24"} for n in range(1, 9)]
    return add_problems(team=make_team("demo"), slug="set", name="Set", description="", rows=rows)


def launched(problem_set: ProblemSet) -> Experiment:
    """An experiment of many rounds; equal ones have equal seeds."""
    given = {"strategy": "best_of_n", "parameters": {}, "engine": "scripted", "scorer": "scripted"}
    made = launch_experiment(team=problem_set.team, problem_set=problem_set, hint=False, **given)
    made.strategy, made.parameters = "tour", {}
    made.save()
    dispatch.hint()
    return made


def stored(experiment: Experiment) -> int:
    return int(experiment.runs.aggregate(events=Sum("seq"))["events"])


def is_over(experiment: Experiment) -> bool:
    return not experiment.runs.exclude(status="finished").exists()


def prefixes(upto: dict[int, int]) -> dict[int, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_PREFIXES, [list(upto), list(upto.values())])
        return {run_id: (seq, sum_) for run_id, seq, sum_ in cursor.fetchall()}


def recorded(experiment: Experiment) -> dict[int, tuple[int, str]]:
    return prefixes(dict(experiment.runs.values_list("id", "seq")))


class Journey:
    """A worker that is killed and comes back, and what was recorded each time."""

    def __init__(self, stack: ExitStack, environment: dict[str, str], folder: Path, seed: int) -> None:
        self._stack, self._environment, self._folder = stack, environment, folder
        self._random = Random(seed)
        self.records: list[dict[int, tuple[int, str]]] = []
        self.worker = self._started()

    def _started(self) -> Worker:
        log = self._folder / f"log-{len(self.records)}"
        return self._stack.enter_context(started(self._environment, log, also="tests.faults.patient"))

    def targets(self, whole: int) -> Iterator[int]:
        """Numbers of stored events at which to kill, ever greater."""
        yield from sorted(self._random.sample(range(1, whole), KILLS))

    def kill(self, experiment: Experiment) -> None:
        """Kill, see what is recorded, and let another take over at once, as if the lease had run out meanwhile."""
        group = self._random.random() < 0.5
        if group:
            self.worker.kill_group()
        else:
            [child] = self.worker.children()
            child.kill()
            self.worker.wait_until(lambda: not child.is_running(), "the child is gone")
        self.records.append(recorded(experiment))
        # Here it is the number of kills that is tried out; how many a run bears has a test of its own.
        Run.objects.filter(status="running").update(attempt=0)
        let_leases_run_out()
        if group:
            self.worker = self._started()
        dispatch.hint()


def test_twenty_kills_lose_nothing_and_double_nothing(
    problem_set: ProblemSet, child_environment: dict[str, str], tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    sys.stderr.write(f"seed of the kills: {seed}\n")
    with ExitStack() as stack:
        journey = Journey(stack, child_environment, tmp_path, seed)
        undisturbed = launched(problem_set)
        journey.worker.wait_until(lambda: is_over(undisturbed), "the undisturbed runs are finished")
        killed: list[Experiment] = []
        while len(journey.records) < KILLS:
            experiment = launched(problem_set)
            killed.append(experiment)
            play_under_fire(journey, experiment, stored(undisturbed))
    for experiment in killed:
        assert trees_of(experiment) == trees_of(undisturbed)
        assert_whole(experiment)
    for record in journey.records:
        assert prefixes({run_id: seq for run_id, (seq, _) in record.items()}) == record


def play_under_fire(journey: Journey, experiment: Experiment, whole: int) -> None:
    for target in journey.targets(whole):
        seen = stored(experiment)

        def is_time(seen: int = seen, target: int = target) -> bool:
            return is_over(experiment) or stored(experiment) >= max(target, seen + 1)

        journey.worker.wait_until(is_time, "more is stored")
        if is_over(experiment) or len(journey.records) == KILLS:
            break
        journey.kill(experiment)
    journey.worker.wait_until(lambda: is_over(experiment), "all runs are finished")


def trees_of(experiment: Experiment) -> list[list[tuple[Any, ...]]]:
    """Every run's counts, events without their stamps, and steps with their texts, in the problems' order."""
    trees = []
    for run in experiment.runs.order_by("problem__position"):
        events = RunEvent.objects.filter(run=run).order_by("seq").values_list("seq", "kind", "data")
        steps = (
            Step.objects.filter(run=run).order_by("number").values_list("number", "parent", "born", "pruned", "chosen")
        )
        texts = StepText.objects.filter(run=run).order_by("number").values_list("number", "text")
        trees.append([(run.chosen, run.tokens_generated, run.tokens_computed), *events, *steps, *texts])
    return trees


def assert_whole(experiment: Experiment) -> None:
    """No gap in seq, one birth a step, one row of text and tokens a step, and counts that say the same."""
    for run in experiment.runs.all():
        events = RunEvent.objects.filter(run=run).order_by("seq")
        assert [event.seq for event in events] == list(range(1, run.seq + 1))
        born = [event.data["number"] for event in events if event.kind == "step-added"]
        assert born == list(range(1, run.step_count + 1))
        assert StepText.objects.filter(run=run).count() == StepTokens.objects.filter(run=run).count() == run.step_count
        assert run.tokens_generated == sum(event.data.get("generated", 0) for event in events)
