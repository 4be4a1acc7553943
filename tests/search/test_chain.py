"""Drafts become chains whose texts, tokens and costs are those of the draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.chain import cut
from workers.search.errors import EngineError
from workers.search.events import TokenTrace
from workers.search.protocols import Draft, Stop

tokens = st.lists(st.text(alphabet="ab \n", max_size=4), max_size=25)


def draft_of(tokens: list[str], *, ended: bool = True, computed: int | None = None) -> Draft:
    count = len(tokens)
    trace = TokenTrace(
        tuple(range(count)),
        tuple(len(token) for token in tokens),
        tuple(-0.5 - place for place in range(count)),
        tuple(0.25 * place for place in range(count)),
        tuple(((token, -0.5),) for token in tokens),
    )
    stop: Stop = "end" if ended else "length"
    return Draft("".join(tokens), trace, stop, count + ended, count + 7 if computed is None else computed)


@quick
@given(tokens=tokens, ended=st.booleans(), room=st.none() | st.integers(1, 5), computed=st.integers(0, 60))
def test_costs_add_up_however_it_is_cut(tokens: list[str], ended: bool, room: int | None, computed: int) -> None:
    draft = draft_of(tokens, ended=ended, computed=computed)
    pieces = cut(draft, "line-1", room).pieces
    assert 1 <= len(pieces) <= (room or len(pieces))
    assert sum(piece.generated for piece in pieces) == draft.generated
    assert sum(piece.computed for piece in pieces) == draft.computed
    assert min(piece.computed for piece in pieces) >= 0


@quick
@given(tokens=tokens)
def test_texts_and_tokens_joined_again_are_the_draft(tokens: list[str]) -> None:
    draft = draft_of(tokens)
    pieces = cut(draft, "line-1", None).pieces
    assert "".join(piece.text for piece in pieces) == draft.text
    traces = [piece.trace for piece in pieces if piece.trace is not None]
    assert tuple(number for trace in traces for number in trace.ids) == draft.trace.ids
    assert tuple(place for trace in traces for place in trace.alternatives or ()) == draft.trace.alternatives
    for piece in pieces:
        assert piece.trace is None or sum(piece.trace.lengths) == len(piece.text)


@quick
@given(tokens=tokens)
def test_no_piece_is_blank_unless_the_whole_draft_is(tokens: list[str]) -> None:
    draft = draft_of(tokens)
    if draft.text and not draft.text.isspace():
        assert not cut(draft, "line-1", None).pieces[-1].text.isspace()


def test_a_token_that_spans_the_cut_moves_it_to_the_tokens_end() -> None:
    pieces = cut(draft_of(["one", ".\nTw", "o", "\n"]), "line-1", None).pieces
    assert [piece.text for piece in pieces] == ["one.\nTw", "o\n"]
    assert [piece.trace.ids for piece in pieces if piece.trace] == [(0, 1), (2, 3)]


def test_log_probabilities_are_summed_and_entropies_averaged() -> None:
    first, second = cut(draft_of(["a", "\n", "b"]), "line-1", None).pieces
    assert (first.logprob, first.entropy) == (-2.0, 0.125)
    assert (second.logprob, second.entropy) == (-2.5, 0.5)


def test_only_the_last_piece_of_an_ended_draft_is_terminal() -> None:
    assert [piece.terminal for piece in cut(draft_of(["a\n", "b\n", "c"]), "line-1", None).pieces] == [
        False,
        False,
        True,
    ]
    assert not any(piece.terminal for piece in cut(draft_of(["a\n", "b"], ended=False), "line-1", None).pieces)


def test_what_there_is_no_room_for_is_dropped_and_still_charged() -> None:
    chain = cut(draft_of(["a\n", "b\n", "c"]), "line-1", 2)
    assert chain.dropped
    assert [(piece.text, piece.generated, piece.terminal) for piece in chain.pieces] == [
        ("a\n", 1, False),
        ("b\n", 3, False),
    ]


def test_a_model_that_ends_at_once_leaves_one_empty_step() -> None:
    [piece] = cut(draft_of([]), "line-1", None).pieces
    assert (piece.text, piece.terminal, piece.generated, piece.trace) == ("", True, 1, None)


def test_a_draft_without_tokens_is_cut_by_its_text() -> None:
    draft = Draft("a\nb", TokenTrace((), (), (), ()), "end", 9, 12)
    pieces = cut(draft, "line-1", None).pieces
    assert [(piece.text, piece.generated, piece.computed) for piece in pieces] == [("a\n", 0, 12), ("b", 9, 0)]


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft("ab", TokenTrace((1,), (1,), (0.0,), (0.0,)), "end", 2, 1), "cover 1 characters; its text has 2"),
        (Draft("a", TokenTrace((1,), (1,), (), (0.0,)), "end", 2, 1), "not of equal length"),
        (Draft("a", TokenTrace((1,), (1,), (0.0,), (0.0,), ()), "end", 2, 1), "of 1 tokens has alternatives for 0"),
        (Draft("a", TokenTrace((1,), (1,), (0.0,), (0.0,)), "end", 0, 1), "claims 0 generated"),
        (Draft("a", TokenTrace((1,), (1,), (0.0,), (0.0,)), "end", 1, -1), "-1 computed"),
    ],
)
def test_it_refuses_a_draft_that_contradicts_itself(draft: Draft, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        cut(draft, "line-1", None)


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_it_refuses_numbers_of_a_model_that_broke_down(number: float) -> None:
    for trace in (TokenTrace((1,), (1,), (number,), (0.5,)), TokenTrace((1,), (1,), (-0.5,), (number,))):
        with pytest.raises(EngineError, match="finite"):
            cut(Draft("a", trace, "end", 2, 2), "line-1", None)


def test_it_refuses_a_token_longer_than_its_length_can_be_stored() -> None:
    trace = TokenTrace((1,), (65_536,), (-0.5,), (0.5,))
    with pytest.raises(EngineError, match="65,535 characters"):
        cut(Draft("a" * 65_536, trace, "end", 2, 2), "line-1", None)
