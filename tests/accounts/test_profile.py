"""The profile: what a person sets for themself, what is refused, and that nobody sets it for another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory

from apps.accounts.forms import TIME_ZONES
from apps.accounts.middleware import TimeZoneMiddleware
from apps.accounts.models import Membership, Role, Team, User
from apps.common.templatetags.format import ago
from tests.accounts.conftest import PASSWORD, SignIn

ClientOf = Callable[[User], Client]
SENT = {"name": "Ada", "theme": "dark", "time_zone": "Europe/Berlin"}


def test_name_theme_and_time_zone_are_kept(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    answer = client.post("/profile/", SENT)
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    owner.refresh_from_db()
    assert (owner.name, owner.theme, owner.time_zone) == ("Ada", "dark", "Europe/Berlin")
    page = client.get("/profile/").content.decode()
    assert 'data-theme="dark"' in page
    assert '<option value="Europe/Berlin" selected>' in page


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "x" * 101, "at most 100 characters"),
        ("theme", "pink", "Select a valid choice"),
        ("time_zone", "Europe/Atlantis", "Select a valid choice"),
        ("time_zone", "../../etc/passwd", "Select a valid choice"),
        ("email", "other@example.org", "Unknown field &#x27;email&#x27;"),
        ("is_active", "0", "Unknown field &#x27;is_active&#x27;"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    owner: User, client_of: ClientOf, field: str, value: str, told: str
) -> None:
    answer = client_of(owner).post("/profile/", {**SENT, field: value})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert field == "name" or 'value="Ada"' in page
    before = (owner.name, owner.theme, owner.email)
    owner.refresh_from_db()
    assert (owner.name, owner.theme, owner.email) == before


def test_the_theme_comes_along_to_another_browser(person: User, by_password: SignIn, client_of: ClientOf) -> None:
    client_of(person).post("/profile/theme/", {"theme": "dark"})
    assert by_password(person).cookies["theme"].value == "dark"


def test_the_button_in_the_bar_keeps_a_theme_and_nothing_else(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    assert client.post("/profile/theme/", {"theme": "dark"}).status_code == 204
    assert client.post("/profile/theme/", {"theme": "pink"}).status_code == 400
    assert client.post("/profile/theme/", {"theme": "light", "name": "Eve"}).status_code == 400
    owner.refresh_from_db()
    assert (owner.theme, owner.name) == ("dark", "owner")


def test_exact_times_are_in_the_readers_zone(owner: User) -> None:
    owner.time_zone = "Asia/Kolkata"
    request = RequestFactory().get("/")
    request.user = owner
    said: list[str] = []
    moment = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    TimeZoneMiddleware(lambda request: said.append(ago(moment)))(request)  # type: ignore[arg-type, func-returns-value]
    assert 'title="2026-11-23 01:30:00 IST"' in said[0]
    assert 'title="2026-11-22 20:00:00 UTC"' in ago(moment)


def test_a_zone_that_is_gone_from_the_machine_counts_as_utc(owner: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Mars/Olympus")
    assert client_of(owner).get("/profile/").status_code == 200


def test_zones_are_places_and_utc() -> None:
    assert {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"} <= TIME_ZONES
    assert not {"EST", "Etc/GMT+3", "posixrules"} & TIME_ZONES


def test_the_profile_names_the_persons_teams_and_roles(
    team: Team, owner: User, colleague: User, stranger: User, client_of: ClientOf
) -> None:
    page = client_of(colleague).get("/profile/").content.decode()
    assert ">Demo</a></td><td>annotator<" in page
    assert "Elsewhere" not in page


def test_the_profile_asks_as_often_with_a_thousand_teams_as_with_ten(
    owner: User, client_of: ClientOf, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    client = client_of(owner)
    for first, last in ((0, 9), (9, 999)):
        teams = Team.objects.bulk_create(Team(slug=f"t{n}", name=f"Team {n}") for n in range(first, last))
        Membership.objects.bulk_create(Membership(team=team, user=owner, role=Role.VIEWER) for team in teams)
        # Session, person, teams, factors.
        with django_assert_num_queries(4):
            assert f"Team {last - 1}" in client.get("/profile/").content.decode()


def test_signing_out_elsewhere_ends_every_session_but_this_one(person: User, by_password: SignIn) -> None:
    here, elsewhere = by_password(person), by_password(person)
    key = here.session.session_key
    assert here.post("/profile/sessions/")["Location"] == "/profile/"
    assert (here.get("/profile/").status_code, elsewhere.get("/profile/").status_code) == (200, 302)
    assert here.session.session_key != key


@pytest.mark.parametrize("address", ["/profile/", "/profile/keys/", "/profile/theme/", "/profile/sessions/"])
def test_nobody_who_is_not_signed_in_has_a_profile(db: None, address: str) -> None:
    assert Client().post(address)["Location"] == f"/sign-in/?next={address}"


def test_a_change_wants_the_token_of_the_page(person: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.get("/sign-in/")
    token = careful.cookies["csrftoken"].value
    careful.post("/sign-in/", {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token})
    assert careful.post("/profile/", SENT).status_code == 403
