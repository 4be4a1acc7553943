"""Texts read with what they share computed once, against the model run over each whole text."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.inference.small_models import FAMILIES, small_model
from workers.inference.reading import Marked, PrefixReader

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

PLENTY = 1 << 26
# The largest logits of these models are 2 to 4. Measured 2026-11 over all families: 3e-6 in float32, 0.04 in bfloat16,
# where rounding the weights alone moves them by 0.05 to 0.09.
TOLERANCE = {"float32": 1e-5, "bfloat16": 0.08}


def reencoded(model, text: Marked):
    with torch.inference_mode():
        return model(torch.tensor([text.ids])).logits[0, list(text.places)].float()


def grown_texts(seed: int, rounds: int = 6) -> list[list[Marked]]:
    """Branches of a growing tree, each asked at its end: ragged, sharing, some of them twice."""
    draw = random.Random(seed)
    tips: list[tuple[int, ...]] = [tuple(draw.randrange(50) for _ in range(n)) for n in (3, 9, 5)]
    moves = []
    for _ in range(rounds):
        tips += [draw.choice(tips) + tuple(draw.randrange(4) for _ in range(draw.randrange(1, 6))) for _ in range(7)]
        moves.append([Marked(ids[:40], (len(ids[:40]) - 1,)) for ids in draw.choices(tips, k=8)])
    return moves


def distinct_tokens(texts: Sequence[Marked]) -> int:
    return len({text.ids[:place] for text in texts for place in range(1, len(text.ids) + 1)})


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("family", FAMILIES)
def test_outputs_are_those_of_the_whole_text_encoded_again(family, dtype):
    model = small_model(family, dtype)
    reader = PrefixReader(model, PLENTY, 4)
    for move in grown_texts(1):
        for text, reading in zip(move, reader.read(move), strict=True):
            worst = (reading.outputs.float() - reencoded(model, text)).abs().max().item()
            assert worst < TOLERANCE[dtype]


def test_each_token_of_a_tree_is_computed_once():
    reader = PrefixReader(small_model("llama"), PLENTY, 16)
    moves = [[Marked(one.ids, tuple(range(len(one.ids)))) for one in move] for move in grown_texts(2)]
    computed = sum(reading.computed for move in moves for reading in reader.read(move))
    assert computed == distinct_tokens([text for move in moves for text in move])


def test_texts_that_share_what_is_not_kept_yet_share_it_within_one_call():
    reader = PrefixReader(small_model("llama"), PLENTY, 16)
    texts = [Marked((7, 8, 9, last), (3,)) for last in (1, 2, 3)]
    assert [reading.computed for reading in reader.read(texts)] == [4, 1, 1]


def test_the_same_text_costs_nothing_a_second_time():
    reader = PrefixReader(small_model("llama"), PLENTY, 16)
    text = Marked((4, 5, 6), (1, 2))
    first, second = reader.read([text, text])
    assert (first.computed, second.computed) == (3, 0)
    assert torch.equal(first.outputs, second.outputs)
    assert reader.read([text])[0].computed == 0


def test_an_output_that_was_not_asked_for_before_is_computed_from_there():
    model = small_model("llama")
    reader = PrefixReader(model, PLENTY, 16)
    reader.read([Marked((4, 5, 6, 7), (3,))])
    [again] = reader.read([Marked((4, 5, 6, 7), (2, 3))])
    assert again.computed == 2
    assert torch.allclose(again.outputs, reencoded(model, Marked((4, 5, 6, 7), (2, 3))), atol=1e-5)


@pytest.mark.parametrize("tokens", [0, 7, 30])
def test_too_small_a_cache_costs_tokens_and_no_accuracy(tokens):
    model = small_model("llama")
    reader = PrefixReader(model, tokens * 2 * 3 * 2 * 32 * 4, 4)
    moves = grown_texts(3)
    computed = 0
    for move in moves:
        for text, reading in zip(move, reader.read(move), strict=True):
            computed += reading.computed
            assert torch.allclose(reading.outputs, reencoded(model, text), atol=1e-4)
    assert computed > distinct_tokens([text for move in moves for text in move])
    assert reader.counts.tokens <= tokens


def test_a_parent_does_not_change_when_its_children_are_read():
    model = small_model("llama")
    reader = PrefixReader(model, PLENTY, 16)
    [before] = reader.read([Marked((4, 5, 6), (2,))])
    reader.read([Marked((4, 5, 6, last), (3,)) for last in range(8)])
    [after] = reader.read([Marked((4, 5, 6, 1, 2), (2, 4))])
    assert torch.equal(before.outputs[0], after.outputs[0])
    assert torch.allclose(after.outputs, reencoded(model, Marked((4, 5, 6, 1, 2), (2, 4))), atol=1e-5)


def test_rows_filled_up_to_a_rectangle_are_counted_apart():
    reader = PrefixReader(small_model("llama"), PLENTY, 16)
    readings = reader.read([Marked((1, 2, 3, 4, 5), (4,)), Marked((9, 8), (1,))])
    assert [reading.computed for reading in readings] == [5, 2]
    assert reader.padded == 3


def test_texts_that_begin_far_apart_stay_within_the_memory():
    tokens, model = 600, small_model("llama")
    reader = PrefixReader(model, 2 * tokens * 2 * 3 * 32 * 4, 16)
    long, short = tuple(n % 50 for n in range(200)), tuple(n % 49 for n in range(1, 101))
    reader.read([Marked(long, (199,))])
    texts = [Marked((*long, 7, 8, 9), (202,)), Marked(short, (99,))]
    for text, reading in zip(texts, reader.read(texts), strict=True):
        assert torch.allclose(reading.outputs, reencoded(model, text), atol=1e-4)
    rows, _, length, _ = reader._window.tensors[0].shape
    assert rows * length <= tokens


def test_a_text_that_makes_the_model_overflow_spoils_no_other():
    model = small_model("llama")
    with torch.no_grad():
        model.model.embed_tokens.weight[49] = torch.inf
    reader = PrefixReader(model, PLENTY, 4)
    bad, good = Marked((5, 49, 6), (2,)), Marked((5, 7, 8, 9), (3,))
    spoilt, sound = reader.read([bad, good])
    assert not spoilt.outputs.isfinite().any()
    assert torch.allclose(sound.outputs, reencoded(model, good), atol=1e-5)
