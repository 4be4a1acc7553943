"""All disputes of a queue are settled by a rule, after a preview that says what would come of it."""

from __future__ import annotations

import pytest

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import foreign_labeller, labeller_of
from apps.common.errors import Refused
from apps.labels.disputes import Wanted, disputes_of
from apps.labels.models import Adjudication, Assignment, Label, LabelQueue, LabelTask
from apps.labels.selectors import standing_verdicts
from apps.labels.settling import adjudicate
from apps.labels.settling_rules import Rule, outcome_of, seniors_of, settle_by
from apps.runs.models import Run
from tests.datasets.stored_trees import judge, store_tree

# What three people say of five steps: a majority, a tie of three, two of three unsure, all agree, two who differ.
SAID = [
    {1: "good", 2: "good", 3: "unsure", 4: "bad", 5: "good"},
    {1: "good", 2: "bad", 3: "unsure", 4: "bad", 5: "bad"},
    {1: "bad", 2: "neutral", 3: "good", 4: "bad"},
]


@pytest.fixture
def ada(team: Team, owner: User) -> Labeller:
    return labeller_of(team, owner)


def queue_of(team: Team, run: Run, people: list[Labeller]) -> LabelQueue:
    """A queue in whose turns these people said what SAID has."""
    queue = LabelQueue.objects.create(team=team, name="Round 1", wanted=3)
    task = LabelTask.objects.create(queue=queue, run=run, number=5, position=0)
    for person, said in zip(people, SAID, strict=True):
        turn = Assignment.objects.create(task=task, labeller=person, lease_until="2026-11-22T12:00:00Z")
        labels = judge(run, person, said)
        Label.objects.filter(pk__in=[label.pk for label in labels]).update(assignment=turn)
    return queue


@pytest.fixture
def run(team: Team) -> Run:
    return store_tree(team, [0, 1, 2, 3, 4])


@pytest.fixture
def queue(team: Team, ada: Labeller, run: Run) -> LabelQueue:
    return queue_of(team, run, [ada, foreign_labeller(team, "ben"), foreign_labeller(team, "cleo")])


def test_the_majority_settles_where_enough_agree_and_no_other_verdict_has_as_many(
    team: Team, ada: Labeller, run: Run, queue: LabelQueue
) -> None:
    rule = Rule(queue, least=2, of=3)
    outcome = outcome_of(team, rule)
    assert (outcome.counts, outcome.left) == ({"bad": 0, "neutral": 0, "good": 1}, 3)
    assert settle_by(team=team, by=ada, rule=rule, reason="As we agreed.", expected=1) == 1
    row = Adjudication.objects.get()
    assert (row.number, row.verdict, row.rule, row.settled_by) == (1, "good", "majority", ada)
    assert row.reason == "At least 2 of 3 or more people agree, for all disputes of queue Round 1. As we agreed."
    assert row.labels == sorted(Label.objects.filter(number=1).values_list("pk", flat=True))
    assert outcome_of(team, rule).settled == 0


def test_a_tie_is_left_however_few_have_to_agree(team: Team, queue: LabelQueue) -> None:
    outcome = outcome_of(team, Rule(queue, least=1, of=1))
    assert (outcome.counts, outcome.left) == ({"bad": 0, "neutral": 0, "good": 1}, 3)


def test_the_senior_settles_what_they_judged_and_are_sure_of(
    team: Team, ada: Labeller, run: Run, queue: LabelQueue
) -> None:
    rule = Rule(queue, senior=ada)
    assert settle_by(team=team, by=ada, rule=rule, reason="", expected=3) == 3
    assert standing_verdicts(run.pk) == {1: "good", 2: "good", 4: "bad", 5: "good"}
    assert set(Adjudication.objects.values_list("rule", flat=True)) == {"senior"}
    assert ada in seniors_of(queue)


def test_nothing_is_stored_where_the_preview_no_longer_holds(
    team: Team, ada: Labeller, run: Run, queue: LabelQueue
) -> None:
    adjudicate(team=team, by=ada, run=run.pk, number=1, verdict="bad")
    with pytest.raises(Refused, match="by now it would be 0") as refused:
        settle_by(team=team, by=ada, rule=Rule(queue, least=2, of=3), reason="", expected=1)
    assert refused.value.status == 412
    assert Adjudication.objects.count() == 1


def test_a_rule_touches_only_its_own_queue(team: Team, ada: Labeller, queue: LabelQueue) -> None:
    other = store_tree(team, [0])
    judge(other, ada, {1: "good"})
    judge(other, foreign_labeller(team, "ben"), {1: "bad"})
    empty = LabelQueue.objects.create(team=team, name="Round 2")
    LabelTask.objects.create(queue=empty, run=other, number=1, position=0)
    assert outcome_of(team, Rule(empty, senior=ada)).settled == 0
    assert settle_by(team=team, by=ada, rule=Rule(queue, senior=ada), reason="", expected=3) == 3
    assert not Adjudication.objects.filter(run=other).exists()


def test_disputes_are_found_by_queue_experiment_and_whether_somebody_is_at_them(team: Team, queue: LabelQueue) -> None:
    [task] = queue.tasks.select_related("run")
    assert len(disputes_of(team.pk, Wanted(queue=queue.pk), most=9)) == 4
    assert len(disputes_of(team.pk, Wanted(experiment=task.run.experiment_id), most=9)) == 4
    assert disputes_of(team.pk, Wanted(queue=queue.pk + 1), most=9) == []
    assert disputes_of(team.pk, Wanted(experiment=2**40), most=9) == []
    assert disputes_of(team.pk, Wanted(done=True), most=9) == []
    task.assignments.update(state=Assignment.State.SUBMITTED)
    assert len(disputes_of(team.pk, Wanted(done=True), most=9)) == 4
