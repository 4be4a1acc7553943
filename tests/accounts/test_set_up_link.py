"""The first team of a deployment and its owner: made together, by a link that leads to setting a password."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import Membership, Team, User
from apps.problems.models import ProblemSet
from tests.accounts.conftest import SignIn

NEW = "four other words 31"


def set_up(*words: str) -> dict[str, str]:
    """What the command prints, as a program reads it."""
    out = StringIO()
    call_command("set_up_link", *words, "--json", "--address", "https://bw.example.org/", stdout=out)
    printed: dict[str, str] = json.loads(out.getvalue())
    return printed


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_the_owner_sets_a_password_by_the_link_and_has_the_team(by_password: SignIn) -> None:
    printed = set_up("Ada@Example.org", "--team", "lab", "--name", "Ada", "--team-name", "The lab")
    assert printed["set_up_link"].startswith("https://bw.example.org/sign-in/")
    owner = User.objects.get(email="ada@example.org")
    place = Membership.objects.get(user=owner)
    assert (owner.name, owner.has_usable_password(), place.role, place.team.name) == ("Ada", False, "owner", "The lab")
    client = Client()
    answer = client.get(printed["set_up_link"].removeprefix("https://bw.example.org"))
    assert answer["Location"] == "/account/password/set/"
    client.post(answer["Location"], {"password1": NEW, "password2": NEW})
    assert by_password(owner, NEW).get("/")["Location"] == "/t/lab/experiments/"


def test_a_known_person_is_refused_with_what_to_do(owner: User) -> None:
    with pytest.raises(CommandError, match=f"sign_in_link {owner.email}"):
        set_up(owner.email, "--team", "lab")
    assert not Team.objects.filter(slug="lab").exists()


def test_a_team_that_has_an_owner_gets_no_second_this_way(owner: User) -> None:
    with pytest.raises(CommandError, match="has an owner, who invites people"):
        set_up("ada@example.org", "--team", "demo")
    assert not User.objects.filter(email="ada@example.org").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ada@example.org", "--team", "a lab"], "Expected a slug"),
        (["ada", "--team", "lab"], "Expected an e-mail address"),
        (["ada@example.org", "--team", "l" * 51], "at most 50 characters"),
        (["ada@example.org", "--team", "lab", "--name", "a" * 101], "at most 100 characters"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(words: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        set_up(*words)
    assert (User.objects.count(), Team.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_deployment_prints_the_link_under_its_own_name(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://bw.example.org"]
    out = StringIO()
    call_command("set_up_link", "ada@example.org", "--team", "lab", stdout=out)
    assert out.getvalue().startswith("https://bw.example.org/sign-in/")


@pytest.mark.django_db
def test_the_shipped_problem_sets_come_along_where_they_are_asked_for() -> None:
    set_up("ada@example.org", "--team", "bare")
    set_up("eve@example.org", "--team", "lab", "--with-problems")
    counts = {one.slug: one.problems.count() for one in ProblemSet.objects.filter(team__slug="lab")}
    assert counts == {"puzzle-train": 1400, "puzzle-heldout": 420, "game24": 100}
    assert not ProblemSet.objects.filter(team__slug="bare").exists()
