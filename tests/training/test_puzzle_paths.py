"""Labels of made paths are what the exact checker says of their text."""

import numpy as np
import pytest

from workers.search.checkers.puzzle import OPERATORS, step_verdicts
from workers.training.puzzle_paths import deviating, walk
from workers.training.puzzle_problems import make_puzzles


def texts(paths, row):
    """The steps of a path as the policy would write them."""
    values, signs, numbers = paths.values[row], paths.signs[row], paths.puzzles.numbers[row]
    lines = [f"{values[k]}{OPERATORS[s]}{numbers[k + 1]}={values[k + 1]}\n" for k, s in enumerate(signs)]
    return [*lines, "Answer: " + "".join(OPERATORS[sign] for sign in paths.answer[row])]


@pytest.mark.parametrize("size", [3, 5, 8])
def test_labels_agree_with_the_exact_checker(size):
    noise = np.random.default_rng(size)
    puzzles = make_puzzles(noise, 64, size)
    paths = walk(noise, puzzles, deviating(noise, puzzles, right=0.5), slips=0.3, misquotes=0.2)
    for row, labels in enumerate(paths.labels()):
        verdicts = step_verdicts(puzzles.statement(row), texts(paths, row))
        clean = np.logical_and.accumulate([verdict == "ok" for verdict in verdicts])
        assert labels.tolist() == clean.astype(int).tolist()


def test_right_deviating_and_slipping_paths_all_occur():
    noise = np.random.default_rng(0)
    puzzles = make_puzzles(noise, 128, 4)
    paths = walk(noise, puzzles, deviating(noise, puzzles, right=0.3), slips=0.2)
    found = {verdict for row in range(128) for verdict in step_verdicts(puzzles.statement(row), texts(paths, row))}
    assert found == {"ok", "dead", "slip"}
    assert paths.labels().all(axis=1).any()


@pytest.mark.torch
def test_token_ids_are_those_of_the_tokenizer_and_step_ends_its_line_ends(tmp_path):
    from transformers import AutoTokenizer

    from workers.training.puzzle_tokens import LINE, write_tokenizer

    write_tokenizer(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    noise = np.random.default_rng(3)
    puzzles = make_puzzles(noise, 8, 6)
    paths = walk(noise, puzzles, deviating(noise, puzzles, right=1.0))
    for row, ids in enumerate(paths.token_ids()):
        written = puzzles.statement(row) + "\n" + "".join(texts(paths, row)) + "\n"
        assert tokenizer(written).input_ids == ids.tolist()
        assert tokenizer.decode(ids) == written
        assert (ids[paths.step_ends()] == LINE).all()


@pytest.mark.torch
@pytest.mark.parametrize("text", ["437", "007", "200201", "1 999\n0"])
def test_any_row_of_digits_comes_back_from_the_tokenizer(tmp_path, text):
    from transformers import AutoTokenizer

    from workers.training.puzzle_tokens import write_tokenizer

    write_tokenizer(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.decode(tokenizer(text).input_ids) == text
