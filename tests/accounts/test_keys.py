"""Keys: one list of them, what a person may make of it, and that a hostile choice stays text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.keys import GESTURES, KEYS, SHIPPED, Choice, kept_choice, read_choice
from apps.accounts.models import Team, User
from apps.common.errors import Refused

ClientOf = Callable[[User], Client]


def told_to_scripts(page: str) -> dict[str, Any]:
    """What stands in data-keys of a page, as a browser reads it."""
    found = re.search(r'data-keys="([^"]*)"', page)
    assert found is not None
    read: dict[str, Any] = json.loads(html.unescape(found[1]))
    return read


def test_no_two_keys_are_shipped_as_the_same() -> None:
    pressed = [each for key in KEYS for each in (key.key, *key.also)]
    assert len(pressed) == len(set(pressed))
    assert {gesture.group for gesture in GESTURES} <= {key.group for key in KEYS}


def test_a_key_of_ones_own_takes_the_place_of_all_it_was_shipped_with() -> None:
    told = json.loads(read_choice({"changed": {"1": "9"}}).for_scripts())
    assert {key: told["keys"][key] for key in ("9", "1", "-", "−", "2")} == {
        "9": "1",
        "1": "",
        "-": "",
        "−": "",
        "2": "2",
    }


def test_two_keys_can_change_places() -> None:
    told = json.loads(read_choice({"changed": {"j": "k", "k": "j"}}).for_scripts())
    assert (told["keys"]["j"], told["keys"]["k"]) == ("k", "j")


@pytest.mark.parametrize(
    ("data", "field", "told"),
    [
        ({"changed": {"j": "k"}}, "j", f"'k' is the key for {SHIPPED['k'].does!r} already"),
        ({"changed": {"j": "-"}}, "j", "'-' is the key for 'bad' already"),
        ({"changed": {"j": "9", "k": "9"}}, "k", f"'9' is the key for {SHIPPED['j'].does!r} already"),
        ({"changed": {"j": "qq"}}, "j", f"Expected one visible character for {SHIPPED['j'].does!r}; found 'qq'"),
        ({"changed": {"j": " "}}, "j", "Expected one visible character"),
        ({"changed": {"j": "\u202e"}}, "j", "Expected one visible character"),
        ({"changed": {"j": 7}}, "j", "Expected one visible character"),
        ({"changed": {"Q": "x"}}, "Q", "There is no key 'Q' to change"),
    ],
)
def test_what_cannot_be_a_key_is_refused_by_name(data: dict[str, Any], field: str, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_choice(data)
    assert told in refusal.value.fields[field]


@pytest.mark.parametrize("data", [{"on": True}, {"off": "yes"}, {"changed": ["j"]}])
def test_what_is_no_choice_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_choice(data)


def test_only_what_differs_is_kept() -> None:
    assert read_choice({"off": False, "changed": {"j": "j"}}).as_json() == {}
    assert read_choice({"off": True, "changed": {"j": "8"}}).as_json() == {"off": True, "changed": {"j": "8"}}


def test_a_choice_the_list_has_outgrown_breaks_no_page() -> None:
    assert kept_choice({"changed": {"gone": "x"}, "off": True}) == Choice(off=True)


def test_the_form_keeps_a_choice_and_every_page_tells_it_to_its_scripts(
    team: Team, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    empty = {key.field: "" for key in KEYS}
    assert client.post("/profile/keys/", {**empty, "key-j": "8"})["Location"] == "/profile/"
    owner.refresh_from_db()
    assert owner.keys == {"changed": {"j": "8"}}
    told = told_to_scripts(client.get(f"/t/{team.slug}/experiments/").content.decode())
    assert (told["off"], told["keys"]["8"], told["keys"]["j"]) == (False, "j", "")
    client.post("/profile/keys/", {"key-j": "8", "reset": "1"})
    owner.refresh_from_db()
    assert owner.keys == {}


def test_a_clash_is_told_beside_its_field_and_what_was_typed_stays(owner: User, client_of: ClientOf) -> None:
    answer = client_of(owner).post("/profile/keys/", {"key-j": "k", "key-z": "9", "off": "on"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'aria-describedby="key-j-error"' in page
    assert re.search(r'name="key-z" value="9"', page)
    assert re.search(r'name="off" checked', page)
    owner.refresh_from_db()
    assert owner.keys == {}


def test_a_field_the_form_does_not_have_is_refused_by_name(owner: User, client_of: ClientOf) -> None:
    answer = client_of(owner).post("/profile/keys/", {"user": "7", "key-j": "a"})
    assert answer.status_code == 400
    assert "Unknown field &#x27;user&#x27;" in answer.content.decode()


def test_a_hostile_key_stays_text(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    client.post("/profile/keys/", {"key-j": '"', "key-k": "<"})
    page = client.get("/profile/").content.decode()
    assert told_to_scripts(page)["keys"]['"'] == "j"
    assert 'value="&quot;"' in page
    assert "<kbd><</kbd>" not in page


def test_the_dialog_leads_only_where_the_reader_may_go(
    team: Team, owner: User, colleague: User, client_of: ClientOf
) -> None:
    def ways(person: User) -> list[str]:
        return re.findall(r'data-go="(\w)"', client_of(person).get(f"/t/{team.slug}/experiments/").content.decode())

    assert ways(owner) == ["e", "p", "i", "l", "d", "m", "t", "s"]
    assert ways(colleague) == ["e", "p", "l", "d", "m", "s"]
