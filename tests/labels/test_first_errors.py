"""Where people find the first error, on branches that share steps: what was said in another turn is said of both."""

from __future__ import annotations

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller
from apps.labels.models import Assignment, Label, LabelTask
from apps.labels.quality import quality_of
from apps.labels.quality_rows import Asked
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queue_making import NOW, make_labellers, make_queue


def submit(task: LabelTask, labeller: Labeller, verdicts: dict[int, str]) -> None:
    turn = Assignment.objects.create(
        task=task, labeller=labeller, state="submitted", finish="found_error", lease_until=NOW, ended_at=NOW
    )
    for label in judge(task.run, labeller, verdicts):
        Label.objects.filter(pk=label.pk).update(assignment=turn)


def test_an_error_in_a_shared_step_is_the_first_on_every_branch_whichever_turn_it_was_said_in(team: Team) -> None:
    run = store_tree(team, [0, 1, 1])
    queue = make_queue(team, unit="branch", wanted=2)
    left, right = (
        LabelTask.objects.create(queue=queue, run=run, number=number, position=number, wanted=2, taken=2, submitted=2)
        for number in (2, 3)
    )
    [one, other] = make_labellers(team, 2)
    submit(left, one, {1: "bad", 2: "bad"})
    submit(right, one, {3: "bad"})
    submit(right, other, {1: "bad", 3: "bad"})
    submit(left, other, {2: "bad"})
    found = quality_of(team, Asked()).first_errors
    assert (found.exact.count, found.exact.value) == (2, 1.0)


def test_what_another_team_says_of_its_branches_is_no_part_of_the_figures(team: Team, stranger: User) -> None:
    for somebody, times in ((team, 1), (stranger.memberships.get().team, 2)):
        people = [foreign_labeller(somebody, name) for name in ("one", "two")]
        for _ in range(times):
            run = store_tree(somebody, [0, 1])
            queue = make_queue(somebody, unit="branch", wanted=2)
            given = {"position": 0, "wanted": 2, "taken": 2, "submitted": 2}
            task = LabelTask.objects.create(queue=queue, run=run, number=2, **given)
            for labeller in people:
                submit(task, labeller, {1: "good", 2: "bad"})
    found = quality_of(team, Asked()).first_errors
    assert (found.exact.count, found.exact.value) == (1, 1.0)
