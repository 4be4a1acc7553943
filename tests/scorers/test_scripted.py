"""The scripted scorer keeps what scorers promise, so that tests may rely on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.scorers.scripted import ScriptedScorer
from workers.search.protocols import BranchScores, BranchText
from workers.search.registry import NoParams

words = st.text(alphabet="ab \né", max_size=10)


def scored(*branches: BranchText) -> list[BranchScores]:
    return ScriptedScorer(NoParams()).score(branches)


@quick
@given(question=words, steps=st.lists(words, max_size=6))
def test_there_is_one_score_from_zero_to_one_a_step(question: str, steps: list[str]) -> None:
    [result] = scored(BranchText(question, tuple(steps)))
    assert len(result.values) == len(steps)
    assert all(0 <= value <= 1 for value in result.values)


def test_a_step_is_scored_by_what_comes_before_it_and_not_after() -> None:
    one, two = scored(BranchText("q", ("a\n", "b\n", "c")), BranchText("q", ("a\n", "b\n", "other")))
    assert one.values[:2] == two.values[:2]
    assert one.values[2] != two.values[2]


def test_a_branch_is_scored_the_same_alone_and_in_a_batch() -> None:
    branches = [BranchText(f"q{place}", ("a", "b")) for place in range(4)]
    assert scored(*branches) == [scored(branch)[0] for branch in branches]


def test_tokens_are_the_words_of_question_and_steps() -> None:
    [result] = scored(BranchText("two words", ("and three more", "")))
    assert result.tokens == 5
