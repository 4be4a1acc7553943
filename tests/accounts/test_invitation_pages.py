"""The page behind an invitation's link: who may accept there, and that nobody else learns anything."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.invitations import accept, find_invitation, invite, withdraw_invitation
from apps.accounts.models import Invitation, Membership, Role, Team, User

ClientOf = Callable[[User], Client]
NEW = {"name": "Guest", "password": "four words in a row", "again": "four words in a row"}


@pytest.fixture
def guest(db: None) -> User:
    return User.objects.create_user("guest@example.org", "Guest")


@pytest.fixture
def link(team: Team, owner: User) -> str:
    return f"/invitations/{invite(team, 'guest@example.org', Role.REVIEWER, by=owner)[1]}/"


def token_of(link: str) -> str:
    return link.split("/")[2]


def test_somebody_new_sets_a_name_and_a_password_and_is_in(link: str, team: Team) -> None:
    client = Client()
    page = client.get(link).content.decode()
    assert "guest@example.org" in page
    assert "as reviewer" in page
    client.get("/sign-in/")
    answer = client.post(link, NEW)
    assert answer["Location"] == "/t/demo/experiments/"
    person = User.objects.get(email="guest@example.org")
    assert (person.name, person.check_password(NEW["password"])) == ("Guest", True)
    assert "Welcome to Demo. Your role is reviewer." in client.get("/t/demo/datasets/").content.decode()


def test_looking_uses_nothing_up_however_often(link: str, guest: User, client_of: ClientOf) -> None:
    for client in (Client(), client_of(guest)):
        for method in ("GET", "HEAD", "GET"):
            assert client.generic(method, link).status_code == 200
    assert find_invitation(token_of(link)) is not None


def test_who_is_signed_in_as_that_address_accepts_and_goes_on_under_another_key(
    link: str, guest: User, team: Team, client_of: ClientOf
) -> None:
    client = client_of(guest)
    before = client.session.session_key
    assert client.post(link)["Location"] == "/t/demo/experiments/"
    assert Membership.objects.get(user=guest).role == Role.REVIEWER
    assert client.session.session_key != before
    assert client.post(link).status_code == 410


def test_who_is_signed_in_as_somebody_else_is_told_so_and_nothing_is_used_up(
    link: str, stranger: User, team: Team, client_of: ClientOf
) -> None:
    client = client_of(stranger)
    assert "You are signed in as stranger@example.org" in client.get(link).content.decode()
    assert client.post(link, NEW).status_code == 403
    assert not Membership.objects.filter(team=team, user=stranger).exists()
    assert find_invitation(token_of(link)) is not None


def test_who_has_an_account_is_led_to_sign_in_and_back_and_gets_no_other_password(link: str, guest: User) -> None:
    client = Client()
    assert "You have an account with this address" in client.get(link).content.decode()
    answer = client.post(link, NEW)
    assert unquote(answer["Location"]) == f"/sign-in/?next={link}"
    guest.refresh_from_db()
    assert not guest.has_usable_password()
    assert find_invitation(token_of(link)) is not None


def test_every_link_that_is_not_open_looks_the_same(team: Team, owner: User, guest: User) -> None:
    def invited() -> tuple[Invitation, str]:
        return invite(team, guest.email, Role.VIEWER, by=owner)

    _, replaced = invited()
    made, withdrawn = invited()
    withdraw_invitation(team, made.pk)
    made, expired = invited()
    Invitation.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    _, used = invited()
    accept(used, guest)
    pages = set()
    for token in ("nobody-was-given-this", replaced, withdrawn, expired, used):
        for answer in (Client().get(f"/invitations/{token}/"), Client().post(f"/invitations/{token}/", NEW)):
            assert (answer.status_code, answer["Referrer-Policy"]) == (410, "strict-origin")
            changing = (answer.context["request"].csp_nonce, answer.context["csrf_token"])
            pages.add(re.sub("|".join(re.escape(str(each)) for each in changing), "", answer.content.decode()))
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"again": "four words in a line"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "q1w2e3r4t5y6", "again": "q1w2e3r4t5y6"}, "too common"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": " "}, "This field is required"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_used_up(
    link: str, given: dict[str, str], words: str
) -> None:
    answer = Client().post(link, NEW | given)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not User.objects.filter(email="guest@example.org").exists()
    assert find_invitation(token_of(link)) is not None


def test_the_link_is_kept_by_no_cache_and_told_to_no_other_page(link: str) -> None:
    answer = Client().get(link)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]


def test_neither_token_nor_password_is_in_the_log(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("apps.accounts.invitation_views.accept_as_new", broken)
    said = io.StringIO()
    (ours,) = [each for each in logging.getLogger().handlers if each.filters]
    monkeypatch.setattr(ours, "stream", said)
    assert Client(raise_request_exception=False).post(link, NEW).status_code == 500
    assert Client(enforce_csrf_checks=True).post(link, NEW).status_code == 403
    assert "a fault of ours" in said.getvalue()
    assert "Internal Server Error: /invitations/…/" in said.getvalue()
    assert "CSRF cookie not set.): /invitations/…/" in said.getvalue()
    assert token_of(link) not in said.getvalue()
    assert NEW["password"] not in said.getvalue()
