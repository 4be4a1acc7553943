"""Gold and screening: drawn by seed, never twice to one person, decided by first verdicts, told to no labeller."""

from __future__ import annotations

import pytest

from apps.accounts.models import Labeller, Team, User
from apps.accounts.services import labeller_of
from apps.common.errors import Refused
from apps.labels.gold import gold_answers, share_right
from apps.labels.gold_making import (
    Known,
    add_known,
    known_from_lines,
    known_from_settled,
    known_from_turn,
    remove_known,
)
from apps.labels.models import Assignment, GoldVerdict, Label, LabelQueue, LabelTask
from apps.labels.queues import left_for, standing_of, take_task
from apps.labels.settling import adjudicate
from tests.datasets.stored_trees import judge, store_tree
from tests.labels.queue_making import end, make_known, make_labellers, make_queue, make_tasks


def say(turn: Assignment, verdict: str) -> None:
    """One verdict on the turn's own step, within the turn; then the turn is submitted."""
    [label] = judge(turn.task.run, turn.labeller, {turn.task.number: verdict})
    Label.objects.filter(pk=label.pk).update(assignment=turn)
    end(turn)


def kinds_of(queue: LabelQueue, labeller: Labeller, count: int) -> list[str]:
    found = []
    for _ in range(count):
        turn = take_task(queue, labeller)
        assert turn is not None
        found.append(turn.task.kind)
        end(turn)
    return found


def with_gold(team: Team, seed: int = 3) -> LabelQueue:
    queue = make_queue(team, gold_share=0.3, seed=seed, wanted=9)
    make_tasks(queue, 40)
    for task in make_tasks(queue, 20, kind="gold"):
        make_known(task)
    return queue


def test_the_same_seed_draws_gold_at_the_same_turns_and_about_as_often_as_was_asked(team: Team) -> None:
    [one, other] = make_labellers(team, 2)
    queue, again = with_gold(team), with_gold(team)
    drawn = kinds_of(queue, one, 40)
    assert drawn == kinds_of(again, one, 40)
    assert drawn != kinds_of(queue, other, 40)
    assert 6 <= drawn.count("gold") <= 18


def test_nobody_gets_a_gold_task_twice_and_each_has_them_in_another_order(team: Team) -> None:
    queue = with_gold(team)
    orders = []
    for labeller in make_labellers(team, 2):
        kinds_of(queue, labeller, 40)
        turns = Assignment.objects.filter(labeller=labeller, task__kind="gold").order_by("pk")
        orders.append(list(turns.values_list("task", flat=True)))
    assert all(len(order) == len(set(order)) for order in orders)
    assert orders[0][:5] != orders[1][:5]


def test_every_turn_lowers_what_is_left_by_one_whatever_it_was(team: Team) -> None:
    queue = with_gold(team)
    [one] = make_labellers(team, 1)
    left = [left_for(queue, one)]
    while turn := take_task(queue, one):
        end(turn)
        left.append(left_for(queue, one))
    assert left == list(range(left[0], -1, -1))
    assert left[0] > 40


def test_screening_comes_first_and_alone_and_admits_by_the_share_that_is_right(team: Team) -> None:
    queue = make_queue(team, screening_pass=0.5)
    make_tasks(queue, 3)
    for task in make_tasks(queue, 2, kind="screening"):
        make_known(task, "good")
    for labeller, verdicts, kind in zip(
        make_labellers(team, 2), (("good", "bad"), ("bad", "bad")), ("normal", None), strict=True
    ):
        for verdict in verdicts:
            turn = take_task(queue, labeller)
            assert turn is not None
            assert turn.task.kind == "screening"
            say(turn, verdict)
        following = take_task(queue, labeller)
        assert (following.task.kind if following else None) == kind
    assert [member.state for member in queue.members.order_by("pk")] == ["admitted", "refused"]
    rows = [(row.what, row.before, row.after, row.reason[:14], row.made_by) for row in queue.changes.order_by("pk")]
    assert rows == [("member", "screening", after, said, None) for after, said in
                    (("admitted", "Screening: 50%"), ("refused", "Screening: 0% "))]  # fmt: skip


