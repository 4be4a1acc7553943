"""To stop early spares tokens and changes no answer that had won without a tie."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import Log, played, quick, scripted_engine
from workers.search.events import AnswerChosen, Answered, StepAdded, StepPruned


def votes(seed: int, pace: int, n: int, *, early: bool) -> Log:
    engine = scripted_engine(lines=6, answers=2, pace=pace)
    return played("self_consistency", {"n": n, "stop_early": early}, seed=seed, engine=engine)


def winner(log: Log) -> str | None:
    [choice] = log.of(AnswerChosen)
    return next(answer.class_key for answer in log.of(Answered) if answer.number == choice.number)


def leaders(log: Log) -> set[str | None]:
    votes = Counter(answer.class_key for answer in log.of(Answered))
    return {key for key, count in votes.items() if count == max(votes.values())}


def tokens(log: Log) -> int:
    return sum(step.generated for step in log.of(StepAdded))


@quick
@given(seed=st.integers(0, 10_000), pace=st.integers(1, 12), n=st.integers(1, 20))
def test_the_answer_is_one_that_most_of_all_branches_give(seed: int, pace: int, n: int) -> None:
    whole, early = votes(seed, pace, n, early=False), votes(seed, pace, n, early=True)
    assert winner(early) in leaders(whole)
    assert tokens(early) <= tokens(whole)


def test_what_is_stopped_is_kept_as_given_up_with_the_count_of_votes() -> None:
    runs = [votes(seed, 3, 9, early=True) for seed in range(20)]
    stopped = [event for log in runs for event in log.of(StepPruned)]
    assert stopped
    assert all("to come cannot overtake it." in event.why for event in stopped)
    assert sum(map(tokens, runs)) < sum(tokens(votes(seed, 3, 9, early=False)) for seed in range(20))
