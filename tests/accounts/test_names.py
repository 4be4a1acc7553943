"""Nobody's name breaks the line it stands in or turns its direction, wherever it is typed; all scripts are taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.invitations import invite
from apps.accounts.models import ApiToken, Role, Team, User

ClientOf = Callable[[User], Client]
WORDS = "four other words 31"
MISLEADING = ["A\nB", "A\r\nB", "A\x7fB", "A\x85B", "A\u202eB", "A\u2066B", "A\u2028B"]
HONEST = ["Ada Lovelace", "نور", "李小龍", "Zoë O'Neil-Ő", "👩\u200d💻 Ada", "א\u200fב"]


@pytest.mark.parametrize("name", MISLEADING)
def test_a_misleading_name_is_refused_wherever_it_is_typed(
    team: Team, owner: User, client_of: ClientOf, name: str
) -> None:
    client, before = client_of(owner), owner.name
    _, link = invite(team, "guest@example.org", Role.VIEWER, by=owner)
    given = {"name": name, "password": WORDS, "again": WORDS}
    answers = [
        client.post("/profile/", {"name": name, "theme": "light", "time_zone": "UTC"}),
        client.post("/t/demo/tokens/", {"name": name, "scopes": ["look"], "days": "1"}),
        Client().post(f"/invitations/{link}/", given),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all("character 2 is U+" in answer.content.decode() for answer in answers)
    owner.refresh_from_db()
    assert (owner.name, ApiToken.objects.count(), User.objects.filter(email="guest@example.org").count()) == (
        before,
        0,
        0,
    )


@pytest.mark.parametrize("name", HONEST)
def test_every_script_is_taken(owner: User, client_of: ClientOf, name: str) -> None:
    client_of(owner).post("/profile/", {"name": name, "theme": "light", "time_zone": "UTC"})
    owner.refresh_from_db()
    assert owner.name == name
