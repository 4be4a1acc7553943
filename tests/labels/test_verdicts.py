"""Which verdict stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import Refused
from apps.labels.verdicts import BY_RATING, VERDICTS, known_verdict, standing_verdict

keys = st.sampled_from(tuple(VERDICTS))


@given(keys, st.lists(keys))
def test_an_adjudication_stands_whatever_was_said(settled: str, current: list[str]) -> None:
    assert standing_verdict(settled, current) == settled


@given(keys, st.integers(1, 5))
def test_a_verdict_on_which_all_agree_stands(verdict: str, people: int) -> None:
    assert standing_verdict(None, [verdict] * people) == verdict


@given(st.lists(keys).filter(lambda current: len(set(current)) != 1))
def test_nothing_stands_where_nobody_spoke_or_two_differ(current: list[str]) -> None:
    assert standing_verdict(None, current) is None


def test_unsure_next_to_good_leaves_nothing_standing() -> None:
    assert standing_verdict(None, ["good", "unsure"]) is None


def test_every_verdict_is_shown_by_a_glyph_of_its_own() -> None:
    assert [verdict.glyph for verdict in VERDICTS.values()] == ["✕", "○", "✓", "?"]


def test_ratings_lead_back_to_their_verdict() -> None:
    assert {rating: verdict.key for rating, verdict in BY_RATING.items()} == {-1: "bad", 0: "neutral", 1: "good"}


def test_it_refuses_an_unknown_verdict_by_name_with_the_known_ones() -> None:
    with pytest.raises(Refused, match=r"'great'\. Known: bad, neutral, good, unsure") as refused:
        known_verdict("great")
    assert refused.value.code == "unknown-verdict"
