"""The page of API tokens: made and shown once, listed without their secret, withdrawn after a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import ApiToken, Team, User
from apps.accounts.tokens import read_token

ClientOf = Callable[[User], Client]
GIVEN = {"name": "Nightly <b>import</b>", "scopes": ["look", "import"], "days": "30"}


def test_a_token_is_shown_by_the_answer_that_made_it_and_never_again(
    team: Team, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    answer = client.post("/t/demo/tokens/", GIVEN)
    token = answer.context["token"]
    found = read_token(f"Bearer {token}")
    assert found is not None
    assert (found.user, found.scopes) == (owner, ["look", "import"])
    assert round((found.expires_at - found.created_at) / timedelta(days=1)) == 30
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = client.get("/t/demo/tokens/").content.decode()
    assert token not in page
    assert f"bw_{found.prefix}_" in page
    assert "Nightly &lt;b&gt;import&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Give the token a name."),
        ({"scopes": []}, "Choose at least one right"),
        ({"scopes": ["tokens"]}, "tokens is not one of the available choices"),
        ({"days": "366"}, "Expected 1 to 365 days."),
        ({"days": "1_0"}, "Expected a whole number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    team: Team, owner: User, client_of: ClientOf, given: dict[str, object], words: str
) -> None:
    answer = client_of(owner).post("/t/demo/tokens/", GIVEN | given)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_is_withdrawn_after_a_question(team: Team, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    token = client.post("/t/demo/tokens/", GIVEN).context["token"]
    address = f"/t/demo/tokens/{ApiToken.objects.get().pk}/withdraw/"
    assert "Withdraw the token Nightly" in client.get(address).content.decode()
    assert read_token(f"Bearer {token}") is not None
    assert "is withdrawn" in client.post(address, follow=True).content.decode()
    assert read_token(f"Bearer {token}") is None


def test_who_has_a_password_shows_it_again_before_a_token_is_made(team: Team, owner: User) -> None:
    owner.set_password("four words in a row")
    owner.save()
    client = Client()
    client.post("/sign-in/", {"login": owner.email, "password": "four words in a row"})
    assert client.get("/t/demo/tokens/").status_code == 200
    asked = client.post("/t/demo/tokens/", GIVEN)
    assert (asked.status_code, asked["Location"]) == (302, "/account/confirm/?next=%2Ft%2Fdemo%2Ftokens%2F")
    assert not ApiToken.objects.exists()
    assert client.post(asked["Location"], {"password": "five words in a row"}).status_code == 200
    assert not ApiToken.objects.exists()
    made = client.post(asked["Location"], {"password": "four words in a row"})
    found = read_token(f"Bearer {made.context['token']}")
    assert found is not None
    assert (found.name, found.scopes) == (GIVEN["name"], GIVEN["scopes"])
