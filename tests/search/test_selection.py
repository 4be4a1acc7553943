"""Who wins among the candidates, and that the reason holds the numbers."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.selection import Picked, best_score, decided, first, majority, weighted_majority
from workers.search.step import Answer, Step


def steps_of(classes: list[str | None], *, terminal: bool = True) -> list[Step]:
    """One candidate a class; None is an answer that could not be parsed."""
    return [
        Step(place + 1, 0, 1, "", terminal, answer=Answer(str(key), key, None, "test", 1))
        for place, key in enumerate(classes)
    ]


def number(picked: object) -> int:
    return picked.step.number  # type: ignore[attr-defined, no-any-return]


def class_of(picked: Picked | None) -> str | None:
    assert picked is not None
    assert picked.step.answer is not None
    return picked.step.answer.class_key


def test_the_first_that_ended_is_the_first() -> None:
    candidates = [*steps_of(["a"], terminal=False), Step(2, 0, 1, "", True)]
    assert number(first(candidates)) == 2
    assert first(steps_of(["a"], terminal=False)) is None


def test_most_votes_win_and_the_reason_counts_them() -> None:
    picked = majority(steps_of(["a", "b", "b", None]))
    assert picked is not None
    assert picked.step.number == 2
    assert picked.why == "Class 'b' has 2 of 3 votes in 2 classes; the next class has 1; 3 of 4 branches had a vote."


def test_a_tie_goes_to_the_class_seen_first() -> None:
    assert number(majority(steps_of(["b", "a", "a", "b"]))) == 1


def test_unparsed_answers_form_no_class() -> None:
    assert number(majority(steps_of([None, None, None, "a"]))) == 4
    assert majority(steps_of([None, None])) is None


def test_what_has_no_answer_has_no_vote() -> None:
    assert majority([Step(1, 0, 1, "", True)]) is None


def test_pruned_and_unfinished_steps_neither_vote_nor_win() -> None:
    gone, late = steps_of(["a", "a"])
    gone.pruned, late.terminal = True, False
    assert majority([gone, late]) is None
    assert best_score([gone, late], [0.9, 0.8]) is None


def test_weights_outvote_numbers() -> None:
    assert number(weighted_majority(steps_of(["a", "a", "b"]), [0.2, 0.2, 0.5])) == 3
    assert number(weighted_majority(steps_of(["a", "a", "b"]), [0.2, 0.4, 0.5])) == 2


def test_the_heaviest_step_stands_for_the_class_that_wins() -> None:
    assert number(weighted_majority(steps_of(["a", "b", "b", "b"]), [0.9, 0.3, 0.6, 0.6])) == 3


def test_the_highest_score_wins_and_equal_scores_go_to_the_first() -> None:
    picked = best_score(steps_of(["a", None, "b"]), [0.25, 0.75, 0.75], "last score")
    assert picked is not None
    assert picked.step.number == 2
    assert picked.why == "Highest last score of 3 finished branches: 0.7500; the next has 0.7500."


@pytest.mark.parametrize("pick", [weighted_majority, best_score])
def test_it_refuses_another_number_of_scores_than_candidates(pick: object) -> None:
    with pytest.raises(ValueError, match="shorter"):
        pick(steps_of(["a", "b"]), [0.5])  # type: ignore[operator]


@quick
@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12))
def test_no_class_has_more_votes_than_the_winner(classes: list[str | None]) -> None:
    picked = majority(steps_of(classes))
    parsed = [key for key in classes if key is not None]
    assert (picked is None) is (not parsed)
    if picked is not None and picked.step.answer is not None:
        assert all(parsed.count(picked.step.answer.class_key or "") >= parsed.count(key) for key in parsed)


@quick
@given(st.lists(st.sampled_from(["a", "b", None]), max_size=12), st.integers(0, 12), st.randoms())
def test_a_majority_that_is_decided_is_the_majority_of_all(
    classes: list[str | None], arrived: int, order: Random
) -> None:
    everybody = steps_of(classes)
    some = order.sample(everybody, min(arrived, len(everybody)))
    if decided(some, len(everybody) - len(some)):
        assert class_of(majority(some)) == class_of(majority(everybody))


def test_a_majority_is_decided_only_beyond_every_tie() -> None:
    assert decided(steps_of(["a", "a", "b"]), 1) == ""
    assert decided(steps_of(["a", "a", "a", "b"]), 1) == (
        "Class 'a' has 3 votes, the next 1: the 1 to come cannot overtake it."
    )
    assert decided(steps_of([None, None]), 0) == ""


def test_a_class_that_is_a_whole_text_is_shortened_in_the_reason() -> None:
    picked = majority(steps_of(["long " * 100]))
    assert picked is not None
    assert len(picked.why) < 200
