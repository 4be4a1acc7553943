"""The generator of puzzles and the two shipped sets."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from workers.search.checkers.puzzle import SIZES, Puzzle, PuzzleChecker
from workers.training.puzzle_problems import make_puzzles, read_statements, write_sets
from workers.training.tiny_policy import without

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "problems"


def shipped(name):
    return [json.loads(line) for line in (SHIPPED / f"{name}.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("size", SIZES)
def test_every_puzzle_has_exactly_one_solution(size):
    puzzles = make_puzzles(np.random.default_rng(size), 4, size)
    for row in range(len(puzzles)):
        assert Puzzle.parse(puzzles.statement(row)).solutions() == [puzzles.answer(row)]


def test_it_refuses_a_size_the_puzzle_does_not_have():
    with pytest.raises(ValueError, match="from 3 to 9, found 10"):
        make_puzzles(np.random.default_rng(0), 1, 10)


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_sets(tmp_path / name, seed=5, heldout_per_size=2, train_per_size=3)
    for name in ("puzzle-heldout.jsonl", "puzzle-train.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_no_held_out_puzzle_is_in_the_training_set():
    heldout = read_statements(SHIPPED / "puzzle-heldout.jsonl")
    assert len(heldout) >= 400
    assert heldout.isdisjoint(read_statements(SHIPPED / "puzzle-train.jsonl"))


def test_training_replaces_puzzles_that_are_left_out():
    puzzles = make_puzzles(np.random.default_rng(1), 8, 4)
    left_out = {puzzles.statement(0), puzzles.statement(3)}
    kept = without(puzzles, left_out, 5)
    assert [kept.statement(row) for row in range(5)] == [puzzles.statement(row) for row in (1, 2, 4, 5, 6)]


@pytest.mark.parametrize("name", ["puzzle-heldout", "puzzle-train"])
def test_every_prefix_of_a_shipped_set_is_balanced_by_difficulty(name):
    counted = Counter()
    for record in shipped(name):
        counted[record["difficulty"]] += 1
        assert max(counted.values()) - min(counted[size] for size in SIZES) <= 1
    assert set(counted) == set(SIZES)


@pytest.mark.parametrize("name", ["puzzle-heldout", "puzzle-train"])
def test_every_shipped_answer_is_right_and_not_in_its_question(name):
    for record in shipped(name):
        [answer] = PuzzleChecker().classify(record["statement"], record["answer"], [f"Answer: {record['answer']}"])
        assert answer.correct is True
        assert record["answer"] not in record["statement"]
        assert (record["checker"], record["source"]) == ("puzzle", "puzzle")
        assert len(record["answer"]) == record["difficulty"]


def test_the_game_24_set_holds_the_hundred_problems_of_the_paper():
    records = shipped("game24")
    assert len({record["statement"] for record in records}) == 100
    assert all(len(record["statement"].split()) == 4 and record["checker"] == "game24" for record in records)
