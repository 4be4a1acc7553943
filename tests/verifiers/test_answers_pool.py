"""The pool keeps judging whatever an answer does to its child, and asks no more than it must."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from workers.verifiers import answers_pool
from workers.verifiers.answers_pool import UNKNOWN, AnswersPool, Judged, is_readable

RIGHT = Judged("0.5", True)
# One big multiplication, in which no handler of a signal would run, and very many small ones.
TOWERS = [r"9^{9^{9^9}}", r"(x+y+z)^{999}"]


@pytest.fixture
def pool() -> Iterator[AnswersPool]:
    """With little processor time for an answer."""
    made = AnswersPool(limit_s=0.5)
    yield made
    made.close()


def child_of(pool: AnswersPool) -> psutil.Process:
    """The running child."""
    [child] = [one for one in psutil.Process().children() if "answers_child" in " ".join(one.cmdline())]
    assert pool.started_count
    return child


def test_equal_questions_are_asked_once(pool: AnswersPool) -> None:
    assert pool.judged("1/2", ["0.5", "0.5", "50%"]) == [RIGHT] * 3
    child = child_of(pool)
    child.suspend()  # from here on any question would time out
    assert pool.judged("1/2", ["50%", "0.5"]) == [RIGHT] * 2
    child.resume()


def test_it_remembers_no_more_than_it_may() -> None:
    small = AnswersPool(remembered=3)
    small.judged("1", [str(n) for n in range(8)])
    assert len(small._known) == 3
    small.close()


def test_an_answer_that_takes_too_long_is_unknown_and_the_others_are_judged(pool: AnswersPool) -> None:
    asked = ["0.5", *TOWERS, "2"]
    assert pool.judged("1/2", asked) == [RIGHT, *[UNKNOWN] * len(TOWERS), Judged("2", False)]
    assert pool.started_count == 1 + len(TOWERS)
    assert child_of(pool).memory_info().rss < 1 << 28


def test_an_answer_that_took_too_long_is_not_tried_again(pool: AnswersPool) -> None:
    pool.judged("1/2", [TOWERS[0]])
    assert pool.judged("1/2", [TOWERS[0]] * 2) == [UNKNOWN] * 2
    assert pool.started_count == 1


def test_a_reference_that_takes_too_long_leaves_the_classes(pool: AnswersPool) -> None:
    assert pool.judged(TOWERS[0], ["0.5", "2"]) == [Judged("0.5", None), Judged("2", None)]
    assert pool.judged(TOWERS[0], ["3"]) == [Judged("3", None)]
    assert pool.started_count == 2


def test_a_child_that_is_killed_is_replaced_and_the_answer_asked_again(pool: AnswersPool) -> None:
    pool.judged("1/2", ["1"])
    child_of(pool).kill()
    assert pool.judged("1/2", ["0.5"]) == [RIGHT]
    assert pool.started_count == 2


def test_a_child_that_says_nothing_is_replaced_and_the_answer_asked_again() -> None:
    impatient = AnswersPool(waiting_s=2.0)
    impatient.judged("1/2", ["1"])
    child_of(impatient).suspend()
    assert impatient.judged("1/2", ["0.5", "50%"]) == [RIGHT, RIGHT]
    assert impatient.started_count == 2
    impatient.close()


def test_a_child_that_needs_too_much_memory_is_unknown() -> None:
    tight = AnswersPool(memory=1 << 20)
    assert tight.judged("1/2", [r"\begin{pmatrix}" + r"1&" * 200 + r"1\end{pmatrix}"]) == [UNKNOWN]
    tight.close()


def test_a_child_is_replaced_after_it_has_served_long(pool: AnswersPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_pool, "SERVED", 2)
    for n in range(4):
        pool.judged("1", [str(n)])
    assert pool.started_count == 2


def test_a_long_batch_goes_out_in_lines_a_pipe_holds(pool: AnswersPool) -> None:
    many = [f"{n}" + "0" * 900 for n in range(1, 40)]
    assert all(judged.is_right is False for judged in pool.judged("1", many))
    assert len({judged.class_key for judged in pool.judged("1", many)}) == len(many)


@pytest.mark.parametrize(
    "text", ["", "7" * 1_001, "\0", "\x1b[2J", "\u2028", "\u200b", "\ud800", "(" * 13 + "1" + ")" * 13]
)
def test_a_text_that_is_no_answer_never_reaches_the_child(text: str) -> None:
    pool = AnswersPool()
    assert not is_readable(text)
    assert pool.judged("1", [text]) == [UNKNOWN]
    assert pool.started_count == 0


def test_the_child_has_none_of_our_secrets_and_no_file_to_write(
    pool: AnswersPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    pool.judged("1", ["1"])
    child = child_of(pool)
    assert "DATABASE_URL" not in child.environ()
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_AS)[0] == 1 << 29
