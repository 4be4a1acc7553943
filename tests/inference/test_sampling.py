"""Tokens drawn by inverse distribution from each request's own noise."""

import math

import numpy as np
import pytest

from workers.inference.sampling import uniforms

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


def drawn(logits, temperature, uniform):
    from workers.inference.sampling import draw

    return draw(torch.tensor(logits), [temperature] * len(logits), uniform)


def test_a_stream_depends_on_its_key_only_and_is_read_in_order():
    assert np.array_equal(uniforms((7, 3), 10), uniforms((7, 3), 50)[:10])
    assert not np.array_equal(uniforms((7, 3), 10), uniforms((7, 4), 10))
    assert not np.array_equal(uniforms((7, 3), 10), uniforms((3, 7), 10))


def test_a_negative_seed_has_a_stream_too():
    assert ((uniforms((-1, 0), 100) >= 0) & (uniforms((-1, 0), 100) < 1)).all()


def test_temperature_zero_takes_the_most_likely_token_whatever_the_noise():
    assert drawn([[0.0, 2.0, 1.0]] * 3, 0.0, [0.0, 0.5, 0.999]).ids == [1, 1, 1]


def test_a_token_is_where_the_cumulative_chances_pass_the_noise():
    logits = [[math.log(0.2), math.log(0.5), math.log(0.3)]] * 4
    assert drawn(logits, 1.0, [0.0, 0.19, 0.21, 0.71]).ids == [0, 0, 1, 2]


def test_a_token_of_chance_zero_is_never_drawn():
    logits = [[-math.inf, 0.0, -math.inf]] * 2
    assert drawn(logits, 1.0, [0.0, math.nextafter(1.0, 0.0)]).ids == [1, 1]


def test_a_low_temperature_warps_the_draw_but_not_what_is_said_of_it():
    row = [[math.log(0.4), math.log(0.6)]]
    cold = drawn(row, 0.1, [0.3])
    assert drawn(row, 1.0, [0.3]).ids == [0]
    assert cold.ids == [1]
    assert cold.logprobs[0] == pytest.approx(math.log(0.6), abs=1e-6)


def test_entropy_is_in_nats_over_the_whole_vocabulary():
    assert drawn([[0.0] * 8], 1.0, [0.5]).entropies[0] == pytest.approx(math.log(8), abs=1e-6)
    assert drawn([[-math.inf, 0.0, -math.inf]], 1.0, [0.5]).entropies[0] == 0.0


def test_draws_follow_the_distribution():
    chances = [0.1, 0.2, 0.7]
    rows = 4000
    ids = drawn([[math.log(chance) for chance in chances]] * rows, 1.0, uniforms((1, 1), rows).tolist()).ids
    shares = torch.bincount(torch.tensor(ids), minlength=3).double() / rows
    assert shares.tolist() == pytest.approx(chances, abs=0.03)


def test_a_big_vocabulary_is_searched_in_stretches_to_the_same_token():
    count = 151_936
    logits = torch.randn((6, count), generator=torch.Generator().manual_seed(3)) * 3
    uniform = [0.0, 0.1, 0.4999, 0.9, 0.999, math.nextafter(1.0, 0.0)]
    below = logits.double().softmax(-1).cumsum(-1)
    for row, (token, number) in enumerate(zip(drawn(logits.tolist(), 1.0, uniform).ids, uniform, strict=True)):
        before = below[row, token - 1].item() if token else 0.0
        assert before - 1e-6 <= number <= below[row, token].item() + 1e-6


def test_a_big_vocabulary_never_gives_a_token_of_chance_zero():
    logits = torch.full((3, 5000), -math.inf)
    logits[:, 4100] = 0.0
    assert drawn(logits.tolist(), 1.0, [0.0, 0.5, math.nextafter(1.0, 0.0)]).ids == [4100] * 3


def test_rows_of_different_temperature_are_drawn_together_as_alone():
    from workers.inference.sampling import draw

    logits = torch.tensor([[0.0, 2.0, 1.0]] * 3)
    together = draw(logits, [0.0, 0.5, 1.0], [0.9, 0.9, 0.9])
    alone = [draw(logits[:1], [heat], [0.9]).ids[0] for heat in (0.0, 0.5, 1.0)]
    assert together.ids == alone


def test_what_is_not_a_number_is_said_and_not_hidden():
    assert math.isnan(drawn([[math.nan] * 3], 1.0, [0.5]).logprobs[0])


def test_the_likeliest_tokens_are_told_as_many_as_each_row_asks_for():
    from workers.inference.sampling import draw

    logits = torch.tensor([[math.log(0.2), math.log(0.5), math.log(0.3)]] * 3)
    told = draw(logits, [0.0, 1.0, 1.0], [0.5, 0.1, 0.9], [2, 0, 9])
    assert [[token for token, _ in row] for row in told.alternatives] == [[1, 2], [], [1, 2, 0]]
    assert [math.exp(value) for _, value in told.alternatives[2]] == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)
    assert told[:3] == draw(logits, [0.0, 1.0, 1.0], [0.5, 0.1, 0.9])[:3]


def test_what_can_never_be_drawn_is_no_alternative():
    from workers.inference.sampling import draw

    told = draw(torch.tensor([[-math.inf, 0.0, -math.inf]]), [1.0], [0.5], [3])
    assert told.alternatives == [[(1, 0.0)]]
