"""Why a right answer lost, told from rows: where branches part, what each scored, where the right one was given up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Team
from apps.runs.bulk import NewRun, store_new_runs
from apps.runs.models import Maker as MakerRow
from apps.runs.models import Run, Score
from apps.trees.beside import why_lost
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

pytestmark = pytest.mark.django_db


def made(
    team: Team,
    parents: Sequence[int],
    *,
    scores: dict[int, float] | None = None,
    right: Sequence[int] = (),
    chosen: int | None = None,
    pruned: dict[int, str] | None = None,
) -> Run:
    """A finished run: step n + 1 hangs below parents[n]; leaves have ended, those of `right` with a right answer."""
    log: list[Event] = [RunStarted(1, AT, "beam", 1, {}, 0, "lines-1", "exact_text", (WRITER, JUDGE))]
    depths = [0]
    for number, parent in enumerate(parents, start=1):
        depths.append(depths[parent] + 1)
        ended = number not in parents
        log.append(StepAdded(len(log) + 1, AT, number, parent, depths[-1], f"{number}", "generated", WRITER, ended))
        if ended:
            log.append(Answered(len(log) + 1, AT, number, "a", "a", number in right, "exact_text", 1))
    for number, value in (scores or {}).items():
        log.append(StepScored(len(log) + 1, AT, number, JUDGE, value))
    for number, why in (pruned or {}).items():
        log.append(StepPruned(len(log) + 1, AT, number, why))
    if chosen is not None:
        log.append(AnswerChosen(len(log) + 1, AT, chosen, "the highest score"))
    log.append(RunFinished(len(log) + 1, AT, "answered"))
    problem = make_problem(team, slug=f"set-{Run.objects.count()}")
    with transaction.atomic():
        stored = store_new_runs(make_experiment(team, problem.problem_set), [NewRun(problem.pk, "", log)])
    return Run.objects.get(pk=stored.run_ids[0])


# 1 is shared; 2 → 4 is one branch, 3 → 5 another, 6 a third.
TREE = (0, 1, 1, 2, 3, 0)


def test_it_tells_where_they_part_what_each_scored_and_that_the_right_one_came_second(team: Team) -> None:
    scores = {1: 0.9, 2: 0.6, 3: 0.75, 4: 0.8, 5: 0.5, 6: 0.1}
    lost = why_lost(made(team, TREE, scores=scores, right=(5, 6), chosen=4))
    assert lost is not None
    assert (lost.chosen, lost.right, lost.parted) == (4, 5, 1)
    assert [(gap.chosen and gap.chosen.number, gap.right and gap.right.number) for gap in lost.gaps] == [(2, 3), (4, 5)]
    assert lost.start.ahead == pytest.approx(-0.15)
    assert lost.ends.ahead == pytest.approx(0.3)
    assert lost.widest == lost.gaps[1]
    assert lost.pruned is None
    assert lost.chosen_why == "the highest score"


def test_it_tells_where_the_right_branch_was_given_up_and_why(team: Team) -> None:
    run = made(team, TREE, scores={4: 0.8, 5: 0.5}, right=(5,), chosen=4, pruned={3: "below the top 1"})
    lost = why_lost(run)
    assert lost is not None
    assert lost.pruned is not None
    assert (lost.pruned.number, lost.pruned.why) == (3, "below the top 1")
    assert lost.start.ahead is None


def test_the_best_right_branch_scored_highest_equal_ones_by_number_unscored_ones_last(team: Team) -> None:
    found = [
        why_lost(made(team, (0, 0, 0, 0), scores=scores, right=(2, 3, 4), chosen=1))
        for scores in ({1: 1.0, 2: 0.2, 3: 0.7, 4: 0.7}, {1: 1.0, 4: -3.0}, {})
    ]
    assert [lost and lost.right for lost in found] == [3, 4, 2]


def test_the_newest_score_of_the_playing_scorer_counts(team: Team) -> None:
    run = made(team, (0, 0, 0), scores={1: 1.0, 2: 0.2, 3: 0.7}, right=(2, 3), chosen=1)
    maker, other = MakerRow.objects.get(key=JUDGE.key), MakerRow.objects.create(kind="scorer", key="another")
    Score.objects.create(run=run, seq=90, number=2, maker=maker, value=0.8)
    Score.objects.create(run=run, seq=91, number=3, maker=other, value=0.99)
    lost = why_lost(run)
    assert lost is not None
    assert lost.right == 2


def test_branches_of_different_length_leave_places_empty(team: Team) -> None:
    lost = why_lost(made(team, (0, 0, 2, 3), scores={1: 0.9}, right=(4,), chosen=1))
    assert lost is not None
    assert lost.parted == 0
    assert [gap.chosen and gap.chosen.number for gap in lost.gaps] == [1, None, None]
    assert [gap.right and gap.right.number for gap in lost.gaps] == [2, 3, 4]
    assert lost.ends.right is not None
    assert lost.ends.right.number == 4


@pytest.mark.parametrize(
    ("right", "chosen"),
    [pytest.param((), 4, id="no right answer"), pytest.param((4, 5), 4, id="right chosen"), ((5,), None)],
)
def test_there_is_nothing_to_tell(team: Team, right: tuple[int, ...], chosen: int | None) -> None:
    assert why_lost(made(team, TREE, right=right, chosen=chosen)) is None


def test_a_longer_branch_takes_no_more_queries(team: Team) -> None:
    counts = []
    for length in (2, 60):
        parents = [0, *range(1, length), 0]
        run = made(team, parents, scores={length: 0.5}, right=(length,), chosen=length + 1)
        with CaptureQueriesContext(connection) as captured:
            assert why_lost(run) is not None
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10
