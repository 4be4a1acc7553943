"""Typed and stored parameters become a dataclass, or a sentence that says which was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.playing import quick
from workers.search.errors import BadParameter, UnknownKey
from workers.search.parameters import parameter, parameters_as_json, read_parameters, read_preset
from workers.search.registry import NoParams


@dataclass(frozen=True)
class Params:
    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"low": {"n": 2}}

    n: int = parameter(4, "How many.", minimum=1, maximum=64)
    heat: float = parameter(1.0, "How hot.", minimum=0)
    keep: bool = parameter(False, "Whether to keep.")
    rule: str = parameter("last", "Which rule.", choices=("last", "min"))
    most: int | None = parameter(None, "At most so many.", minimum=1)


def test_what_is_not_given_keeps_its_default() -> None:
    assert read_parameters(Params, {}) == Params(4, 1.0, False, "last", None)


def test_typed_text_becomes_the_type_of_its_field() -> None:
    typed = {"n": " 8 ", "heat": "0.5", "keep": "Yes", "rule": "min", "most": "none"}
    assert read_parameters(Params, typed) == Params(8, 0.5, True, "min", None)
    assert read_parameters(Params, {"most": "3", "keep": "0"}) == Params(most=3)


def test_whole_numbers_are_numbers_too() -> None:
    read = read_parameters(Params, {"heat": 2})
    assert (read.heat, type(read.heat)) == (2.0, float)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"N": 1}, "Parameter 'N': expected one of n, heat, keep, rule, most; found an unknown name."),
        ({"n": "many"}, "'n': expected a whole number; found 'many'"),
        ({"n": "1_6"}, "'n': expected a whole number; found '1_6'"),
        ({"n": 1.0}, "'n': expected a whole number; found 1.0"),
        ({"n": True}, "'n': expected a whole number; found True"),
        ({"n": 0}, "'n': expected at least 1; found 0"),
        ({"n": 65}, "'n': expected at most 64; found 65"),
        ({"n": None}, "'n': expected a whole number; found None"),
        ({"heat": "warm"}, "'heat': expected a number; found 'warm'"),
        ({"heat": "nan"}, "'heat': expected a finite number; found 'nan'"),
        ({"heat": 10**400}, "'heat': expected a number"),
        ({"heat": [1]}, "'heat': expected a finite number; found a list."),
        ({"rule": {"a": 1}}, "'rule': expected text; found an object."),
        ({"n": "9" * 9_000}, "'n': expected a whole number; found '" + 59 * "9" + "…."),
        ({"keep": "perhaps"}, "'keep': expected true or false; found 'perhaps'"),
        ({"keep": 1}, "'keep': expected true or false; found 1"),
        ({"rule": "max"}, "'rule': expected one of last, min; found 'max'"),
        ({"rule": 7}, "'rule': expected text; found 7"),
        ({"most": 0}, "'most': expected at least 1; found 0"),
    ],
)
def test_it_refuses_by_name_with_what_was_expected_and_found(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_parameters(Params, given)
    assert sentence in str(refused.value)


def test_a_plug_in_without_parameters_says_so() -> None:
    with pytest.raises(BadParameter, match="expected no parameters at all"):
        read_parameters(NoParams, {"n": 1})


@quick
@given(
    st.builds(
        Params,
        n=st.integers(1, 64),
        heat=st.floats(0, 1e6),
        keep=st.booleans(),
        rule=st.sampled_from(["last", "min"]),
        most=st.none() | st.integers(min_value=1),
    )
)
def test_what_is_stored_reads_back_equal_as_json_and_as_text(params: Params) -> None:
    stored = parameters_as_json(params)
    assert read_parameters(Params, stored) == params
    assert read_parameters(Params, {name: str(value) for name, value in stored.items()}) == params


def test_a_preset_is_read_like_any_parameters() -> None:
    assert read_preset(Params, "low") == Params(n=2)
    with pytest.raises(UnknownKey, match=r"preset 'huge'. Known: low"):
        read_preset(Params, "huge")
