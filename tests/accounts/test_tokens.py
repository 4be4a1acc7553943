"""API tokens: shown once, ended by time, by hand or with their person; what is wrong with one is not told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import ApiToken, Team, User
from apps.accounts.tokens import SCOPES, make_token, read_token, withdraw_token
from apps.common.errors import Refused
from tests import people


def made(team: Team, by: User, *scopes: str, days: int = 90) -> str:
    return "Bearer " + make_token(team, name="script", scopes=scopes or ["look"], days=days, by=by)[1]


def test_it_is_read_and_its_use_noted_once_a_minute(team: Team, owner: User) -> None:
    header, start = made(team, owner), timezone.now()
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        assert read_token(header, now=start + timedelta(seconds=seconds)) is not None
        assert ApiToken.objects.get().last_used_at == start + timedelta(seconds=noted)


def test_the_token_itself_is_not_kept_but_its_prefix_is(team: Team, owner: User) -> None:
    header = made(team, owner)
    token = header.removeprefix("Bearer ")
    row = ApiToken.objects.get()
    assert token.startswith(f"bw_{row.prefix}_")
    assert all(token[12:] not in str(value) for value in vars(row).values())
    assert len(token[12:]) == 43


def test_it_expires_to_the_second(team: Team, owner: User) -> None:
    header = made(team, owner, days=1)
    end = ApiToken.objects.get().expires_at
    assert read_token(header, now=end - timedelta(seconds=1)) is not None
    assert read_token(header, now=end) is None


def test_a_withdrawn_one_is_read_no_more_and_withdrawing_twice_keeps_the_time(team: Team, owner: User) -> None:
    header = made(team, owner)
    row = ApiToken.objects.get()
    withdraw_token(team, row.pk)
    row.refresh_from_db()
    first = row.withdrawn_at
    withdraw_token(team, row.pk)
    row.refresh_from_db()
    assert row.withdrawn_at == first
    assert read_token(header) is None


def test_it_ends_with_its_person(team: Team, owner: User) -> None:
    header = made(team, owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert read_token(header) is None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer bw_00000000_" + "A" * 43,
        "Bearer bw_00000000_" + "A" * 100_000,
        "Bearer bw_00000000_" + "é" * 43,
        "Bearer bw_00000000_" + "A" * 43 + "\n",
        "Basic b3duZXI6b3duZXI=",
        "Token bw_00000000_" + "A" * 43,
    ],
)
@pytest.mark.django_db
def test_every_other_header_is_none(header: str) -> None:
    assert read_token(header) is None


def test_the_first_part_of_one_token_does_not_go_with_the_rest_of_another(team: Team, owner: User) -> None:
    first, second = made(team, owner), made(team, owner)
    assert read_token(first[:19] + second[19:]) is None
    assert read_token(first[:-1] + ("A" if first[-1] != "A" else "B")) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["look"], 90, "name"),
        ("x" * 101, ["look"], 90, "name"),
        ("script", [], 90, "scopes"),
        ("script", ["look", "people"], 90, "scopes"),
        ("script", ["tokens"], 90, "scopes"),
        ("script", ["everything"], 90, "scopes"),
        ("script", ["look"], 0, "days"),
        ("script", ["look"], 366, "days"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    team: Team, owner: User, name: str, scopes: list[str], days: int, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        make_token(team, name=name, scopes=scopes, days=days, by=owner)
    assert set(refused.value.fields) == {field}
    assert not ApiToken.objects.exists()


def test_nobody_makes_one_with_a_right_they_do_not_have(team: Team, colleague: User) -> None:
    with pytest.raises(PermissionDenied, match="launch"):
        make_token(team, name="script", scopes=["look", "launch"], days=1, by=colleague)


def test_another_teams_token_cannot_be_withdrawn(team: Team, owner: User) -> None:
    header = made(team, owner)
    with pytest.raises(Http404):
        withdraw_token(people.make_team("elsewhere"), ApiToken.objects.get().pk)
    assert read_token(header) is not None


def test_scopes_are_the_rights_that_have_an_api() -> None:
    assert set(SCOPES) == {
        "look",
        "comment",
        "label",
        "launch",
        "import",
        "freeze",
        "settle",
        "export",
        "assign",
        "guide",
    }
