"""The list of experiments in the order of its figures, which are those that its rows show."""

from __future__ import annotations

import pytest

from apps.accounts.models import Team
from apps.runs.experiment_table import ExperimentTable
from apps.runs.models import Answer, Experiment, Run
from apps.runs.selectors import RunFigures, figures_of
from tests.factories import make_experiment, make_problem_set

# Per experiment what its runs came to; silent ones chose no answer, told ones an answer nobody could judge.
RUNS = {
    "all right": ["right", "right"],
    "half": ["right", "wrong", "waiting"],
    "one of three, silent": ["right", "silent", "silent"],
    "nothing known": ["told", "failed"],
    "silence alone": ["silent"],
    "empty": [],
}


@pytest.fixture
def experiments(team: Team) -> list[Experiment]:
    problem_set = make_problem_set(team)
    problem = problem_set.problems.get()
    made = []
    for place, (name, runs) in enumerate(RUNS.items()):
        experiment = make_experiment(team, problem_set, name=name)
        made.append(experiment)
        for kind in runs:
            run = Run.objects.create(
                team=team,
                experiment=experiment,
                problem=problem,
                status=kind if kind in ("waiting", "failed") else "finished",
                correct={"right": True, "wrong": False}.get(kind),
                chosen=1 if kind == "told" else None,
                step_count=place * 7 % 5,
                tokens_generated=place * 11 % 7,
            )
            if kind == "told":
                Answer.objects.create(run=run, number=1, text="x", checker="exact_text", version=1)
    return made


def shown(figures: RunFigures, key: str) -> float | None:
    value = {
        "runs": figures.runs or None,
        "accuracy": figures.accuracy,
        "steps": figures.steps,
        "tokens": figures.tokens,
    }[key]
    return value if figures.runs else None


@pytest.mark.parametrize("key", ["runs", "accuracy", "steps", "tokens"])
def test_experiments_stand_in_the_order_of_the_figure_shown(
    team: Team, experiments: list[Experiment], key: str
) -> None:
    figures = figures_of(experiments)
    for sort in (key, f"-{key}"):
        listed = [shown(figures[one.pk], key) for one in ExperimentTable(sort=sort).of(team)]
        known = [value for value in listed if value is not None]
        assert known == sorted(known, reverse=sort.startswith("-"))
        assert listed[len(known) :] == [None] * (len(listed) - len(known))
        assert len(listed) == len(RUNS)


def test_what_counts_is_on_top_at_the_first_press() -> None:
    table = ExperimentTable()
    assert [table.sorted_by(key).sort for key in ("accuracy", "tokens", "name")] == ["-accuracy", "-tokens", "name"]
    assert table.sorted_by("accuracy").sorted_by("accuracy").sort == "accuracy"
    assert table.sorted_by("started").sort == "started"