def test_who_did_not_pass_is_told_so_in_a_sentence(team: Team) -> None:
    queue = make_queue(team, screening_pass=1.0)
    [task] = make_tasks(queue, 1, kind="screening")
    make_known(task, "good")
    [one] = make_labellers(team, 1)
    turn = take_task(queue, one)
    assert turn is not None
    say(turn, "bad")
    user = User.objects.get(pk=one.user_id)
    assert (standing_of(queue, user).why, standing_of(queue, user).may) == ("not-admitted", False)
    queue.members.update(state="admitted")
    assert standing_of(queue, user).may


def test_the_first_verdict_counts_whatever_was_corrected(team: Team) -> None:
    queue = make_queue(team, gold_share=1.0)
    [task] = make_tasks(queue, 1, kind="gold")
    make_known(task, "good")
    [one] = make_labellers(team, 1)
    turn = take_task(queue, one)
    assert turn is not None
    say(turn, "bad")
    say(turn, "good")
    [answer] = gold_answers(queue, one)
    assert (answer.said, answer.known, answer.is_right, share_right([answer])) == ("bad", "good", False, 0.0)


def test_a_turn_without_a_verdict_is_not_right(team: Team) -> None:
    queue = make_queue(team, gold_share=1.0)
    [task] = make_tasks(queue, 1, kind="gold")
    make_known(task)
    [one] = make_labellers(team, 1)
    turn = take_task(queue, one)
    assert turn is not None
    end(turn, "skipped")
    assert share_right(gold_answers(queue, one)) == 0.0


def test_gold_is_made_of_a_turn_of_ones_own_of_what_is_settled_and_of_lines(team: Team, owner: User) -> None:
    queue = make_queue(team)
    make_tasks(queue, 1)
    turn = take_task(queue, labeller_of(team, owner))
    assert turn is not None
    say(turn, "bad")
    assert known_from_turn(queue, owner, "gold", turn.pk).gold.get().verdict == "bad"
    run = store_tree(team, [0, 1, 2])
    adjudicate(team=team, by=labeller_of(team, owner), run=run.pk, number=1, verdict="good")
    adjudicate(team=team, by=labeller_of(team, owner), run=run.pk, number=3, verdict="bad")
    settled = known_from_settled(queue, owner, "gold", run.pk, 3)
    assert dict(settled.gold.values_list("number", "verdict")) == {1: "good", 3: "bad"}
    [task] = known_from_lines(queue, owner, "screening", f"{run.pk} 1 good\n\n{run.pk} 2 bad It does not follow.\n")
    assert list(task.gold.values_list("number", "verdict", "reason")) == [
        (1, "good", ""),
        (2, "bad", "It does not follow."),
    ]
    assert list(queue.tasks.filter(kind="gold").order_by("position").values_list("position", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    "lines", ["", "one 1 good", "{run} 1 great", "{run} 1", "{run} 9 good", "{run} 1 good\n0 1 good"]
)
def test_lines_that_cannot_be_read_are_refused_and_none_is_stored(team: Team, owner: User, lines: str) -> None:
    run = store_tree(team, [0, 1])
    with pytest.raises(Refused):
        known_from_lines(make_queue(team), owner, "gold", lines.format(run=run.pk))
    assert not LabelTask.objects.exists()
    assert not GoldVerdict.objects.exists()


def test_a_known_task_that_somebody_has_had_stays(team: Team, owner: User) -> None:
    queue, run = make_queue(team, gold_share=1.0), store_tree(team, [0])
    kept = known_from_lines(queue, owner, "gold", f"{run.pk} 1 good")[0]
    with pytest.raises(Refused, match="already"):
        add_known(queue, owner, "gold", run.pk, 1, {1: Known("good")})
    assert take_task(queue, make_labellers(team, 1)[0])
    with pytest.raises(Refused, match="Somebody has had this task"):
        remove_known(queue, kept.pk)
