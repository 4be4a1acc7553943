"""A queue is built from a filter: which runs and steps, in which order, or refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.labels.models import LabelQueue
from apps.labels.queues import build_queue
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Answer, Experiment, Run, Score, Step
from tests.datasets.stored_trees import judge
from tests.factories import make_experiment, make_problem_set, make_run_with_tree, tree_events

SCORER = "factory-scorer"
TREE = (("one", "two"), ("other",), ("third", "fourth", "fifth"))


def tasks_of(queue: LabelQueue) -> list[tuple[int, int]]:
    return list(queue.tasks.order_by("position").values_list("run", "number"))


def built(team: Team, owner: User, **given: Any) -> list[tuple[int, int]]:
    return tasks_of(build_queue(team, owner, **{"name": "Made", **given}))


def numbers(tasks: Sequence[tuple[int, int]]) -> list[int]:
    return sorted(number for _, number in tasks)


@pytest.fixture
def run(team: Team) -> Run:
    """Steps 1-2, 3 and 4-5-6; each scored number / 100; only the first branch's answer is right, and chosen."""
    return make_run_with_tree(team, TREE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"unit": "step"}, [1, 2, 3, 4, 5, 6]),
        ({"unit": "branch"}, [2, 3, 6]),
        ({"unit": "solution"}, [2, 3, 6]),
        ({"unit": "solution", "filter": {"chosen_only": "yes"}}, [2]),
        ({"unit": "solution", "filter": {"answer": "wrong"}}, [3, 6]),
        ({"unit": "solution", "filter": {"answer": "right", "outcome": "right"}}, [2]),
        ({"unit": "step", "filter": {"scorer": SCORER, "score_min": 0.03, "score_max": "0.05"}}, [3, 4, 5]),
        ({"unit": "step", "filter": {"first": 2}}, None),
        ({"unit": "step", "filter": {"per_problem": 4}}, None),
        ({"mode": "phase-one"}, [0]),
        ({"mode": "phase-one", "unit": "step"}, [0]),
    ],
)
def test_a_unit_and_its_filter_say_which_steps(
    team: Team, owner: User, run: Run, given: dict[str, Any], expected: list[int] | None
) -> None:
    found = numbers(built(team, owner, **given))
    if expected is None:
        assert len(found) == next(iter(given["filter"].values()))
    else:
        assert found == expected


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "wrong"},
        {"outcome": "no-answer"},
        {"strategy": "beam"},
        {"labelled": "yes"},
        {"difficulty_min": 1},
        {"entropy_min": 0},
        {"scorer": SCORER, "score_min": 1},
    ],
)
def test_what_lets_nothing_through_is_refused_and_leaves_no_queue(
    team: Team, owner: User, run: Run, given: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="finds none"):
        build_queue(team, owner, name="Made", filter=given)
    assert not LabelQueue.objects.exists()


def test_runs_that_have_not_ended_and_other_teams_are_left_out(team: Team, owner: User, run: Run) -> None:
    going = make_run_with_tree(team)
    Run.objects.filter(pk=going.pk).update(status="running")
    assert {one for one, _ in built(team, owner)} == {run.pk}


def test_labelled_means_a_verdict_that_stands_on_a_step_of_the_branch(team: Team, owner: User, run: Run) -> None:
    labeller = labeller_of(team, owner)
    judge(run, labeller, {4: "good", 3: "bad"})
    judge(run, labeller, {3: ""})
    assert numbers(built(team, owner, filter={"labelled": "yes"})) == [6]
    assert numbers(built(team, owner, filter={"labelled": "no"})) == [2, 3]
    assert numbers(built(team, owner, unit="step", filter={"labelled": "yes"})) == [4]


def test_the_same_seed_is_the_same_order_and_another_one_is_another(team: Team, owner: User) -> None:
    make_run_with_tree(team, [(str(n),) for n in range(30)])
    first, again, other = (built(team, owner, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)


def test_convincing_wrong_answers_come_by_their_score_and_the_others_last(team: Team, owner: User, run: Run) -> None:
    tasks = built(team, owner, order="convincing-wrong", filter={"scorer": SCORER})
    assert [number for _, number in tasks] == [6, 3, 2]


def test_score_against_outcome_begins_where_they_differ_most(team: Team, owner: User, run: Run) -> None:
    tasks = built(team, owner, order="score-against-outcome", filter={"scorer": SCORER})
    assert [number for _, number in tasks] == [2, 6, 3]
    Answer.objects.filter(run=run, number=6).update(correct=None)
    tasks = built(team, owner, order="score-against-outcome", filter={"scorer": SCORER})
    assert [number for _, number in tasks] == [2, 3, 6]


def test_the_newest_score_of_a_step_is_the_one_that_counts(team: Team, owner: User, run: Run) -> None:
    maker = Score.objects.filter(run=run).values_list("maker", flat=True)[0]
    Score.objects.create(run=run, seq=run.seq + 1, number=3, maker_id=maker, value=0.9)
    assert numbers(built(team, owner, unit="step", filter={"scorer": SCORER, "score_min": 0.5})) == [3]


def test_high_entropy_comes_first_and_unknown_last(team: Team, owner: User, run: Run) -> None:
    for number, entropy in ((2, 0.1), (6, 0.7)):
        Step.objects.filter(run=run, number=number).update(entropy=entropy)
    assert [number for _, number in built(team, owner, order="high-entropy")] == [6, 2, 3]


def test_disagreement_of_people_or_with_the_scorer_comes_first(
    team: Team, owner: User, colleague: User, run: Run
) -> None:
    judge(run, labeller_of(team, owner), {1: "good", 3: "good"})
    judge(run, labeller_of(team, colleague), {1: "bad", 3: "good"})
    assert built(team, owner, order="disagreement")[0] == (run.pk, 2)
    assert {number for _, number in built(team, owner, order="disagreement", filter={"scorer": SCORER})[:2]} == {2, 3}


def test_round_robin_takes_one_of_every_problem_before_a_second(team: Team, owner: User) -> None:
    problems = make_problem_set(team, 3, slug="robin")
    experiment: Experiment = make_experiment(team, problems)
    with transaction.atomic():
        rows = [NewRun(problem.pk, "", list(tree_events(TREE))) for problem in problems.problems.all()]
        store_new_runs(experiment, rows)
    runs = [run for run, _ in built(team, owner, order="round-robin", filter={"experiments": [experiment.pk]})]
    assert [len(set(runs[place : place + 3])) for place in (0, 3, 6)] == [3, 3, 3]


def test_an_order_by_scores_is_refused_where_there_are_none(team: Team, owner: User, run: Run) -> None:
    Score.objects.filter(run=run).delete()
    with pytest.raises(Refused, match="found none") as refused:
        build_queue(team, owner, name="Made", order="convincing-wrong", filter={"scorer": SCORER})
    assert refused.value.code == "no-scores"
    assert not LabelQueue.objects.exists()
