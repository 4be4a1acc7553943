"""Draws that join and leave a batch at every turn, on small random models."""

from __future__ import annotations

import random

import pytest

from tests.inference.small_models import FAMILIES, small_model
from workers.inference.decoding import Decoder
from workers.inference.draws import Draw, Wanted

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

PLENTY = 1 << 26
TOKEN = 2 * 3 * 32 * 4  # bytes of a token's keys and values in the small llama
CAUSAL = [family for family in FAMILIES if "classifier" not in family]


def decoder(family: str = "llama", most_bytes: int = PLENTY, rows: int = 64) -> Decoder:
    return Decoder(small_model(family), frozenset({0}), most_bytes, rows)


def wanted(context, place=0, temperature=1.0, most=12, stop=None) -> Wanted:
    return Wanted(tuple(context), temperature, (3, place), most, stop)


def finish(under_way: Decoder) -> list[Draw]:
    done = []
    while under_way.busy:
        done += under_way.turn()
    return done


def alone(family: str, asked: Wanted) -> Draw:
    fresh = decoder(family)
    one = fresh.add(asked)
    finish(fresh)
    return one


@pytest.mark.parametrize("family", CAUSAL)
def test_draws_that_join_at_any_turn_are_those_drawn_alone(family):
    draw, under_way, asked = random.Random(5), decoder(family, rows=7), {}
    for place in range(24):
        context = [draw.randrange(1, 50) for _ in range(draw.randrange(1, 4))] * draw.randrange(1, 4)
        asked[under_way.add(wanted(context, place, draw.choice([0.0, 0.7, 1.0]), draw.randrange(1, 14)))] = None
        if draw.random() < 0.5:
            under_way.turn()
    finish(under_way)
    assert [one.ids for one in asked] == [alone(family, one.wanted).ids for one in asked]


@pytest.mark.parametrize("family", CAUSAL)
def test_logprobs_are_those_of_the_whole_text_encoded_again(family):
    under_way, model = decoder(family), small_model(family)
    draws = [under_way.add(wanted([5, 6, 7][: 1 + place % 3], place)) for place in range(9)]
    finish(under_way)
    for one in draws:
        with torch.inference_mode():
            chances = model(torch.tensor([one.text])).logits[0].double().log_softmax(-1)
        first = len(one.wanted.context) - 1
        chosen = [chances[first + place, token].item() for place, token in enumerate(one.ids)]
        assert one.logprobs == pytest.approx(chosen, abs=1e-4)


def test_a_parent_is_run_once_for_all_its_children_and_their_steps_are_not_run_again():
    under_way = decoder()
    first = [under_way.add(wanted([5, 6, 7, 8], place, most=4)) for place in range(4)]
    finish(under_way)
    assert [one.computed for one in first] == [4 + 3, 3, 3, 3]
    parent = max(first, key=lambda one: len(one.ids))
    second = [under_way.add(wanted(parent.text, 10 + place, most=3)) for place in range(3)]
    finish(under_way)
    assert [one.computed for one in second] == [1 + 2, 2, 2]
    late = under_way.add(wanted(parent.text, 20, most=3))
    finish(under_way)
    assert late.computed == 2


def test_contexts_that_begin_alike_are_run_once_though_they_come_together():
    under_way = decoder()
    asked = [under_way.add(wanted([9, 8, 7, 6, last], last, most=1)) for last in (1, 2, 3)]
    finish(under_way)
    assert sum(one.computed for one in asked) == 5 + 1 + 1


def test_a_short_draw_is_done_while_a_long_one_goes_on():
    under_way = decoder()
    long = under_way.add(wanted([5], most=40, stop=None))
    under_way.turn()
    short = under_way.add(wanted([6], 1, most=2))
    assert under_way.turn() == []
    assert under_way.turn() == [short]
    assert not long.done


def test_no_more_rows_are_under_way_than_allowed():
    under_way = decoder(rows=3)
    asked = [under_way.add(wanted([5], place, most=5)) for place in range(8)]
    under_way.turn()
    assert sum(bool(one.ids) for one in asked) == 3
    finish(under_way)
    assert all(one.stop in ("end", "length") for one in asked)


def test_rows_that_outgrow_the_memory_are_set_aside_and_go_on_as_if_nothing_had_been():
    under_way = decoder(most_bytes=2 * 64 * 3 * TOKEN)
    asked = [under_way.add(wanted([5, 6], place, most=90)) for place in range(6)]
    finish(under_way)
    assert [one.ids for one in asked] == [alone("llama", one.wanted).ids for one in asked]
    assert max(len(one.ids) for one in asked) > 64


def test_a_single_draw_is_written_however_small_the_memory():
    under_way = decoder(most_bytes=1)
    one = under_way.add(wanted([5, 6], most=70))
    finish(under_way)
    assert one.ids == alone("llama", one.wanted).ids
    assert under_way.counts.tokens == 0


def test_a_dropped_draw_frees_its_row_and_keeps_what_was_drawn_and_run():
    under_way = decoder(rows=2)
    first, second = (under_way.add(wanted([5, 6], place, most=30)) for place in range(2))
    waiting = under_way.add(wanted([7], 2, most=3))
    under_way.turn()
    under_way.turn()
    under_way.drop([first])
    assert (first.stop, len(first.ids), first.computed) == ("cancelled", 2, 3)
    under_way.turn()
    assert len(waiting.ids) == 1
    finish(under_way)
    assert second.ids == alone("llama", second.wanted).ids
    again = under_way.add(wanted(first.text, 3, most=1))
    finish(under_way)
    assert again.computed == 1


def test_a_draw_dropped_before_it_began_costs_nothing():
    under_way = decoder()
    one = under_way.add(wanted([5]))
    under_way.drop([one])
    assert (one.stop, one.ids, one.computed, under_way.busy) == ("cancelled", [], 0, False)


def test_a_text_that_makes_the_model_overflow_fails_alone_and_leaves_nothing_behind():
    model = small_model("llama")
    under_way = Decoder(model, frozenset({0}), PLENTY, 8)
    with torch.no_grad():
        model.model.embed_tokens.weight[49] = torch.inf
    bad = under_way.add(wanted([5, 49, 6], most=4))
    good = [under_way.add(wanted([5, 6], place, temperature=0.0, most=20)) for place in range(3)]
    finish(under_way)
    assert (bad.error is not None, bad.stop) == (True, None)
    later = [under_way.add(wanted([8, place + 1], place, temperature=0.0, most=20)) for place in range(3)]
    finish(under_way)
    assert [one.ids for one in (*good, *later)] == [alone("llama", one.wanted).ids for one in (*good, *later)]


def test_memory_that_runs_out_fails_those_under_way_and_may_be_tried_again():
    model, calls = small_model("llama"), []

    def runs_out(*_: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise torch.OutOfMemoryError("no room")

    under_way = Decoder(model, frozenset({0}), PLENTY, 8)
    model.register_forward_pre_hook(runs_out)
    asked = [under_way.add(wanted([5], place, most=8)) for place in range(3)]
    finish(under_way)
    assert [one.error is not None and one.error.retryable for one in asked] == [True] * 3
    once_more = under_way.add(wanted([5], 0, most=8))
    finish(under_way)
    assert once_more.ids == alone("llama", once_more.wanted).ids
