"""Services, people and a team for every test; services start only when a test asks for the database or the broker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from django.test import Client

from apps.accounts.models import Team, User
from apps.config.embedded import Services
from tests import people


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """PostgreSQL and Valkey of this test run, unless DATABASE_URL and BROKER_URL name others."""
    _remove_what_killed_runs_left()
    own: Services = settings.SERVICES
    folder = settings.BRANCHWISE.data_dir
    if own.is_empty:
        yield own
        return
    own.hold()
    yield own
    own.let_go()
    if folder.name == f"branchwise-tests-{os.getpid()}":
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: Services, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have the services up before the test database is made."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The test database as Django makes it; emptying it no longer fills Django's own tables of rights and models.

    Nobody reads them here, the roles of a team being the only rights, and writing them anew after every test that
    commits took ten times as long as emptying all tables.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture
def child_environment(services: Services, db: None) -> dict[str, str]:
    """What a child process needs in order to work on this test's database and broker (use with transactional_db)."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    key = settings.BRANCHWISE.data_dir / "secret_key"
    settings.BRANCHWISE.data_dir.mkdir(parents=True, exist_ok=True)
    key.write_text(settings.SECRET_KEY)
    database = os.environ.get("DATABASE_URL")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "apps.config.settings.test",
        "DATABASE_URL": _with_name(database, name) if database else services.postgres.url(name),
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "BRANCHWISE_DATA": str(settings.BRANCHWISE.data_dir),
        "SECRET_KEY_FILE": str(key),
    }


@pytest.fixture
def team(db: None) -> Team:
    """The team of owner and colleague."""
    return people.make_team("demo")


@pytest.fixture
def owner(team: Team) -> User:
    """May do everything in the team."""
    return people.make_owner(team)


@pytest.fixture
def colleague(team: Team) -> User:
    """May look and label in the team."""
    return people.make_colleague(team)


@pytest.fixture
def stranger(db: None) -> User:
    """May do everything, in another team only."""
    return people.make_stranger()


@pytest.fixture
def client_of(db: None) -> Callable[[User], Client]:
    """A browser's worth of cookies for a person who is signed in; CSRF is not asked of it."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def _with_name(url: str, name: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _remove_what_killed_runs_left() -> None:
    """A test run that was killed leaves its servers running; their folder is named for it."""
    for folder in settings.SCRATCH.glob("branchwise-tests-*"):
        pid = folder.name.rpartition("-")[2]
        # Each process of the tests looks, and another one may be removing it this very moment.
        with suppress(FileNotFoundError):
            if pid.isdigit() and not psutil.pid_exists(int(pid)) and Services(folder).stop_if_abandoned():
                shutil.rmtree(folder, ignore_errors=True)
