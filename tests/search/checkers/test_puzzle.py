"""The exact checker of operator puzzles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.search.checkers.puzzle import OPERATORS, NotAPuzzle, Puzzle, PuzzleChecker, applied, step_verdicts
from workers.search.errors import CheckerError

QUESTION = "8?2?6?9?8?6=43"
SOLUTION = ["8-2=6\n", "6*6=36\n", "36+9=45\n", "45-8=37\n", "37+6=43\n", "Answer: -*+-+"]

puzzles = st.builds(
    lambda numbers, target: Puzzle(tuple(numbers), target),
    st.lists(st.integers(2, 9), min_size=2, max_size=6),
    st.integers(0, 200),
)


def classified(text, question=QUESTION):
    [answer] = PuzzleChecker().classify(question, "", [text])
    return answer


def test_an_answer_that_reaches_the_target_is_right():
    answer = classified("".join(SOLUTION))
    assert (answer.text, answer.class_key, answer.correct) == ("-*+-+", "-*+-+", True)
    assert (answer.checker, answer.version) == ("puzzle", 1)


@pytest.mark.parametrize("signs", ["+++++", "-*+-", "-*+-+-"])
def test_signs_that_miss_the_target_or_the_places_are_wrong(signs):
    assert classified(f"Answer: {signs}").correct is False


def test_the_last_answer_line_counts():
    assert classified("Answer: +++++\nAnswer: -*+-+\n").correct is True


@pytest.mark.parametrize("text", ["", "8-2=6\n", "Answer:", "Answer: 43", "The Answer: -*+-+"])
def test_a_text_without_an_answer_line_answers_nothing(text):
    assert classified(text) is None


def test_a_way_through_a_value_outside_the_range_is_wrong():
    assert Puzzle.parse("9?9?9?9=90").value("**+") is None
    assert classified("Answer: --+", "2?3?4?6=3").correct is False


@pytest.mark.parametrize("statement", ["", "What is 2+2?", "8?2?6", "8+2=10", "8?2=", "a?2=3"])
def test_it_refuses_what_is_no_puzzle_and_shows_one(statement):
    with pytest.raises(NotAPuzzle, match=r"8\?2\?6\?9=43") as refusal:
        PuzzleChecker().classify(statement, "", ["Answer: +"])
    assert isinstance(refusal.value, CheckerError)


def test_every_step_of_the_solution_is_ok():
    assert step_verdicts(QUESTION, SOLUTION) == ["ok"] * 6


def test_true_arithmetic_that_loses_the_target_is_dead_to_the_end():
    steps = ["8+2=10\n", "10+6=16\n", "16+9=25\n", "25+8=33\n", "33+6=39\n", "Answer: +++++"]
    assert step_verdicts(QUESTION, steps) == ["dead"] * 6


@pytest.mark.parametrize("line", ["8-2=5", "8/2=4", "9-2=7", "8-6=2", "so 8-2=6", "", "2-8=200"])
def test_a_false_or_illegal_line_is_a_slip_and_so_is_all_after_it(line):
    assert step_verdicts(QUESTION, [line, *SOLUTION[1:]]) == ["slip"] * 6


def test_an_answer_line_that_comes_early_or_quotes_other_signs_is_a_slip():
    assert step_verdicts(QUESTION, [*SOLUTION[:2], "Answer: -*"]) == ["ok", "ok", "slip"]
    assert step_verdicts(QUESTION, [*SOLUTION[:5], "Answer: -*+-*"])[-1] == "slip"


def test_a_step_after_the_answer_is_a_slip():
    assert step_verdicts(QUESTION, [*SOLUTION, "37+6=43"])[-1] == "slip"


@given(puzzles)
def test_reach_is_what_trying_every_choice_of_signs_says(puzzle):
    assert puzzle.reachable(puzzle.numbers[0], 0) == bool(puzzle.solutions())
    assert all(puzzle.solved_by(signs) for signs in puzzle.solutions())


@given(puzzles, st.data())
def test_a_true_line_is_ok_exactly_where_a_solution_begins_with_its_signs(puzzle, data):
    statement = "?".join(map(str, puzzle.numbers)) + f"={puzzle.target}"
    signs, value, steps = "", puzzle.numbers[0], []
    for number in puzzle.numbers[1:]:
        legal = [sign for sign in OPERATORS if applied(value, sign, number) is not None]
        sign = data.draw(st.sampled_from(legal))
        after = applied(value, sign, number)
        steps.append(f"{value}{sign}{number}={after}\n")
        signs, value = signs + sign, after
        alive = any(solution.startswith(signs) for solution in puzzle.solutions())
        assert step_verdicts(statement, steps)[-1] == ("ok" if alive else "dead")
