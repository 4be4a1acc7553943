"""What an operator is told whose database is not there or not migrated yet: a sentence, and what to do."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.db.utils import ConnectionHandler, OperationalError

from apps.config.command_line import what_the_database_lacks


@pytest.mark.django_db
@pytest.mark.parametrize("asks", ["SELECT 1 FROM not_yet", "SELECT not_yet FROM accounts_team"])
def test_a_database_of_another_version_is_told_to_be_migrated(asks: str) -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(asks)
    assert "Run manage.py migrate" in str(what_the_database_lacks(caught.value))


@pytest.mark.django_db
def test_a_server_that_is_not_there_is_named_with_the_setting_that_says_where() -> None:
    nowhere = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "1", "NAME": "x", "USER": "x"}
    with pytest.raises(OperationalError) as caught:
        ConnectionHandler({"default": nowhere})["default"].ensure_connection()
    sentence = str(what_the_database_lacks(caught.value))
    assert "Connection refused" in sentence
    assert "DATABASE_URL" in sentence
    assert "\n" not in sentence


@pytest.mark.django_db
def test_a_fault_of_the_command_itself_keeps_its_traceback() -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert what_the_database_lacks(caught.value) is None
