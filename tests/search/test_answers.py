"""The final answer out of a text, by its marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.answers import final_answer, fold


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("8-2=6\nAnswer: -*+", "-*+"),
        ("Final answer: 12 \n", "12"),
        ("**Answer:** 12", "12"),
        ("So we are done.\n\n# Answer\n\n\\frac{1}{2}", "\\frac{1}{2}"),
        ("# Answer\n\n42\nmeters", "42\nmeters"),
        (r"Thus $\boxed{\frac{1}{\sqrt{2}}}$.", r"\frac{1}{\sqrt{2}}"),
        (r"\boxed{1} no, \boxed{2}", "2"),
        (r"\boxed{\text{a \} b}}", r"\text{a \} b}"),
        ("Answer: 1\nWait.\nAnswer: 2", "2"),
        ("# Answer\n\n$\\boxed{7}$", "7"),
        ("The answer is hidden.", None),
        ("Answer:   \n", None),
        (r"\boxed{1", None),
        (r"\boxed{ }", None),
        ("", None),
    ],
)
def test_the_last_mark_that_holds_something_is_the_answer(text: str, answer: str | None) -> None:
    assert final_answer(text) == answer


@quick
@given(st.text(alphabet="\\boxed{} \n#Answer:1", max_size=200))
def test_it_reads_any_text(text: str) -> None:
    found = final_answer(text)
    assert found is None or (found == found.strip() != "" and found in text)


@pytest.mark.parametrize("text", ["\\boxed{" * 20_000, "answer:" + " " * 100_000, "# answer" + " " * 100_000 + "x"])
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    assert final_answer(text) is None


@quick
@given(st.text(alphabet="ab \n\t\u00a0\u2028", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f" {text}\n") == fold(text)
