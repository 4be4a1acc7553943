"""Rows of very unequal length in little memory: whatever joins, moves or waits, every draw is the one drawn alone."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest

from tests.inference.small_models import small_model
from workers.inference.decoding import Decoder
from workers.inference.draws import Draw, Wanted

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

TOKEN = 2 * 3 * 32 * 4  # bytes of a token's keys and values in the small llama


@cache
def model() -> Any:
    return small_model("llama")


def decoder(tokens: int) -> Decoder:
    """Half of its memory holds so many tokens."""
    return Decoder(model(), frozenset({0}), 2 * TOKEN * tokens, 64)


def wanted(first: int, length: int, place: int, most: int) -> Wanted:
    context = tuple(1 + (first + step * (1 + first % 3)) % 49 for step in range(length))
    return Wanted(context, 1.0, (3, place), most)


def finish(under_way: Decoder) -> None:
    while under_way.busy:
        under_way.turn()


def alone(asked: Wanted) -> list[int]:
    fresh = decoder(1 << 16)
    one = fresh.add(asked)
    finish(fresh)
    return one.ids


def check_against_those_drawn_alone(draws: list[Draw]) -> None:
    assert [one.ids for one in draws] == [alone(one.wanted) for one in draws]


def test_a_short_new_text_may_join_beside_a_long_kept_one():
    under_way = decoder(1 << 16)
    kept = wanted(1, 200, 0, 1)
    under_way.add(kept)
    finish(under_way)
    short = under_way.add(wanted(9, 100, 1, 3))
    long = under_way.add(Wanted((*kept.context, 5, 6, 7), 1.0, (3, 2), 3))
    finish(under_way)
    check_against_those_drawn_alone([short, long])


def test_a_long_row_keeps_what_it_holds_when_short_ones_fork_into_the_last_memory():
    under_way = decoder(6 * 320 - 1)
    under_way.add(wanted(1, 300, 0, 2))
    finish(under_way)
    long = under_way.add(wanted(2, 180, 1, 12))
    under_way.turn()
    short = [under_way.add(Wanted((5, 6, 7), 1.0, (3, place), 8)) for place in range(10, 15)]
    finish(under_way)
    check_against_those_drawn_alone([long, *short])


@pytest.mark.parametrize("seed", range(3))
def test_draws_of_every_length_come_and_go_in_little_memory(seed):
    draw, under_way = random.Random(seed), decoder(64 * (4 + seed))
    asked: list[Draw] = []
    for place in range(12):
        if asked and draw.random() < 0.5:
            text = draw.choice(asked).text
            one = Wanted((*text[: draw.randrange(1, len(text) + 1)], draw.randrange(1, 49)), 1.0, (3, place), 5)
        else:
            one = wanted(draw.randrange(50), draw.choice([2, 9, 40, 70, 130]), place, draw.randrange(1, 9))
        asked += [under_way.add(one), under_way.add(Wanted(one.context, 0.7, (3, 100 + place), 4))]
        if draw.random() < 0.6:
            under_way.turn()
        if draw.random() < 0.1:
            under_way.drop([gone := draw.choice(asked)])
            asked = [one for one in asked if one is not gone or one.stop != "cancelled"]
    finish(under_way)
    check_against_those_drawn_alone(asked)


def test_what_is_done_when_memory_runs_out_is_handed_over_all_the_same(monkeypatch):
    under_way = decoder(1 << 16)
    asked = [under_way.add(wanted(5, 3, place, 1 + place)) for place in range(3)]
    put = under_way._put

    def runs_out(rows: object) -> None:
        monkeypatch.setattr(under_way, "_put", put)
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(under_way, "_put", runs_out)
    over = under_way.turn()
    assert {id(one) for one in over} == {id(one) for one in asked}
    assert [one.error is not None for one in asked] == [False, True, True]
    assert not under_way.busy
