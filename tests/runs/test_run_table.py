"""The address of the table of runs: what it can ask, what it writes back, and what it refuses by name."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import Refused
from apps.runs.outcomes import OUTCOMES
from apps.runs.run_table import COLUMNS, MOST_TEXT, RunTable, read_run_table

TABLES = st.builds(
    RunTable,
    outcomes=st.sets(st.sampled_from(list(OUTCOMES))).map(lambda keys: tuple(key for key in OUTCOMES if key in keys)),
    text=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=MOST_TEXT).map(str.strip),
    sort=st.sampled_from(list(COLUMNS)),
    falls=st.booleans(),
    page=st.integers(1, 999_999_999),
)


def read(query: str) -> RunTable:
    return read_run_table(QueryDict(query))


def refusal(query: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read(query)
    return refused.value


@given(TABLES)
def test_what_is_written_is_read_back(table: RunTable) -> None:
    assert read(table.query) == table


def test_an_address_that_asks_nothing_is_the_start() -> None:
    assert read("") == RunTable() == read("text=&page=1")
    assert RunTable().query == ""


@pytest.mark.parametrize("key", OUTCOMES)
def test_every_outcome_can_be_asked_for(key: str) -> None:
    assert read(f"outcome={key}").outcomes == (key,)
    assert RunTable().with_outcome(key).with_outcome(key) == RunTable()


def test_outcomes_are_kept_in_one_order_and_once() -> None:
    assert read("outcome=wrong&outcome=right&outcome=wrong").query == "outcome=right&outcome=wrong"


@pytest.mark.parametrize("key", COLUMNS)
def test_every_column_sorts_both_ways_and_a_second_press_turns_it_around(key: str) -> None:
    assert (read(f"sort={key}").falls, read(f"sort=-{key}").falls) == (False, True)
    once = RunTable(page=9).sorted_by(key)
    assert (once.sort, once.falls, once.page) == (key, COLUMNS[key].falls_first, 1)
    assert once.sorted_by(key).falls is not once.falls


@pytest.mark.parametrize(
    "name",
    [
        "__regex",
        "_connector",
        "_negated",
        "owner__password",
        "experiment",
        "team",
        "problem__statement__regex",
        "outcome__in",
        "status",
        "pk",
        "",
        "o" * 5000,
        "Text",
        "text ",
        "sort[]",
    ],
)
def test_an_unknown_name_is_refused_by_name(name: str) -> None:
    request = QueryDict(mutable=True)
    request[name] = "1"
    with pytest.raises(Refused, match="Unknown field") as refused:
        read_run_table(request)
    assert repr(name[:60])[:-1] in refused.value.message
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("outcome=", "Unknown outcome ''"),
        ("outcome=Right", "Unknown outcome 'Right'"),
        ("outcome=right&outcome=id", "Unknown outcome 'id'"),
        ("sort=", "Unknown order ''"),
        ("sort=-", "Unknown order '-'"),
        ("sort=--tokens", "Unknown order '--tokens'"),
        ("sort=id", "Unknown order 'id'"),
        ("sort=team__memberships__user__password", "Unknown order 'team__memberships__user__password'"),
        ("sort=?", "Unknown order '?'"),
        ("sort=tokens&sort=steps", "Expected sort once; found it 2 times"),
        ("text=a&text=b", "Expected text once"),
        ("text=" + "x" * 201, "at most 200 characters; found 201"),
        ("text=a%00b", "U+0000"),
        ("page=0", "from 1; found '0'"),
        ("page=-1", "found '-1'"),
        ("page=01", "found '01'"),
        ("page=1_0", "found '1_0'"),
        ("page=%D9%A3", "found '٣'"),
        ("page=1e3", "found '1e3'"),
        ("page=last", "found 'last'"),
        ("page=" + "9" * 5000, "from 1; found"),
        ("page=", "found ''"),
    ],
)
def test_an_unknown_value_is_refused_in_words(query: str, expected: str) -> None:
    refused = refusal(query)
    assert expected in refused.message
    assert (refused.status, refused.code, len(refused.message) < 300) == (400, "bad_table", True)


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert set(refusal("page=x&sort=y&outcome=z&color=red").fields) == {"page", "sort", "outcome", "color"}
