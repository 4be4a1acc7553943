"""A cache of their own for tests that count guesses, and people with a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.config.embedded import Services
from tests.accounts.codes import App

PASSWORD = "three plain words 29"
SignIn = Callable[..., Client]


@pytest.fixture
def counted(services: Services) -> Iterator[None]:
    """The cache that counts guesses, empty before and after."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person(owner: User, counted: None) -> User:
    """The owner of team demo, with a password."""
    owner.set_password(PASSWORD)
    owner.save()
    return owner


@pytest.fixture
def by_password() -> SignIn:
    """A browser in which the person has given their password, and nothing else."""

    def signed_in(person: User, password: str = PASSWORD) -> Client:
        client = Client()
        client.post("/sign-in/", {"login": person.email, "password": password})
        return client

    return signed_in


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """An authenticator app; the server reads the time of codes from its clock."""
    made = App()
    monkeypatch.setattr(auth, "time", made)
    return made
