"""A database that is away for the moment is told with when to ask again; a fault of ours stays one."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import RequestFactory

from apps.common.database_away import is_database_away
from apps.common.refusals import broken

NOWHERE = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "1", "NAME": "x", "USER": "x"}


def answered(rf: RequestFactory) -> HttpResponse:
    """What the API answers while no server listens where the database should be."""
    try:
        ConnectionHandler({"default": NOWHERE})["default"].ensure_connection()
    except DatabaseError:
        return broken(rf.get("/api/t/demo/runs/1/labels"))
    raise AssertionError("a server listens on port 1")


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_bug_and_says_when_to_ask_again(rf: RequestFactory) -> None:
    answer = answered(rf)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert json.loads(answer.content)["error"]["code"] == "away"


def test_another_bug_is_a_bug(rf: RequestFactory) -> None:
    assert broken(rf.get("/api/t/demo/runs/1/labels")).status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ends_is_a_database_that_is_away() -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert is_database_away(caught.value)


@pytest.mark.django_db(transaction=True)
def test_a_question_the_database_refuses_is_no_database_that_is_away() -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(5)")
    connection.close()
    assert not is_database_away(caught.value)
