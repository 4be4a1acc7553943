"""Signing in by e-mail and password: who gets in, who does not, and what each is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from apps.accounts.models import Team, User
from apps.accounts.services import make_sign_in_link
from apps.config.settings import sign_in
from tests.accounts.conftest import PASSWORD, SignIn

ClientOf = Callable[[User], Client]


def test_e_mail_and_password_lead_home(person: User, team: Team) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"login": " OWNER@example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == f"/t/{team.slug}/experiments/"
    assert client.get("/sign-in/")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(person: User) -> None:
    def told(login: str) -> str:
        answer = Client().post("/sign-in/", {"login": login, "password": "wrong words 1234"})
        assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (200, False)
        return re.sub(r'(?:value|nonce|content)="[^"]*"', "", answer.content.decode())

    assert "do not belong together" in told(person.email)
    assert told(person.email) == told("nobody@example.org")


def test_a_person_without_a_password_has_none_to_guess(owner: User, counted: None) -> None:
    for password in ("", "!", owner.password):
        Client().post("/sign-in/", {"login": owner.email, "password": password})
    assert not Client().post("/sign-in/", {"login": owner.email, "password": owner.password}).wsgi_request.user.pk


def test_five_wrong_passwords_make_an_address_wait_even_with_the_right_one(person: User, colleague: User) -> None:
    colleague.set_password(PASSWORD)
    colleague.save()
    client = Client()
    for _ in range(5):
        client.post("/sign-in/", {"login": person.email, "password": "wrong words 1234"})
    answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert "Wait five minutes" in answer.content.decode()
    assert client.post("/sign-in/", {"login": colleague.email, "password": PASSWORD}).status_code == 302


def test_too_many_attempts_from_one_place_are_answered_429(person: User) -> None:
    client = Client()
    statuses = {client.post("/sign-in/", {"login": f"a{n}@example.org", "password": ""}).status_code for n in range(30)}
    answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert (statuses, answer.status_code) == ({200}, 429)
    assert "<h1>One moment</h1>" in answer.content.decode()


def test_while_nothing_can_be_counted_no_password_is_taken_but_a_link_is(
    person: User, team: Team, settings: object
) -> None:
    away = {"BACKEND": "apps.common.counting_cache.CountingCache", "LOCATION": "redis://127.0.0.1:9/1"}
    settings.CACHES = {"default": away}  # type: ignore[attr-defined]
    client = Client()
    answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert "attempts cannot be counted" in answer.content.decode()
    assert client.get(f"/sign-in/{make_sign_in_link(person)}/")["Location"] == "/"
    assert client.get("/")["Location"] == f"/t/{team.slug}/experiments/"


def test_an_account_that_is_switched_off_is_told_so_only_with_its_password(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    right = Client().post("/sign-in/", {"login": person.email, "password": PASSWORD})
    wrong = Client().post("/sign-in/", {"login": person.email, "password": "wrong words 1234"})
    assert (right.status_code, wrong.status_code) == (403, 200)
    assert "switched off" in right.content.decode()
    assert "switched off" not in wrong.content.decode()
    assert not right.wsgi_request.user.is_authenticated


def test_an_account_that_is_switched_off_is_signed_out_at_its_next_request(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/sign-in/"


def test_one_comes_to_the_page_one_asked_for(person: User, team: Team) -> None:
    client, wanted = Client(), f"/t/{team.slug}/datasets/"
    page = client.get("/sign-in/", {"next": wanted}).content.decode()
    assert f'<input type="hidden" name="next" value="{wanted}">' in page
    data = {"login": person.email, "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in/", data)["Location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "https://localhost/", "/\\evil.example"],
)
def test_one_comes_to_no_other_site(person: User, elsewhere: str) -> None:
    data = {"login": person.email, "password": PASSWORD, "next": elsewhere}
    assert Client().post("/sign-in/", data)["Location"] == "/"


def test_the_key_of_the_session_changes_at_sign_in(person: User) -> None:
    client = Client()
    client.get("/sign-in/", {"next": "/profile/"})
    before = client.session.session_key
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert client.session.session_key not in (None, before)


def test_a_link_signs_out_whoever_was_there(person: User, colleague: User, by_password: SignIn) -> None:
    client = by_password(person)
    client.get(f"/sign-in/{make_sign_in_link(colleague, valid_for=timedelta(minutes=1))}/")
    assert client.get("/profile/").wsgi_request.user == colleague


def test_passwords_are_hashed_by_argon2(person: User) -> None:
    assert identify_hasher(person.password).algorithm == "argon2"
    # Tests make do with a cheap one; people's passwords cost what Django asks of Argon2.
    assert sign_in.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.mark.parametrize("address", ["/account/signup/", "/account/login/", "/account/email/", "/accounts/signup/"])
@pytest.mark.django_db
def test_nobody_registers_by_themself(address: str) -> None:
    assert Client().get(address).status_code == 404
    assert Client().post(address, {"email": "new@example.org", "password1": PASSWORD}).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_a_field_nobody_knows_is_refused_by_name(person: User) -> None:
    data = {"login": person.email, "password": PASSWORD, "is_active": "1"}
    assert "Unknown field &#x27;is_active&#x27;" in Client().post("/sign-in/", data).content.decode()


def test_no_header_turns_a_page_into_json(person: User) -> None:
    answer = Client().post(
        "/sign-in/", {"login": person.email, "password": "wrong"}, headers={"Accept": "application/json"}
    )
    assert answer["Content-Type"].startswith("text/html")


def test_the_late_answer_to_an_ended_session_takes_no_cookie_from_the_next(
    owner: User, team: Team, client_of: ClientOf
) -> None:
    client = client_of(owner)
    Session.objects.all().delete()
    late = client.get(f"/t/{team.slug}/experiments/")
    assert late.status_code == 302
    assert settings.SESSION_COOKIE_NAME not in late.cookies


def test_who_signs_out_has_no_cookie_left(owner: User, client_of: ClientOf) -> None:
    cookie = client_of(owner).post("/sign-out/").cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"]) == ("", 0)
