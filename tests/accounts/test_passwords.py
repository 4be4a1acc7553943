"""A password of one's own: set after a link, changed, reset by letter, and honest words where no letter can be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services import consume_sign_in_link, make_sign_in_link
from apps.config.settings import sign_in
from tests.accounts.conftest import PASSWORD, SignIn

NEW = "four other words 31"
ClientOf = Callable[[User], Client]


@pytest.fixture
def letters(settings: object) -> None:
    """A server that sends letters; the tests read them."""
    settings.EMAIL_HOST = "mail.example.org"  # type: ignore[attr-defined]
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True  # type: ignore[attr-defined]


def test_who_came_by_a_link_sets_a_password_and_comes_back_with_it(
    owner: User, counted: None, by_password: SignIn
) -> None:
    client = Client()
    client.get(f"/sign-in/{make_sign_in_link(owner)}/")
    assert "none: you come in by one-time links" in client.get("/profile/").content.decode()
    answer = client.post("/account/password/set/", {"password1": NEW, "password2": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert client.get("/account/password/set/")["Location"] == "/account/password/change/"
    assert by_password(owner, NEW).get("/profile/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "again", "told"),
    [
        ("short", "short", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        ("owner@example.org", "owner@example.org", "too similar"),
        (NEW, NEW + "x", "same password each time"),
    ],
)
def test_a_weak_or_mistyped_password_is_told_beside_its_field(
    owner: User, counted: None, client_of: ClientOf, typed: str, again: str, told: str
) -> None:
    page = client_of(owner).post("/account/password/set/", {"password1": typed, "password2": again}).content.decode()
    assert told in page
    assert 'aria-invalid="true"' in page
    owner.refresh_from_db()
    assert not owner.has_usable_password()


def test_a_change_wants_the_present_one_and_ends_sessions_and_links_elsewhere(
    person: User, by_password: SignIn
) -> None:
    here, elsewhere, link = by_password(person), by_password(person), make_sign_in_link(person)
    data = {"oldpassword": "wrong words 1234", "password1": NEW, "password2": NEW}
    assert "not your present password" in here.post("/account/password/change/", data).content.decode()
    assert here.post("/account/password/change/", {**data, "oldpassword": PASSWORD})["Location"] == "/profile/"
    assert (here.get("/profile/").status_code, elsewhere.get("/profile/").status_code) == (200, 302)
    assert consume_sign_in_link(link) is None
    assert by_password(person, PASSWORD).get("/profile/").status_code == 302


def test_without_a_mail_server_the_page_says_who_helps_and_no_letter_is_promised(person: User) -> None:
    page = Client().get("/account/password/reset/").content.decode()
    assert "sends no letters" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    answer = Client().post("/account/password/reset/", {"email": person.email})
    assert answer.status_code == 409
    assert "No letter was sent" in answer.content.decode()
    assert mail.outbox == []


def test_an_operator_helps_who_forgot_it_by_a_link_that_leads_to_a_new_one(person: User, by_password: SignIn) -> None:
    elsewhere, out = by_password(person), StringIO()
    call_command("sign_in_link", person.email, "--new-password", "--address", "http://testserver", stdout=out)
    assert elsewhere.get("/profile/").status_code == 302
    assert by_password(person).get("/profile/").status_code == 302
    client = Client()
    page = client.get(out.getvalue().strip().removeprefix("http://testserver"))["Location"]
    assert page == "/account/password/set/"
    client.post(page, {"password1": NEW, "password2": NEW})
    assert by_password(person, NEW).get("/profile/").status_code == 200


@pytest.mark.usefixtures("letters")
def test_a_letter_leads_to_a_new_password_once(person: User, by_password: SignIn) -> None:
    elsewhere = by_password(person)
    client = Client()
    assert (
        client.post("/account/password/reset/", {"email": person.email})["Location"] == "/account/password/reset/done/"
    )
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "Branchwise: A link to set a new password")
    link = re.search(r"http://testserver(\S+)", str(letter.body))
    assert link is not None
    form = client.get(link[1])["Location"]
    assert "set-password" in form
    assert client.post(form, {"password1": NEW, "password2": NEW})["Location"] == "/account/password/reset/key/done/"
    assert by_password(person, NEW).get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert "no longer works" in Client().get(link[1]).content.decode()
    assert mail.outbox[1].subject == "Branchwise: Your password was reset by a link that was sent to this address."


@pytest.mark.usefixtures("letters")
def test_an_unknown_address_is_answered_the_same_and_gets_no_letter(person: User) -> None:
    known = Client().post("/account/password/reset/", {"email": person.email})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("letters")
def test_a_mail_server_that_is_away_is_told_alike_for_known_and_unknown(person: User, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    for address in (person.email, "nobody@example.org"):
        answer = Client().post("/account/password/reset/", {"email": address})
        assert answer.status_code == 503
        assert "mail server did not take it" in answer.content.decode()


def test_without_an_address_of_a_mail_server_the_settings_send_nothing() -> None:
    assert (sign_in.letters("")["EMAIL_HOST"], sign_in.ACCOUNT_EMAIL_NOTIFICATIONS) == ("", False)
