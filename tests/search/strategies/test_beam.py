"""Which branches go on, which one wins, and what the reference implementations get wrong here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.search.playing import Log, played
from tests.search.strategies.planned import PlannedEngine, PlannedScorer
from workers.search.events import AnswerChosen, RunFinished, StepAdded, StepPruned, StepRepeated
from workers.search.synchronous import Adapted


def beam(plan: Mapping[str, Sequence[str]], worth: Mapping[str, float], **parameters: Any) -> Log:
    return played("beam", parameters, engine=Adapted(PlannedEngine(plan)), scorer=PlannedScorer(worth))


def texts(log: Log) -> list[str]:
    return [step.text for step in log.of(StepAdded)]


def chosen(log: Log) -> str:
    [choice] = log.of(AnswerChosen)
    return texts(log)[choice.number - 1]


def pruned(log: Log) -> list[str]:
    return [texts(log)[event.number - 1] for event in log.of(StepPruned)]


FORK = {
    "": ["left\n", "right\n", "Answer: early"],
    "left\n": ["Answer: late", "left again\n"],
    "left\nleft again\n": ["Answer: last"],
    "right\n": ["Answer: wrong"],
}


def test_the_best_of_each_depth_go_on_and_the_others_are_given_up_with_both_scores() -> None:
    log = beam(FORK, {"left": 0.6, "right": 0.4}, n=3, width=2)
    assert pruned(log)[0] == "right\n"
    assert log.of(StepPruned)[0].why == (
        "Not among the best 1 of 2: last score of at most 0.4000, the last that goes on has 0.6000; "
        "1 of 3 places are taken by finished branches."
    )


def test_a_finished_branch_wins_by_its_score_and_not_because_it_came_first() -> None:
    early = {"Answer: early": 0.3, "Answer: late": 0.8, "left": 0.9}
    assert chosen(beam(FORK, early, n=3, width=2)) == "Answer: late"
    assert chosen(beam(FORK, early | {"Answer: early": 0.9}, n=3, width=2)) == "Answer: early"


def test_it_goes_on_after_the_first_branches_have_finished() -> None:
    log = beam(FORK, {"Answer: last": 0.9, "left": 0.9}, n=4, width=2)
    assert chosen(log) == "Answer: last"


def test_free_places_stay_empty_or_are_shared_by_those_that_go_on() -> None:
    plan = {"": ["a\n", "b\n"], "a\n": [f"Answer: {place}" for place in range(9)], "b\n": ["Answer: b"]}
    worth = {"a": 0.9}
    assert len(texts(beam(plan, worth, n=8, width=8, variant="fixed-width", max_depth=2))) == 2 + 8
    fixed = texts(beam(plan | {"": ["a\n"]}, worth, n=8, width=2, variant="fixed-width"))
    filled = texts(beam(plan | {"": ["a\n"]}, worth, n=8, width=2, variant="fill"))
    assert (len(fixed), len(filled)) == (1 + 2, 1 + 8)


def test_places_that_cannot_be_shared_evenly_go_to_the_best() -> None:
    plan = {"": ["a\n", "b\n"]} | {f"{one}\n": [f"Answer: {one}{place}" for place in range(9)] for one in ("a", "b")}
    log = beam(plan, {"a": 0.4, "b": 0.6}, n=5, width=2, variant="fill")
    assert [text for text in texts(log) if "b" in text and "Answer" in text] == [
        "Answer: b0",
        "Answer: b1",
        "Answer: b2",
    ]
    assert sum("Answer: a" in text for text in texts(log)) == 2


def test_a_step_cut_off_by_its_length_is_not_finished() -> None:
    plan = {"": ["cut", "Answer: whole"], "cut": [" and on\n", "Answer: cut"], "cut and on\n": ["Answer: on"]}
    log = beam(plan, {"cut": 1.0, "Answer: cut": 0.1, "Answer: on": 0.1}, n=4, width=2)
    assert [step.terminal for step in log.of(StepAdded)][:2] == [False, True]
    assert chosen(log) == "Answer: whole"
    assert "Answer: on" in texts(log)


def test_with_nothing_finished_it_chooses_nothing_and_says_why() -> None:
    log = beam({"": ["cut"], "cut": [" off"]}, {}, n=4, width=2, max_depth=2)
    assert not log.of(AnswerChosen)
    assert log.of(RunFinished)[0].outcome == "no-answer"
    assert log.of(StepPruned)[-1].why.startswith("Unfinished at depth 2, the greatest allowed")


def test_the_last_depth_is_drawn_to_the_end() -> None:
    log = beam(FORK | {"left\n": ["left again\n"]}, {"left": 0.9, "Answer: last": 0.9}, n=4, width=2, max_depth=2)
    assert texts(log)[-2:] == ["left again\n", "Answer: last"]
    assert chosen(log) == "Answer: last"


def test_blank_lines_make_no_step_of_their_own_to_be_judged() -> None:
    scorer = PlannedScorer({})
    plan = {"": ["one\n\n"], "one\n\n": ["Answer: 1\n\n"]}
    log = played("beam", {"n": 2, "width": 1}, engine=Adapted(PlannedEngine(plan)), scorer=scorer)
    assert [branch.steps for branch in scorer.asked] == [("one\n\n",), ("one\n\n", "Answer: 1\n\n")]
    assert chosen(log) == "Answer: 1\n\n"


def test_repeats_take_places_only_where_steps_need_not_differ() -> None:
    plan = {"": ["a\n", "a\n", "a\n", "b\n"], "a\n": ["Answer: a"], "b\n": ["Answer: b"]}
    alike = beam(plan, {"a": 0.9}, n=4, width=2, distinct=False)
    assert texts(alike)[:4] == ["a\n", "a\n", "a\n", "b\n"]
    assert pruned(alike) == ["a\n", "b\n"]
    differing = beam(plan, {"a": 0.9}, n=4, width=2, distinct=True)
    assert texts(differing)[:3] == ["a\n", "b\n", "Answer: a"]
    repeated = differing.of(StepRepeated)
    assert sum(event.times for event in repeated if texts(differing)[event.number - 1] == "a\n") >= 2
    assert all(event.generated > 0 for event in repeated)


def test_an_answer_given_twice_outweighs_a_higher_score_unless_the_score_decides() -> None:
    plan = {"": ["a\n", "b\n", "c\n"], "a\n": ["Answer: 1"], "b\n": ["Answer: 1"], "c\n": ["Answer: 2"]}
    worth = {"Answer: 1": 0.5, "Answer: 2": 0.8}
    assert chosen(beam(plan, worth, n=3, width=1, selection="weighted")) == "Answer: 1"
    assert chosen(beam(plan, worth, n=3, width=1, selection="best")) == "Answer: 2"


def test_without_classes_of_answers_the_highest_score_wins() -> None:
    log = played(
        "beam",
        {"n": 3, "width": 2},
        checker="",
        engine=Adapted(PlannedEngine(FORK)),
        scorer=PlannedScorer({"left": 0.9}),
    )
    assert log.of(AnswerChosen)[0].why.startswith("Highest last score of ")
