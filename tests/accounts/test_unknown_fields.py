"""A form of a team's people takes its own fields and no other: whatever is sent besides is refused by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.invitations import find_invitation, invite
from apps.accounts.models import ApiToken, Invitation, Role, Team, User

ClientOf = Callable[[User], Client]
WORDS = "four other words 31"
SMUGGLED = ("team", "team_id", "invited_by", "is_active", "token_sha256", "user")


@pytest.mark.parametrize("smuggled", SMUGGLED)
def test_an_invitation_is_made_for_no_other_team_and_by_nobody_else(
    team: Team, owner: User, client_of: ClientOf, smuggled: str
) -> None:
    given = {"email": "guest@example.org", "role": "viewer", smuggled: "2"}
    answer = client_of(owner).post("/t/demo/people/invitations/", given)
    assert (answer.status_code, Invitation.objects.count()) == (400, 0)
    assert f"Unknown field &#x27;{smuggled}&#x27;" in answer.content.decode()


@pytest.mark.parametrize("smuggled", [*SMUGGLED, "role", "email"])
def test_who_accepts_chooses_neither_role_nor_address(team: Team, owner: User, smuggled: str) -> None:
    _, token = invite(team, "guest@example.org", Role.VIEWER, by=owner)
    given = {"name": "Guest", "password": WORDS, "again": WORDS, "address": "x", smuggled: "owner"}
    answer = Client().post(f"/invitations/{token}/", given)
    assert (answer.status_code, User.objects.filter(email="guest@example.org").count()) == (400, 0)
    assert find_invitation(token) is not None


@pytest.mark.parametrize("smuggled", SMUGGLED)
def test_a_token_is_made_for_no_other_team_and_person(
    team: Team, owner: User, client_of: ClientOf, smuggled: str
) -> None:
    given = {"name": "ci", "scopes": ["look"], "days": "1", smuggled: "2"}
    answer = client_of(owner).post("/t/demo/tokens/", given)
    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)
