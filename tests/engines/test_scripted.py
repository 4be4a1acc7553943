"""The scripted engine keeps what engines promise, so that tests may rely on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.engines.scripted import SCRIPTS, Params, ScriptedEngine, read_script
from workers.search.errors import BadParameter, EngineError
from workers.search.moves import Until
from workers.search.protocols import Draft, Request
from workers.search.synchronous import write_all


def request(
    question: str = "Why?", *, draw: int = 0, seed: int = 1, prefix: tuple[int, ...] = (), until: Until = "end",
    temperature: float = 1.0, most: int | None = None,
) -> Request:  # fmt: skip
    return Request(question, prefix, until, temperature, (seed, draw), most)


def drawn(asked: Request, **parameters: object) -> Draft:
    [draft] = write_all(ScriptedEngine(Params(**parameters)), [asked])  # type: ignore[arg-type]
    return draft


def test_a_draw_is_the_same_alone_and_in_a_batch() -> None:
    asked = [request(draw=place) for place in range(16)]
    batch = write_all(ScriptedEngine(Params()), asked)
    assert [draft.trace for draft in batch] == [drawn(one).trace for one in asked]
    assert len({draft.text for draft in batch}) > 8


def test_greedy_draws_do_not_hear_the_noise() -> None:
    assert drawn(request(draw=0, temperature=0)) == drawn(request(draw=5, seed=9, temperature=0))


@quick
@given(draw=st.integers(0, 1000), most=st.none() | st.integers(1, 30), lines=st.integers(1, 60))
def test_tokens_cover_the_text_and_costs_are_counted(draw: int, most: int | None, lines: int) -> None:
    draft = drawn(request(draw=draw, most=most), lines=lines)
    assert sum(draft.trace.lengths) == len(draft.text)
    assert draft.generated == len(draft.trace.ids) + draft.ended
    assert draft.computed == 1 + draft.generated - 1
    assert most is None or draft.generated <= most
    assert all(entropy >= 0 for entropy in draft.trace.entropies)
    assert all(logprob <= 0 for logprob in draft.trace.logprobs)


def test_a_shared_prompt_is_computed_once_with_the_first_that_needs_it() -> None:
    one, two, other = write_all(
        ScriptedEngine(Params()),
        [request("Why is that so?", draw=0), request("Why is that so?", draw=1), request("Who?", draw=0)],
    )
    assert [draft.computed - draft.generated + 1 for draft in (one, two, other)] == [4, 0, 1]


def test_step_by_step_a_text_comes_to_its_answer() -> None:
    engine, prefix, text = ScriptedEngine(Params(lines=5)), (), ""
    for draw in range(6):
        [draft] = write_all(engine, [request(prefix=prefix, draw=draw, until="step")])
        prefix, text = prefix + draft.trace.ids, text + draft.text
        if draft.ended:
            break
        assert draft.text.endswith("\n")
    assert draft.ended
    assert "Answer: " in text


def test_a_script_is_played_draw_by_draw_and_from_the_prefix_on() -> None:
    whole = drawn(request("4 5 6 10", draw=1), script="game24")
    assert whole.text.endswith("Answer: 4 + 5 + 6 + 10 = 25")
    assert drawn(request("4 5 6 10", draw=5), script="game24").text == whole.text
    line = drawn(request("4 5 6 10", draw=1, until="step"), script="game24")
    assert (line.text, line.ended) == ("4 + 5 = 9 (left: 6 9 10)\n", False)
    rest = drawn(request("4 5 6 10", draw=0, prefix=line.trace.ids), script="game24")
    assert line.text + rest.text == whole.text


@pytest.mark.parametrize(("question", "retryable"), [("Fails for good", False), ("Fails for now", True)])
def test_a_script_may_fail(question: str, retryable: bool) -> None:
    with pytest.raises(EngineError, match="The script says") as failed:
        drawn(request(question), script="failing")
    assert failed.value.retryable is retryable


def test_a_question_the_script_has_not_is_an_error_that_names_those_it_has() -> None:
    with pytest.raises(EngineError, match=r"no draft for 'Who\?'.*'4 5 6 10'"):
        drawn(request("Who?"), script="game24")


def test_it_refuses_an_unknown_script_by_name() -> None:
    with pytest.raises(BadParameter, match="'script': expected one of failing, game24; found 'missing'"):
        ScriptedEngine(Params(script="missing"))


@pytest.mark.parametrize("name", sorted(path.stem for path in SCRIPTS.glob("*.json")))
def test_every_shipped_script_is_readable(name: str) -> None:
    assert read_script(name)


def test_its_identity_holds_its_parameters() -> None:
    assert ScriptedEngine(Params(lines=2)).identity().arguments == '{"answers":3,"lines":2,"pace":0,"script":""}'


@pytest.mark.parametrize("script", ["", "game24"])
@pytest.mark.parametrize("most", [None, 3])
def test_alternatives_begin_with_what_was_drawn_and_change_nothing_else(script: str, most: int | None) -> None:
    plain = request("4 5 6 10", most=most)
    draft = drawn(replace(plain, alternatives=3), script=script)
    told = draft.trace.alternatives
    assert told is not None
    assert [len(place) for place in told] == [3] * len(draft.trace.ids)
    assert "".join(place[0][0] for place in told) == draft.text
    assert all(first[1] >= second[1] for first, second, _ in told)
    assert replace(draft, trace=replace(draft.trace, alternatives=None)) == drawn(plain, script=script)
