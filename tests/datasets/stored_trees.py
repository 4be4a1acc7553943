"""Runs with trees of any shape, stored through the way imports take; for tests of labels, snapshots and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import uuid4

from django.db import transaction

from apps.accounts.models import Labeller, Team
from apps.datasets.files import store_snapshot
from apps.datasets.freezing import Freezer
from apps.datasets.models import Snapshot
from apps.datasets.selectors import judged_runs
from apps.datasets.services import number_snapshot
from apps.datasets.sheet import Sheet
from apps.labels.models import Label
from apps.labels.services import add_label
from apps.problems.models import Problem, ProblemSet
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Experiment, Run
from workers.search.events import Event, Maker, RunFinished, RunStarted, StepAdded, StepScored

READER = Maker(kind="import", key="test", version="1")
SCORER = Maker(kind="scorer", key="test-prm", version="1")
AT = 1_767_600_000.0


def store_problem(team: Team, statement: str = "What is 2 + 3?") -> Problem:
    """The team's problem of that statement, made where it is missing."""
    problem_set, _ = ProblemSet.objects.get_or_create(team=team, slug="sums", defaults={"name": "Sums"})
    digest = sha256(statement.encode()).hexdigest()
    position = problem_set.problems.count()
    values = {"position": position, "statement": statement, "answer": "5", "checker": "exact_text"}
    return Problem.objects.get_or_create(problem_set=problem_set, digest=digest, defaults=values)[0]


def store_tree(
    team: Team, parents: Sequence[int], *, texts: Mapping[int, str] | None = None, problem: Problem | None = None
) -> Run:
    """A finished run whose step i + 1 hangs below parents[i]; every step has one score."""
    problem = problem or store_problem(team)
    experiment, _ = Experiment.objects.get_or_create(
        team=team, kind=Experiment.Kind.IMPORTED, name="sums.jsonl", strategy="test", problem_set=problem.problem_set
    )
    events = list(tree_events(parents, texts or {}))
    with transaction.atomic():
        stored = store_new_runs(experiment, [NewRun(problem_id=problem.pk, source="sums.jsonl:1", events=events)])
    return Run.objects.get(pk=stored.run_ids[0])


def tree_events(parents: Sequence[int], texts: Mapping[int, str]) -> list[Event]:
    """The events of such a run."""
    events: list[Event] = [RunStarted(1, AT, "test", 1, {}, 0, "lines", "exact_text", (READER, SCORER))]
    depths = {0: 0}
    for number, parent in enumerate(parents, start=1):
        depths[number] = depths[parent] + 1
        text = texts.get(number, f"Step {number}.")
        place = (number, parent, depths[number])
        events.append(StepAdded(len(events) + 1, AT, *place, text=text, origin="imported", maker=READER))
        events.append(StepScored(len(events) + 1, AT, number, SCORER, number / 16))
    return [*events, RunFinished(len(events) + 1, AT, "no-answer")]


def judge(run: Run, labeller: Labeller, verdicts: Mapping[int, str]) -> list[Label]:
    """A labeller's verdicts on some steps, by number."""
    return [
        add_label(
            team=run.team,
            labeller=labeller,
            run=run.pk,
            number=number,
            verdict=verdict,
            client_uuid=uuid4(),
            scores_in_view=False,
        )
        for number, verdict in verdicts.items()
    ]


def freeze_here(team: Team) -> Snapshot:
    """A snapshot taken in the test's own transaction, which is undone quickly; take_snapshot opens one itself."""
    sheet = Sheet()
    sha256 = store_snapshot(Freezer(team, sheet).lines(judged_runs(team)))
    return number_snapshot(team, "", None, sha256, sheet)
