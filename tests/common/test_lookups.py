"""A row that is looked up is the row that a query set finds, in one query that the database plans once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import ApiToken, Labeller, Membership, Team, User
from apps.common.lookups import Lookup

MEMBERSHIP = Lookup(Membership, joined=("team", "user"))


def test_it_is_the_row_that_a_query_set_finds_with_those_it_points_to(team: Team, owner: User) -> None:
    owner.keys = {"changed": {"j": "n"}}
    owner.save()
    found = MEMBERSHIP.first(team__slug=team.slug, user=owner.pk)
    expected = Membership.objects.select_related("team", "user").get(team=team, user=owner)
    assert found is not None
    assert _values(found) == _values(expected)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert _values(found.team) == _values(expected.team)
        assert _values(found.user) == _values(expected.user)
    assert len(asked) == 0


def test_where_there_is_none_it_is_none(team: Team, owner: User, stranger: User) -> None:
    assert MEMBERSHIP.first(team__slug=team.slug, user=stranger.pk) is None
    assert MEMBERSHIP.first(team__slug="nowhere", user=owner.pk) is None


def test_what_was_found_is_saved_as_any_row_is(team: Team, owner: User) -> None:
    found = Lookup(User).first(id=owner.pk)
    assert found is not None
    found.name = "Another"
    found.save()
    assert User.objects.get(pk=owner.pk).name == "Another"


def test_what_a_field_is_greater_than_is_a_condition_too(team: Team, owner: User) -> None:
    people = Lookup(User)
    assert people.first(id=owner.pk, created_at__gt=owner.created_at - timedelta(days=1)) == owner
    assert people.first(id=owner.pk, created_at__gt=owner.created_at) is None


def test_a_field_that_is_not_there_is_refused_by_name(db: None) -> None:
    with pytest.raises(FieldDoesNotExist, match="colour"):
        Lookup(User).first(colour="red")


def test_it_is_one_query_and_is_counted(team: Team, owner: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        MEMBERSHIP.first(team__slug=team.slug, user=owner.pk)
    assert len(asked) == 1


def test_a_connection_has_it_planned_once_it_was_asked_often(team: Team, owner: User) -> None:
    for _ in range(6):
        MEMBERSHIP.first(team__slug=team.slug, user=owner.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%accounts_membership%'")
        assert cursor.fetchone() == (1,)


def test_a_key_that_may_be_null_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="never null"):
        Lookup(Labeller, joined=("user",)).first(id=1)


def test_a_field_that_is_no_key_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="foreign keys of ApiToken"):
        Lookup(ApiToken, joined=("name",)).first(id=1)


def _values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
