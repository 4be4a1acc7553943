"""The second factor: on, asked for on every way in, recovered from once a code, off again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services import make_sign_in_link
from tests.accounts.codes import App, code_at, switch_on
from tests.accounts.conftest import PASSWORD, SignIn

CODE_PAGE = "/account/second-factor/code/"


@dataclass
class Factor:
    """A person's second factor: the app that shows its codes, its secret, its recovery codes."""

    app: App
    secret: str
    recovery: list[str]

    def code(self) -> str:
        return self.app.code(self.secret)


@pytest.fixture
def factor(person: User, by_password: SignIn, app: App) -> Factor:
    """The person's second factor, switched on."""
    return Factor(app, *switch_on(by_password(person), app, PASSWORD))


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_rfc_6238s_own_example_holds() -> None:
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59) == "287082"


def test_a_password_alone_is_not_enough_any_more(person: User, by_password: SignIn, factor: Factor) -> None:
    client = by_password(person)
    assert not is_in(client)
    assert "the code of your second factor" in client.get(CODE_PAGE).content.decode()
    assert "not valid now" in client.post(CODE_PAGE, {"code": "000000"}).content.decode()
    assert not is_in(client)
    client.post(CODE_PAGE, {"code": factor.code()})
    assert is_in(client)


def test_a_link_alone_is_not_enough_either(person: User, factor: Factor) -> None:
    client = Client()
    assert client.get(f"/sign-in/{make_sign_in_link(person)}/?next=/profile/")["Location"] == CODE_PAGE
    assert not is_in(client)
    assert client.post(CODE_PAGE, {"code": factor.code()})["Location"] == "/profile/"
    assert is_in(client)


def test_a_code_is_taken_once(person: User, by_password: SignIn, factor: Factor) -> None:
    code = factor.code()
    first, second = by_password(person), by_password(person)
    first.post(CODE_PAGE, {"code": code})
    second.post(CODE_PAGE, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_recovery_code_is_taken_once(person: User, by_password: SignIn, factor: Factor) -> None:
    code = factor.recovery[3]
    first, second = by_password(person), by_password(person)
    first.post(CODE_PAGE, {"code": code})
    second.post(CODE_PAGE, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "9 left" in first.get("/profile/").content.decode()


def test_guessing_codes_ends_after_five(person: User, by_password: SignIn, factor: Factor) -> None:
    client = by_password(person)
    for _ in range(6):
        answer = client.post(CODE_PAGE, {"code": "000000"})
    assert "Wait five minutes" in answer.content.decode()
    client.post(CODE_PAGE, {"code": factor.code()})
    assert not is_in(client)


def test_the_page_of_codes_is_nothing_without_a_password_before_it(db: None) -> None:
    assert Client().get(CODE_PAGE)["Location"] == "/sign-in/"


# What ends the others happens on commit, so this one needs a real one.
@pytest.mark.django_db(transaction=True)
def test_switching_it_on_ends_every_other_session(person: User, by_password: SignIn, app: App) -> None:
    here, elsewhere = by_password(person), by_password(person)
    key = here.session.session_key
    switch_on(here, app, PASSWORD)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert here.session.session_key != key


def test_recovery_codes_are_shown_once_and_new_ones_void_the_old(
    person: User, by_password: SignIn, factor: Factor
) -> None:
    client = by_password(person)
    client.post(CODE_PAGE, {"code": factor.code()})
    client.post("/account/confirm/", {"password": PASSWORD})
    page = client.get("/account/second-factor/recovery/").content.decode()
    assert "10 of 10 are left" in page
    assert not any(code in page for code in factor.recovery)
    new = client.post("/account/second-factor/recovery/new/", follow=True).content.decode()
    assert "shown this once" in new
    other = by_password(person)
    other.post(CODE_PAGE, {"code": factor.recovery[0]})
    assert not is_in(other)


def test_switching_it_off_asks_for_the_password_and_voids_the_codes(
    person: User, by_password: SignIn, factor: Factor
) -> None:
    client = by_password(person)
    client.post(CODE_PAGE, {"code": factor.code()})
    asked = client.post("/account/second-factor/off/")
    assert asked["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.filter(user=person).count() == 2
    key = client.session.session_key
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.session.session_key != key
    client.post("/account/second-factor/off/")
    assert not Authenticator.objects.filter(user=person).exists()
    assert is_in(client)
    assert is_in(by_password(person))


def test_the_secret_does_not_stand_in_the_database(person: User, factor: Factor) -> None:
    kept = json.dumps(list(Authenticator.objects.filter(user=person).values_list("data", flat=True)))
    assert factor.secret not in kept


def test_an_operator_can_switch_it_off_for_who_lost_everything(person: User, factor: Factor) -> None:
    out = StringIO()
    call_command("sign_in_link", person.email, "--second-factor-off", "--address", "http://testserver", stdout=out)
    client = Client()
    client.get(out.getvalue().strip().removeprefix("http://testserver"))
    assert is_in(client)


def test_it_outlives_another_secret_key_as_long_as_the_old_one_is_kept(
    person: User, by_password: SignIn, factor: Factor, settings: object
) -> None:
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [old]  # type: ignore[attr-defined]
    client = by_password(person)
    client.post(CODE_PAGE, {"code": factor.code()})
    assert is_in(client)
