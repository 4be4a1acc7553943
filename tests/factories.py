"""Plain functions that make what a test needs: problems, experiments, runs with trees, by the services themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from apps.accounts.models import Team
from apps.problems.models import Problem, ProblemSet
from apps.problems.services import add_problems
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Experiment, Run
from workers.search.events import AnswerChosen, Answered, Event, Maker, RunFinished, RunStarted, StepAdded, StepScored

WRITER = Maker(kind="engine", key="factory-engine")
JUDGE = Maker(kind="scorer", key="factory-scorer")
AT = 1_700_000_000.0


def make_problem_set(team: Team, count: int = 1, slug: str = "made") -> ProblemSet:
    """Return a problem set of `count` problems whose answers are their own numbers."""
    rows = [{"statement": f"What is {n}?", "answer": str(n), "checker": "exact_text"} for n in range(1, count + 1)]
    return add_problems(team=team, slug=slug, name=slug.capitalize(), description="", rows=rows)


def make_problem(team: Team, slug: str = "made") -> Problem:
    """Return the first problem of a set, made where it is missing."""
    return make_problem_set(team, slug=slug).problems.order_by("position")[0]


def make_experiment(team: Team, problem_set: ProblemSet | None = None, name: str = "Made") -> Experiment:
    """Return a search experiment without runs."""
    return Experiment.objects.create(
        team=team,
        kind=Experiment.Kind.SEARCH,
        name=name,
        problem_set=problem_set or make_problem_set(team),
        strategy="best_of_n",
        engine=WRITER.key,
        scorer=JUDGE.key,
    )


def make_run_with_tree(team: Team, branches: Sequence[Sequence[str]] = (("one", "two"), ("other",))) -> Run:
    """Return a finished run whose tree has these branches, each a chain of step texts from the root.

    Steps are numbered in order of birth, each is scored number / 100, the last of each branch is an answer of its own
    text, and the first branch's answer is right and chosen.
    """
    problem = make_problem(team)
    experiment = make_experiment(team, problem.problem_set)
    with transaction.atomic():
        stored = store_new_runs(experiment, [NewRun(problem.pk, "", list(tree_events(branches)))])
    return Run.objects.get(pk=stored.run_ids[0])


def tree_events(branches: Sequence[Sequence[str]]) -> Iterator[Event]:
    """Yield the events of such a run, in order of seq from 1."""
    seq, number, chosen = 1, 0, 0
    yield RunStarted(seq, AT, "best_of_n", 1, {"n": len(branches)}, 0, "lines-1", "exact_text", (WRITER, JUDGE))
    for index, texts in enumerate(branches):
        parent = 0
        for depth, text in enumerate(texts, start=1):
            number += 1
            last = depth == len(texts)
            yield StepAdded(seq + 1, AT, number, parent, depth, text, "generated", WRITER, last, len(text))
            yield StepScored(seq + 2, AT, number, JUDGE, number / 100)
            seq, parent = seq + 2, number
        seq += 1
        chosen = chosen or number
        yield Answered(seq, AT, number, texts[-1], texts[-1], index == 0, "exact_text", 1)
    yield AnswerChosen(seq + 1, AT, chosen, "the first branch is right")
    yield RunFinished(seq + 2, AT, "answered")
