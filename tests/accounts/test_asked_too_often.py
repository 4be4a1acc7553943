"""Links, invitations and tokens are asked for only so often; who waits is let on."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import ApiToken, Invitation, Team, User
from apps.accounts.services import LINK_RATE, make_sign_in_link
from apps.common.throttles import seconds_to_wait


@pytest.fixture(autouse=True)
def nobody_has_asked() -> None:
    cache.clear()


def use_up(what: str, asker: str, rate: str) -> None:
    """Ask as often as is allowed, in this window and in the one after it, which may begin meanwhile."""
    now = time.time()
    for window in (now, now + 60):
        while not seconds_to_wait(what, asker, rate, now=window):
            pass


@pytest.mark.parametrize("address", ["/sign-in/{}/", "/invitations/{}/"])
def test_links_cannot_be_guessed_without_end(owner: User, address: str) -> None:
    use_up("link", "address-127.0.0.1", LINK_RATE)
    token = make_sign_in_link(owner)
    answer = Client().get(address.format(token))
    assert (answer.status_code, bool(answer["Retry-After"])) == (429, True)
    cache.clear()
    assert Client().get(f"/sign-in/{token}/")["Location"] == "/"


@pytest.mark.parametrize(
    ("what", "rate", "page"), [("invite", "30/m", "people/invitations"), ("tokens", "20/m", "tokens")]
)
def test_an_owner_who_runs_wild_is_stopped(
    owner: User, team: Team, client_of: Callable[[User], Client], what: str, rate: str, page: str
) -> None:
    use_up(what, f"person-{owner.pk}", rate)
    answer = client_of(owner).post(f"/t/{team.slug}/{page}/", {"email": "new@example.org", "role": "viewer"})
    assert (answer.status_code, Invitation.objects.count(), ApiToken.objects.count()) == (429, 0, 0)
