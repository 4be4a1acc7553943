"""What the runner makes of each move, by strategies made for the purpose."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.search.conftest import Register
from tests.search.playing import played, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.moves import Choose, Evaluate, Expand, Prune
from workers.search.registry import STRATEGIES, Entry, NoParams, Play
from workers.search.step import Step


def test_a_tree_grows_step_by_step_below_any_parent(own_strategy: Register) -> None:
    seen: list[Any] = []

    def moves(root: Step) -> Play:
        [first] = yield Expand((root,), width=3, until="step")
        both = yield Expand((first[0], first[2]), width=2, until="step")
        seen.extend([first, both])

    log = played(own_strategy(moves), engine=scripted_engine(lines=60))
    first, both = seen
    assert [len(tips) for tips in both] == [2, 2]
    assert [[tip.parent for tip in tips] for tips in both] == [[first[0].number] * 2, [first[2].number] * 2]
    assert [len(move) for move in log.moves] == [1, 3, 4, 1]
    assert [{event.move for event in move} for move in log.moves] == [{0}, {1}, {2}, {3}]


def test_each_draw_has_its_own_noise_and_its_branch_as_prefix(own_strategy: Register) -> None:
    asked: list[Any] = []
    engine = scripted_engine(lines=60)
    submit = engine.submit
    engine.submit = lambda requests: asked.extend(requests) or submit(requests)  # type: ignore[method-assign,func-returns-value]

    def moves(root: Step) -> Play:
        [[first]] = yield Expand((root,), width=1, until="step")
        [[second]] = yield Expand((first,), width=1, until="step")
        yield Expand((second,), width=2, until="end", temperature=0.5)

    log = played(own_strategy(moves), engine=engine, seed=9)
    moves_and_places = [(1, 0), (2, 0), (3, 0), (3, 1)]
    assert [request.noise for request in asked] == [(9, move << 32 | place) for move, place in moves_and_places]
    one, two = log.of(events.StepAdded)[:2]
    assert one.trace
    assert two.trace
    assert asked[2].prefix == asked[3].prefix == one.trace.ids + two.trace.ids
    assert (asked[0].prefix, asked[3].temperature, asked[3].max_tokens) == ((), 0.5, None)


def test_scores_come_from_root_to_step_and_are_asked_for_once(own_strategy: Register) -> None:
    answers: list[Any] = []
    scorer, sizes = scripted_scorer(), []
    score = scorer.score
    scorer.score = lambda branches: sizes.append(len(branches)) or score(branches)  # type: ignore[method-assign,func-returns-value]

    def moves(root: Step) -> Play:
        [tips] = yield Expand((root,), width=2)
        for wanted in (tips, tips, [tips[0], tips[0]]):
            scores = yield Evaluate(tuple(wanted))
            answers.append([len(branch) for branch in scores])
            assert [branch[-1] for branch in scores] == [tip.score for tip in wanted]

    log = played(own_strategy(moves), scorer=scorer)
    depths = [step.depth for step in log.of(events.StepAdded) if step.terminal]
    assert answers == [depths, depths, [depths[0]] * 2]
    assert sizes == [2]
    assert sum(score.tokens > 0 for score in log.of(events.StepScored)) == 2


def test_a_branch_inside_another_is_scored_with_it(own_strategy: Register) -> None:
    def moves(root: Step) -> Play:
        [[first]] = yield Expand((root,), width=1, until="step")
        [[second, third]] = yield Expand((first,), width=2, until="step")
        scores = yield Evaluate((first, third, second))
        assert [len(branch) for branch in scores] == [1, 2, 2]

    log = played(own_strategy(moves), engine=scripted_engine(lines=60), scorer=scripted_scorer())
    assert not log.of(events.RunFailed)
    assert [score.number for score in log.of(events.StepScored)] == [1, 2, 3]
    assert [score.tokens > 0 for score in log.of(events.StepScored)] == [False, True, True]


def test_pruned_steps_say_why_and_are_still_scored_in_the_end(own_strategy: Register) -> None:
    def moves(root: Step) -> Play:
        [tips] = yield Expand((root,), width=2)
        yield Prune((tips[0],), "The first of 2 is given up.")
        yield Choose(tips[1], "The only one of 2 left.")

    log = played(own_strategy(moves), scorer=scripted_scorer())
    [pruned], [chosen] = log.of(events.StepPruned), log.of(events.AnswerChosen)
    assert (pruned.why, chosen.why) == ("The first of 2 is given up.", "The only one of 2 left.")
    assert len(log.of(events.StepScored)) == len(log.of(events.StepAdded))


def test_a_run_that_chooses_nothing_has_no_answer(own_strategy: Register) -> None:
    def moves(root: Step) -> Play:
        yield Expand((root,), width=1)

    [finished] = played(own_strategy(moves)).of(events.RunFinished)
    assert finished.outcome == "no-answer"


def test_a_run_that_chooses_is_answered() -> None:
    [finished] = played("chain_of_thought").of(events.RunFinished)
    assert finished.outcome == "answered"


def test_a_draft_cut_short_is_no_answer_and_cannot_be_chosen() -> None:
    log = played(
        "self_consistency", {"n": 4}, question="4 5 6 10", checker="game24", engine=scripted_engine(script="game24")
    )
    tips = [step for step in log.of(events.StepAdded) if step.depth >= 3 and not step.text.endswith("\n")]
    assert [step.terminal for step in tips] == [True, True, True, False]
    assert [answer.correct for answer in log.of(events.Answered)] == [True, False, True]
    [chosen] = log.of(events.AnswerChosen)
    assert chosen.number == tips[0].number


@pytest.mark.parametrize("script", ["Says nothing"])
def test_a_model_that_says_nothing_leaves_a_step_that_ended(script: str) -> None:
    log = played("chain_of_thought", question=script, engine=scripted_engine(script="failing"))
    [step] = log.of(events.StepAdded)
    assert (step.text, step.terminal, step.generated) == ("", True, 1)
    assert log.of(events.AnswerChosen)


def test_a_strategy_draws_its_own_chances_from_the_seed_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    chances: list[float] = []

    def make(root: Step, params: NoParams, random: Random) -> Play:
        chances.append(random.random())
        yield Expand((root,), width=1)

    monkeypatch.setitem(STRATEGIES._entries, "own", Entry("own", "Own", "Made by a test.", 1, NoParams, make))
    for seed in (7, 7, 8):
        played("own", seed=seed)
    assert chances == [Random(7).random(), Random(7).random(), Random(8).random()]
