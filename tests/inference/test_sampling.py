"""Tokens drawn by inverse distribution from each request's own noise."""

import math

import numpy as np
import pytest

from workers.inference.sampling import uniforms

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


def drawn(logits, temperature, uniform):
    from workers.inference.sampling import draw

    rows = len(logits)
    heat = torch.full((rows,), temperature, dtype=torch.float64)
    return draw(torch.tensor(logits), heat, torch.tensor(uniform, dtype=torch.float64))


def test_a_stream_depends_on_its_key_only_and_is_read_in_order():
    assert np.array_equal(uniforms((7, 3), 10), uniforms((7, 3), 50)[:10])
    assert not np.array_equal(uniforms((7, 3), 10), uniforms((7, 4), 10))
    assert not np.array_equal(uniforms((7, 3), 10), uniforms((3, 7), 10))


def test_a_negative_seed_has_a_stream_too():
    assert ((uniforms((-1, 0), 100) >= 0) & (uniforms((-1, 0), 100) < 1)).all()


def test_temperature_zero_takes_the_most_likely_token_whatever_the_noise():
    assert drawn([[0.0, 2.0, 1.0]] * 3, 0.0, [0.0, 0.5, 0.999]).ids.tolist() == [1, 1, 1]


def test_a_token_is_where_the_cumulative_chances_pass_the_noise():
    logits = [[math.log(0.2), math.log(0.5), math.log(0.3)]] * 4
    assert drawn(logits, 1.0, [0.0, 0.19, 0.21, 0.71]).ids.tolist() == [0, 0, 1, 2]


def test_a_token_of_chance_zero_is_never_drawn():
    logits = [[-math.inf, 0.0, -math.inf]] * 2
    assert drawn(logits, 1.0, [0.0, math.nextafter(1.0, 0.0)]).ids.tolist() == [1, 1]


def test_a_low_temperature_warps_the_draw_but_not_what_is_said_of_it():
    row = [[math.log(0.4), math.log(0.6)]]
    cold = drawn(row, 0.1, [0.3])
    assert drawn(row, 1.0, [0.3]).ids.tolist() == [0]
    assert cold.ids.tolist() == [1]
    assert cold.logprobs.item() == pytest.approx(math.log(0.6), abs=1e-6)


def test_entropy_is_in_nats_over_the_whole_vocabulary():
    assert drawn([[0.0] * 8], 1.0, [0.5]).entropies.item() == pytest.approx(math.log(8), abs=1e-6)
    assert drawn([[-math.inf, 0.0, -math.inf]], 1.0, [0.5]).entropies.item() == 0.0


def test_draws_follow_the_distribution():
    chances = [0.1, 0.2, 0.7]
    rows = 4000
    ids = drawn([[math.log(chance) for chance in chances]] * rows, 1.0, uniforms((1, 1), rows).tolist()).ids
    shares = torch.bincount(ids, minlength=3).double() / rows
    assert shares.tolist() == pytest.approx(chances, abs=0.03)
