"""At no depth are there more branches than places, whatever is drawn; nobody votes twice; the cut is by score."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import Log, played, quick, scripted_engine, scripted_scorer
from workers.search.events import AnswerChosen, StepAdded, StepPruned, StepScored

anything = given(
    n=st.integers(1, 12),
    width=st.integers(1, 12),
    variant=st.sampled_from(["fixed-width", "fill"]),
    distinct=st.booleans(),
    max_depth=st.integers(1, 6),
    seed=st.integers(0, 1000),
)


def run(seed: int, **parameters: object) -> Log:
    return played("beam", parameters, seed=seed, engine=scripted_engine(lines=5), scorer=scripted_scorer())


@quick
@anything
def test_finished_branches_and_those_drawn_never_outnumber_the_places(
    n: int, width: int, variant: str, distinct: bool, max_depth: int, seed: int
) -> None:
    log = run(seed, n=n, width=width, variant=variant, distinct=distinct, max_depth=max_depth)
    drawn: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for step in log.of(StepAdded):
        # A chain drawn to the end at the last depth takes one place, that of its first step.
        drawn[step.depth] += step.depth <= max_depth
        ended[min(step.depth, max_depth)] += step.terminal
    for depth in range(1, max_depth + 1):
        assert drawn[depth] + sum(ended[before] for before in range(1, depth)) <= n
    assert sum(ended.values()) >= 1


@quick
@anything
def test_every_finished_branch_votes_once(
    n: int, width: int, variant: str, distinct: bool, max_depth: int, seed: int
) -> None:
    log = run(seed, n=n, width=width, variant=variant, distinct=distinct, max_depth=max_depth)
    [choice] = log.of(AnswerChosen)
    counted = re.search(r"(\d+) of (\d+) branches had a vote", choice.why)
    assert counted is not None
    ended = sum(step.terminal for step in log.of(StepAdded))
    assert (int(counted[1]), int(counted[2])) == (ended, ended)


@quick
@anything
def test_what_is_given_up_scores_no_more_than_what_goes_on(
    n: int, width: int, variant: str, distinct: bool, max_depth: int, seed: int
) -> None:
    log = run(seed, n=n, width=width, variant=variant, distinct=distinct, max_depth=max_depth)
    scores = {event.number: event.value for event in log.of(StepScored)}
    steps = {step.number: step for step in log.of(StepAdded)}
    went_on = {step.parent for step in steps.values()}
    for event in log.of(StepPruned):
        rivals = [one for one in went_on if one and steps[one].depth == steps[event.number].depth < max_depth]
        assert event.number not in went_on
        assert all(scores[event.number] <= scores[rival] for rival in rivals)
