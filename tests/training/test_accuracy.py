"""Figures of strategies come from played runs: what is counted, what an interval is, and who stands in as a judge."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.search.playing import played as played_run
from tests.search.playing import scripted_engine, scripted_scorer
from workers.inference.model_folder import SHIPPED
from workers.search import events
from workers.search.protocols import BranchText
from workers.training.accuracy import COLUMNS, Arm, Log, groups, interval, judge_of, played, tables
from workers.training.judges import BlindJudge, ExactJudge

PROBLEMS = SHIPPED.parent / "problems" / "puzzle-heldout.jsonl"
SOLVED = ("8-2=6\n", "6*6=36\n", "36+9=45\n", "45-8=37\n", "37+6=43\n", "Answer: -*+-+")


def test_an_arm_is_read_as_it_is_written() -> None:
    assert Arm.parse("beam:n=36,width=3").parameters == {"n": "36", "width": "3"}
    assert Arm.parse("chain_of_thought").parameters == {}
    with pytest.raises(ValueError, match="write name=value pairs"):
        Arm.parse("beam:36")


def test_a_runs_cost_counts_repeats_and_its_scores() -> None:
    log = played_run("beam", {"n": 8, "width": 4}, engine=scripted_engine(lines=2), scorer=scripted_scorer())
    added, repeated = log.of(events.StepAdded), log.of(events.StepRepeated)
    assert repeated
    outcome = dict(zip(COLUMNS, Log(log.events).outcome(), strict=True))
    assert outcome["generated"] == sum(event.generated for event in (*added, *repeated))
    assert outcome["scored"] == sum(event.tokens for event in log.of(events.StepScored)) > 0


def test_a_run_that_failed_is_no_wrong_answer() -> None:
    log = played_run("beam", {"n": 8})
    with pytest.raises(ValueError, match="a run failed"):
        Log(log.events).outcome()


def test_a_difference_is_taken_problem_by_problem() -> None:
    hard = np.tile([0.0, 1.0], 100)
    first = np.zeros((200, len(COLUMNS)))
    first[:, 0] = hard
    second = first.copy()
    second[:20, 0] = 1.0
    shown = tables({"first": first, "second": second}, np.tile([3, 9], 100), "first")
    assert "| all | 200 | 50.0 [43.0, 57.0] | 55.0 [48.0, 62.0] |" in shown
    assert "| +5.0 [+2.5, +8.0] | +0.0 [+0.0, +0.0] |" in shown


def test_an_interval_holds_its_mean_and_narrows_with_more_problems() -> None:
    few, many = interval(np.tile([0.0, 1.0], 20)), interval(np.tile([0.0, 1.0], 500))
    assert few[1] < few[0] < few[2]
    assert many[2] - many[1] < few[2] - few[1]


def test_every_problem_is_in_its_size_and_in_one_half() -> None:
    named = dict(groups(np.array([3, 6, 7, 9, 9])))
    assert named["below 7"].sum() + named["7 and more"].sum() == named["all"].sum() == 5
    assert named["9"].tolist() == [False, False, False, True, True]


def test_the_exact_judge_knows_the_first_wrong_turn() -> None:
    right = BranchText("8?2?6?9?8?6=43", SOLVED)
    wrong = BranchText("8?2?6?9?8?6=43", ("8*2=16\n", "16*6=96\n"))
    assert [one.values for one in ExactJudge().score([right, wrong])] == [(1.0,) * 6, (0.0, 0.0)]


def test_the_blind_judge_gives_equal_beginnings_equal_scores_and_knows_nothing() -> None:
    [whole] = BlindJudge().score([BranchText("8?2?6?9?8?6=43", SOLVED)])
    [begun] = BlindJudge().score([BranchText("8?2?6?9?8?6=43", SOLVED[:2])])
    assert whole.values[:2] == begun.values
    assert len(set(whole.values)) == len(SOLVED)
    assert all(0 <= value < 1 for value in whole.values)


@pytest.mark.torch
@pytest.mark.slow_models
def test_it_plays_the_shipped_models_as_a_worker_does() -> None:
    from workers.engines.local_transformers import TinyPolicyParams, tiny_policy

    records = [json.loads(line) for line in PROBLEMS.read_text().splitlines()[:3]]
    engine, judge = tiny_policy(TinyPolicyParams(device="cpu")), judge_of(str(SHIPPED / "tiny-prm"))
    rows = played(Arm.parse("beam:n=8,width=2"), records, engine, judge, 0)
    assert rows.shape == (3, len(COLUMNS))
    again = played(Arm.parse("beam:n=8,width=2"), records, engine, judge, 0)
    assert np.array_equal(rows[:, :4], again[:, :4])
    right, covered, generated = rows[:, 0], rows[:, 2], rows[:, 3]
    assert (right <= covered).all()
    assert (generated > 0).all()
