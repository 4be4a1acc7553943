"""The launch page: a field for all that can be set, and what is wrong beside it in the core's words."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.runs.launch_reading import OWN_NAMES
from tests.runs.launch_form import NEW, WANTED, SignIn, make_mixed, shown, typed_in
from workers.search.parameters import parameters_as_json, read_preset
from workers.search.strategies import STRATEGIES


@pytest.fixture
def client(team: Team, owner: User, client_of: SignIn) -> Client:
    make_mixed(team)
    return client_of(owner)


@pytest.mark.parametrize("strategy", STRATEGIES.keys())
def test_every_parameter_has_a_field_with_its_help(client: Client, strategy: str) -> None:
    page = shown(client, strategy=strategy)
    entry = STRATEGIES.get(strategy)
    assert entry.summary in page
    for option in dataclasses.fields(entry.params):
        assert typed_in(page, option.name) == str(option.default).lower()
        assert option.metadata["help"] in page
        assert f'for="launch-{option.name}"' in page


@pytest.mark.parametrize("entry", list(STRATEGIES), ids=lambda entry: str(entry.key))
def test_no_parameter_takes_a_name_of_the_form(entry: Any) -> None:
    assert {option.name for option in dataclasses.fields(entry.params)}.isdisjoint(
        (*OWN_NAMES, "from", "preset", "key")
    )


@pytest.mark.parametrize(
    ("strategy", "preset"), [(entry.key, name) for entry in STRATEGIES for name in ("low", "medium", "high")]
)
def test_a_preset_fills_in_what_it_expands_to(client: Client, strategy: str, preset: str) -> None:
    page = shown(client, strategy=strategy, preset=preset)
    for name, value in parameters_as_json(read_preset(STRATEGIES.get(strategy).params, preset)).items():
        assert typed_in(page, name) == str(value).lower()


def test_a_preset_leaves_what_it_says_nothing_of(client: Client) -> None:
    page = shown(client, strategy="beam", preset="low", temperature="0.3")
    assert (typed_in(page, "n"), typed_in(page, "temperature")) == ("4", "0.3")


@pytest.mark.parametrize("strategy", STRATEGIES.keys())
def test_a_bad_value_is_named_beside_its_field_and_stays_as_typed(client: Client, strategy: str) -> None:
    for option in dataclasses.fields(STRATEGIES.get(strategy).params):
        page = shown(client, strategy=strategy, **{option.name: "bad & value"})
        assert typed_in(page, option.name) == "bad & value"
        error = re.search(rf'id="launch-{option.name}_error"[^>]*>([^<]*)', page)
        assert error, option.name
        assert error.group(1).startswith("Expected ")
        assert "found" in page


def test_every_mistake_is_named_and_not_the_first_alone(client: Client) -> None:
    page = shown(client, strategy="beam", n="0", width="many", seed="-1", budget_tokens="0", first="0", engine="gpt")
    for sentence in (
        "Expected at least 1; found 0.",
        "Expected a whole number; found 'many'.",
        "Expected at least 0; found -1.",
        "Expected a whole number from 1 to 2147483647; found '0'.",
        "Unknown engine 'gpt'. Known: ",
    ):
        assert sentence in page
    assert typed_in(page, "engine") == "gpt"


def test_at_first_nothing_is_called_wrong_beside_a_field(client: Client) -> None:
    page = shown(client)
    assert 'class="field-error"' not in page
    assert "Choose an engine." in page


def test_it_says_how_many_problems_pass_the_filter(client: Client) -> None:
    page = shown(client, problems="mixed", difficulty_min="3")
    assert re.search(r"<dt>problems</dt><dd>4</dd>", page)


def test_unknown_names_of_the_address_are_left_out_by_name(client: Client) -> None:
    page = shown(client, strategy="best_of_n", width="4", colour="red", n="5")
    assert "Left out, because Best of N does not have it: width." in page
    assert "Left out of the address: colour. Known: " in page
    assert "Unknown preset 'most'. Known: low, medium, high." in shown(client, strategy="beam", preset="most")
    assert "Given more than once, the last counts: n." in client.get(f"{NEW}?n=1&n=2").content.decode()


def test_the_answer_names_the_address_that_leads_to_the_same_form(client: Client) -> None:
    answer = client.get(NEW, {**WANTED, "preset": "high", "text": ""})
    address = answer["HX-Replace-Url"]
    assert address.startswith(f"{NEW}?")
    assert ("n=64" in address, "preset" in address, "text=" in address) == (True, False, False)
    assert typed_in(unescape(client.get(address).content.decode()), "n") == "64"
