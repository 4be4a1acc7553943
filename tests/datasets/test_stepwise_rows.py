"""What a stepwise row is, over trees of every shape."""

from __future__ import annotations

from io import BytesIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.formats.stepwise import Options, judged_branches, usable_ratings, write
from apps.datasets.records import FrozenTree
from tests.datasets.trees import frozen_tree

VERDICTS = ("bad", "neutral", "good", "unsure", None)


def rows(*trees: FrozenTree, **options: str) -> list[dict[str, list[object]]]:
    out = BytesIO()
    count = write(trees, Options(**options), out)
    lines = out.getvalue().splitlines()
    assert len(lines) == count
    return [orjson.loads(line) for line in lines]


@st.composite
def trees(draw: st.DrawFn) -> FrozenTree:
    size = draw(st.integers(0, 12))
    parents = [draw(st.integers(0, number - 1)) for number in range(1, size + 1)]
    return frozen_tree(parents, [draw(st.sampled_from(VERDICTS)) for _ in parents])


neutral_options = st.sampled_from(("good", "bad", "drop"))


@given(trees(), neutral_options)
def test_every_row_is_a_branch_of_judged_steps_that_ends_where_the_judgement_does(
    tree: FrozenTree, neutral: str
) -> None:
    usable = usable_ratings(Options(neutral=neutral))
    found = list(judged_branches(tree.steps, usable))
    for branch in found:
        assert [step.parent for step in branch] == [0, *(step.number for step in branch[:-1])]
        assert {step.rating for step in branch} <= usable
        below = [step for step in tree.steps if step.parent == branch[-1].number]
        assert not below or any(step.rating not in usable for step in below)
    assert len({branch[-1].number for branch in found}) == len(found)


@given(trees(), neutral_options)
def test_every_step_that_is_judged_below_judged_steps_is_in_a_row_and_no_other_is(
    tree: FrozenTree, neutral: str
) -> None:
    usable = usable_ratings(Options(neutral=neutral))
    parents = {step.number: step.parent for step in tree.steps}
    judged = {step.number for step in tree.steps if step.rating in usable}

    def reached(number: int) -> bool:
        return number == 0 or (number in judged and reached(parents[number]))

    in_rows = {step.number for branch in judged_branches(tree.steps, usable) for step in branch}
    assert in_rows == {number for number in judged if reached(number)}


@given(trees(), neutral_options)
def test_labels_are_the_standing_verdicts(tree: FrozenTree, neutral: str) -> None:
    said = {step.text: step.verdict for step in tree.steps}
    for row in rows(tree, neutral=neutral):
        assert len(row["completions"]) == len(row["labels"]) == len(row["ratings"])
        for text, label, rating in zip(row["completions"], row["labels"], row["ratings"], strict=True):
            assert rating == {"bad": -1, "neutral": 0, "good": 1}[said[text]]
            assert label is (rating == 1 or (rating == 0 and neutral == "good"))


@given(st.lists(trees(), max_size=4))
def test_no_row_comes_twice(grown: list[FrozenTree]) -> None:
    lines = [orjson.dumps(row) for row in rows(*grown)]
    assert len(lines) == len(set(lines))


@given(trees())
def test_the_beginning_of_a_row_is_one_only_where_its_own_branch_was_judged_to_no_use(tree: FrozenTree) -> None:
    usable = usable_ratings(Options())
    children = {n: [s for s in tree.steps if s.parent == n] for n in range(len(tree.steps) + 1)}

    def spoken_of(number: int) -> bool:
        return tree.steps[number - 1].verdict is not None or any(spoken_of(s.number) for s in children[number])

    found = {branch[-1].number for branch in judged_branches(tree.steps, usable)}
    for branch in judged_branches(tree.steps, usable):
        for step in branch[:-1]:
            unused = [s.number for s in children[step.number] if s.rating not in usable and spoken_of(s.number)]
            assert (step.number in found) is bool(unused)


def test_a_branch_that_ends_in_doubt_keeps_its_row_beside_a_judged_alternative() -> None:
    found = rows(frozen_tree([0, 1, 2, 2], ["good", "good", "unsure", "bad"]))
    assert [row["ratings"] for row in found] == [[1, 1], [1, 1, -1]]


def test_continuations_that_nobody_looked_at_make_no_rows() -> None:
    found = rows(frozen_tree([0, 0, 1, 1, 1], ["good", None, "good", None, None]))
    assert [row["completions"] for row in found] == [["Step 1.", "Step 3."]]


def test_an_alternative_that_is_judged_is_a_row_of_its_own() -> None:
    found = rows(frozen_tree([0, 1, 1, 1], ["good", "good", "bad", None]))
    assert [row["completions"] for row in found] == [["Step 1.", "Step 2."], ["Step 1.", "Step 3."]]
    assert [row["ratings"] for row in found] == [[1, 1], [1, -1]]


@pytest.mark.parametrize("gap", [None, "unsure"])
def test_a_row_ends_before_the_first_step_without_a_verdict_or_with_unsure(gap: str | None) -> None:
    assert [row["ratings"] for row in rows(frozen_tree([0, 1, 2, 3], ["good", "neutral", gap, "bad"]))] == [[1, 0]]


@pytest.mark.parametrize(
    ("neutral", "labels"),
    [("good", [[True, True, False]]), ("bad", [[True, False, False]]), ("drop", [[True]])],
)
def test_neutral_steps_become_what_the_option_says(neutral: str, labels: list[list[bool]]) -> None:
    found = rows(frozen_tree([0, 1, 2], ["good", "neutral", "bad"]), neutral=neutral)
    assert [row["labels"] for row in found] == labels


def test_a_tree_that_nobody_judged_has_no_rows() -> None:
    assert rows(frozen_tree([0, 1], [None, None])) == []


def test_equal_rows_of_one_problem_are_written_once_and_those_of_another_problem_again() -> None:
    first = frozen_tree([0], ["good"], run=1)
    again = frozen_tree([0], ["good"], run=2)
    other = frozen_tree([0], ["good"], run=3, problem=2)
    assert len(rows(first, again, other)) == 2


def test_equal_steps_with_other_verdicts_stay_two_rows() -> None:
    assert len(rows(frozen_tree([0], ["good"], run=1), frozen_tree([0], ["bad"], run=2))) == 2
