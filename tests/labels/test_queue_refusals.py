"""What is asked of a queue and cannot be is refused by the name of its field."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.models import Team
from apps.common.errors import Refused
from apps.labels.queue_filter import READERS, read_queue_filter
from apps.labels.queue_plan import read_queue_plan


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "a\0b"}),
        ("colour", {"colour": "red"}),
        ("unit", {"unit": "forest"}),
        ("unit", {"unit": "step", "mode": "first-error"}),
        ("mode", {"mode": 3}),
        ("order", {"order": "best"}),
        ("wanted", {"wanted": 0}),
        ("wanted", {"wanted": "1_0"}),
        ("wanted", {"wanted": True}),
        ("seed", {"seed": -1}),
        ("lease_s", {"lease_s": 5}),
        ("gold_share", {"gold_share": 1.5}),
        ("gold_share", {"gold_share": "nan"}),
        ("screening_pass", {"screening_pass": "most"}),
        ("guideline", {"guideline": 999}),
        ("members", {"members": [999]}),
        ("members", {"members": "me"}),
        ("currency", {"hourly_rate": 12}),
        ("currency", {"hourly_rate": 12, "currency": "euro"}),
        ("hourly_rate", {"hourly_rate": -1, "currency": "EUR"}),
        ("prelabel_scorer", {"prelabel_good": 0.9}),
        ("prelabel_scorer", {"prelabel_scorer": "nobody", "prelabel_good": 0.9}),
        ("filter", {"filter": [1]}),
        ("scorer", {"order": "convincing-wrong"}),
        ("scorer", {"filter": {"score_min": 0.5}}),
        ("scorer", {"filter": {"scorer": "nobody"}}),
        ("score_max", {"filter": {"scorer": "x", "score_min": 0.5, "score_max": 0.4}}),
        ("experiments", {"filter": {"experiments": [999]}}),
        ("experiments", {"filter": {"experiments": "one"}}),
        ("problems", {"filter": {"problems": "none-such"}}),
        ("answer", {"unit": "branch", "filter": {"answer": "wrong"}}),
        ("run__team", {"filter": {"run__team": 1}}),
    ],
)
def test_a_field_that_cannot_be_is_named(team: Team, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        read_queue_plan(team, {"name": "Made", **given})
    assert field in refused.value.fields
    assert len(refused.value.message) < 2_000


def test_a_filter_is_read_back_as_it_is_stored() -> None:
    given = {"experiments": [3, 5], "outcome": "wrong", "scorer": "x", "score_min": 0.25, "per_problem": 3}
    assert read_queue_filter(given).as_json() == given
    typed = {"experiments": "5, 3", "outcome": "wrong", "scorer": "x", "score_min": "0.25", "per_problem": "3"}
    assert read_queue_filter(typed).as_json() == given


def test_what_is_left_empty_is_not_set() -> None:
    assert read_queue_filter(dict.fromkeys(READERS, "")).as_json() == {}
