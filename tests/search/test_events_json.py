"""A log can be written and read back, event for event; what is no event is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import played, quick, scripted_engine, scripted_scorer
from workers.search import events
from workers.search.budget import Budget
from workers.search.errors import BadEvent
from workers.search.events_json import KINDS, from_json, read_line, to_json, write_line

counts = st.integers(0, 2**40)
numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(alphabet='ab\n"\\\u2028é🙂', max_size=8)
makers = st.builds(events.Maker, st.sampled_from(["engine", "scorer", "person"]), texts, texts, texts, texts)
values = st.dictionaries(
    texts, st.none() | st.booleans() | counts | numbers | texts | st.lists(counts, max_size=3), max_size=3
)


@st.composite
def traces(draw: st.DrawFn) -> events.TokenTrace:
    size = draw(st.integers(0, 4))
    columns = (counts, counts, numbers, numbers, st.lists(st.tuples(texts, numbers), max_size=3).map(tuple))
    drawn = [tuple(draw(st.lists(kind, min_size=size, max_size=size))) for kind in columns]
    return events.TokenTrace(*drawn[:4], draw(st.sampled_from([None, drawn[4]])))


def event_of(cls: type[Any], **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(cls, seq=counts, at=numbers, move=counts, **fields)


every_event = st.one_of(
    event_of(events.RunStarted, strategy=texts, strategy_version=counts, parameters=values, seed=counts, splitter=texts,
             checker=texts, makers=st.lists(makers, max_size=3).map(tuple)),
    event_of(events.StepAdded, number=counts, parent=counts, depth=counts, text=texts,
             origin=st.sampled_from(["generated", "imported"]), maker=makers, terminal=st.booleans(), tokens=counts,
             generated=counts, computed=counts, logprob=st.none() | numbers, entropy=st.none() | numbers,
             trace=st.none() | traces()),
    event_of(events.RunContinued, seed=counts, splitter=texts, makers=st.lists(makers, max_size=3).map(tuple),
             source=texts, source_seq=counts),
    event_of(events.StepRepeated, number=counts, times=counts, generated=counts, computed=counts),
    event_of(events.StepScored, number=counts, maker=makers, value=numbers, tokens=counts),
    event_of(events.StepRevisited, number=counts, value=numbers, returns=st.lists(numbers, max_size=3).map(tuple)),
    event_of(events.StepPruned, number=counts, why=texts),
    event_of(events.Answered, number=counts, text=texts, class_key=st.none() | texts, correct=st.none() | st.booleans(),
             checker=texts, version=counts),
    event_of(events.AnswerChosen, number=counts, why=texts),
    event_of(events.BudgetSpent, resource=texts, limit=numbers, spent=numbers),
    event_of(events.Note, text=texts, data=values),
    event_of(events.RunFailed, reason=texts, retryable=st.booleans()),
    event_of(events.RunFinished, outcome=st.sampled_from(["answered", "no-answer", "out-of-budget"])),
)  # fmt: skip


@quick
@given(event=every_event)
def test_an_event_reads_back_as_it_was_written(event: events.Event) -> None:
    line = write_line(event)
    assert "\n" not in line
    assert read_line(line) == event
    assert type(read_line(line)) is type(event)


def test_only_an_event_of_a_move_says_which() -> None:
    assert "move" not in to_json(events.StepPruned(1, 0.0, 2, "Given up, 1 of 2."))
    pruned = events.StepPruned(1, 0.0, 2, "Given up, 1 of 2.", move=4)
    assert to_json(pruned)["move"] == 4
    assert read_line(write_line(pruned)) == pruned


def test_every_kind_is_named_once() -> None:
    assert len(KINDS) == 13
    assert all(cls.kind == kind for kind, cls in KINDS.items())


def test_a_whole_log_reads_back_equal() -> None:
    log = played("best_of_n", {"n": 5}, scorer=scripted_scorer(), engine=scripted_engine(), budget=Budget(tokens=60))
    assert [read_line(write_line(event)) for event in log.events] == log.events


scored = to_json(events.StepScored(3, 1.0, 2, events.Maker("scorer", "s"), 0.5, 9))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "step-lost"}, "found kind 'step-lost'"),
        ({"kind": None}, "found kind None"),
        ({"colour": 1}, "missing or unknown: colour"),
        ({"seq": "3"}, "field 'seq': expected int; found '3'"),
        ({"seq": True}, "field 'seq': expected int; found True"),
        ({"value": None}, "field 'value': expected float; found None"),
        ({"maker": "s"}, "field 'maker': expected an object; found 's'"),
        ({"maker": {"kind": "scorer"}}, "missing or unknown: arguments, key, revision, version"),
    ],
)
def test_it_refuses_what_is_no_event(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadEvent) as refused:
        from_json({**scored, **change})
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("alternatives", "sentence"),
    [
        ("s", "expected a list; found 's'"),
        ([7], "expected a list; found 7"),
        ([["a"]], "expected a list; found 'a'"),
        ([[["a", -1.0, 3]]], "expected pairs of a text and a number; found ['a', -1.0, 3]"),
        ([[[7, -1.0]]], "expected str; found 7"),
        ([[["a", "b"]]], "expected float; found 'b'"),
    ],
)
def test_it_refuses_what_are_no_alternatives(alternatives: Any, sentence: str) -> None:
    trace = events.TokenTrace((1,), (1,), (-0.5,), (0.25,))
    step = to_json(events.StepAdded(2, 0.0, 1, 0, 1, "a", "generated", events.Maker("engine", "e"), trace=trace))
    assert "alternatives" not in step["trace"]
    with pytest.raises(BadEvent) as refused:
        from_json({**step, "trace": {**step["trace"], "alternatives": alternatives}})
    assert sentence in str(refused.value)


def test_it_refuses_a_missing_field() -> None:
    with pytest.raises(BadEvent, match="missing or unknown: value"):
        from_json({name: value for name, value in scored.items() if name != "value"})


@pytest.mark.parametrize("line", ["", "{", "[]", "7", json.dumps({**scored, "value": float("nan")})])
def test_it_refuses_a_line_that_is_no_event(line: str) -> None:
    with pytest.raises(BadEvent):
        read_line(line)


def test_numbers_that_json_has_not_are_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_line(events.StepScored(1, 0.0, 1, events.Maker("scorer", "s"), float("nan")))
